"""The city's settings, read where they are used by name."""

from pathlib import Path

from flask_babel import get_locale
from lumbung_plugin import Person, settings

BUNDLE = Path(__file__).parent.parent


def intro() -> str:
    """The opening words in the page's language."""
    return str(settings(BUNDLE)["intro_en" if in_english() else "intro"])


def is_assessor(who: Person | None) -> bool:
    """Administrators, and operators of the office that assesses."""
    if who is None:
        return False
    office = str(settings(BUNDLE)["assessor_office"]).casefold()
    return who.may("administrator") or bool(office and who.opd and who.opd.casefold() == office)


def letterhead() -> tuple[str, str, str]:
    """Office, its address, and the place of issue."""
    chosen = settings(BUNDLE)
    return str(chosen["office"]), str(chosen["office_address"]), str(chosen["place"])


def target() -> float:
    """The index the city wants to reach."""
    return float(settings(BUNDLE)["target"])


def in_english() -> bool:
    locale = get_locale()
    return bool(locale and locale.language == "en")


def said(name: str, name_en: str | None) -> str:
    """The name in the page's language, as far as there is one."""
    return name_en if name_en and in_english() else name
