"""The city's settings, read where they are used by name."""

from dataclasses import dataclass
from pathlib import Path

from flask_babel import get_locale
from lumbung_plugin import settings

from simtaru.geometry import Box

BUNDLE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues statements: the office, its address, and the post that signs."""

    office: str
    address: str
    place: str
    post: str
    signer: str


def letterhead() -> Letterhead:
    chosen = settings(BUNDLE)
    names = ("office", "office_address", "place", "signer_post", "signer")
    return Letterhead(*(str(chosen.get(name, "")) for name in names))


def bounds() -> Box:
    """The box the city lies in: zones beyond it are refused. Ends given the wrong way round are turned."""
    west, south, east, north = (float(settings(BUNDLE)[name]) for name in ("west", "south", "east", "north"))
    return min(west, east), min(south, north), max(west, east), max(south, north)


def working_days() -> int:
    return int(settings(BUNDLE)["working_days"])


def intro() -> str:
    """The opening words in the page's language."""
    return str(settings(BUNDLE)["intro_en" if in_english() else "intro"])


def in_english() -> bool:
    locale = get_locale()
    return bool(locale and locale.language == "en")


def said(name: str, name_en: str | None) -> str:
    """The name in the page's language, as far as there is one."""
    return name_en if name_en and in_english() else name
