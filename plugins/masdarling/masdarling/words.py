"""What people read: refusals, and the names of things that have few values."""

from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l

from masdarling.rules import Reach, Refusal, Refused

SENTENCES: dict[Refusal, LazyString] = {
    Refusal.NO_LINES: _l("Nothing was weighed. Write a weight beside at least one kind of waste."),
    Refusal.WEIGHT: _l("Write a weight in kilograms such as 2,5, at most 1.000."),
    Refusal.KIND_UNKNOWN: _l("One of the kinds is not bought any more. Open the page again."),
    Refusal.PRICE_MISSING: _l("%(kind)s has no price yet. An administrator sets it."),
    Refusal.POST_UNKNOWN: _l("Choose the post you work at first."),
    Refusal.CUSTOMER_UNKNOWN: _l("This passbook does not exist. Search for it again."),
    Refusal.CUSTOMER_CLOSED: _l("This passbook is closed; nothing can be booked in it."),
    Refusal.AMOUNT: _l("Write a sum in whole rupiah, such as 20.000."),
    Refusal.BALANCE_LOW: _l("The balance is only Rp %(balance)s. Pay out that much at most."),
    Refusal.AMOUNT_SMALL: _l("At least Rp %(least)s is paid out, unless it empties the balance."),
    Refusal.ENTRY_UNKNOWN: _l("This entry does not exist. Open the passbook again."),
    Refusal.ENTRY_REVERSED: _l("This entry has been reversed already."),
    Refusal.ENTRY_IS_REVERSAL: _l("A reversal is not reversed. Book what is right as a new entry."),
    Refusal.REVERSAL_BELOW_ZERO: _l("Part of this deposit has been paid out. Reverse the withdrawal first."),
    Refusal.REASON_MISSING: _l("Write why it is reversed, in 1 to %(length)s characters. It stays in the passbook."),
    Refusal.NAME_TAKEN: _l("“%(name)s” exists already. Choose another name."),
    Refusal.PRICE_DAY_PAST: _l("A price begins today or later: what was booked stays as it was."),
    Refusal.BALANCE_LEFT: _l("Rp %(balance)s is left in the passbook. It is paid out before the book is closed."),
    Refusal.GROUP_UNKNOWN: _l("Choose an RT that takes part."),
    Refusal.STARTED_MISSING: _l("Write the day on which the kelurahan started."),
    Refusal.STAGE_DAYS: _l("A stage ends on the day it begins or later."),
}
FAMILIES: dict[str, LazyString] = {
    "plastik": _l("Plastic"),
    "kertas": _l("Paper"),
    "logam": _l("Metal"),
    "kaca": _l("Glass"),
    "minyak": _l("Used oil"),
    "lain": _l("Other waste"),
}
REACHES: dict[str, LazyString] = {
    Reach.RUNNING: _l("Running"),
    Reach.PREPARED: _l("Being prepared"),
    Reach.PLANNED: _l("Planned"),
}
TONES = {Reach.RUNNING: "good", Reach.PREPARED: "warn", Reach.PLANNED: "plain"}
ENTRIES: dict[str, LazyString] = {
    "deposit": _l("Deposit"),
    "withdrawal": _l("Withdrawal"),
    "reversal": _l("Reversal"),
}


def sentence(refused: Refused) -> str:
    """A refusal in the page's language; sums with points between thousands."""
    shown = {
        name: f"{fact:,}".replace(",", ".") if isinstance(fact, int) else fact for name, fact in refused.facts.items()
    }
    return str(SENTENCES[refused.reason]) % shown


def named(name: str, english: str | None) -> str:
    """A name in the page's language, as far as it has an English one."""
    locale = get_locale()
    return english if english and locale and locale.language == "en" else name


def kilograms(weight: int) -> str:
    """Grams as kilograms for people: ``1.234,5 kg``; three digits below ten kilograms."""
    locale = get_locale()
    digits = 1 if abs(weight) >= 10_000 else 2
    text = f"{weight / 1000:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if not (locale and locale.language == "en"):
        text = text.translate(str.maketrans(",.", ".,"))
    return gettext("%(kilograms)s kg", kilograms=text)
