"""Large sums in words people read: `Rp 1,24 triliun`."""

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

TRILLION, BILLION, MILLION = 10**12, 10**9, 10**6


def short(amount: int | None) -> str:
    """Rupiah rounded to three digits with their scale; below a million in full; nothing is a dash."""
    if amount is None:
        return "–"
    for scale, word in ((TRILLION, _("trillion")), (BILLION, _("billion")), (MILLION, _("million"))):
        if abs(amount) >= scale:
            return f"Rp {format_decimal(_rounded(amount / scale))} {word}"
    return f"Rp {format_decimal(amount)}"


def named(name: str, english: str | None) -> str:
    """The English name for English readers, where there is one."""
    locale = get_locale()
    return english if english and locale and locale.language == "en" else name


def _rounded(value: float) -> float:
    return round(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)
