"""The rules of the waste bank: values in, a value or a named refusal out. No database, no request."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

KILOGRAMS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,3})?")
RUPIAH = re.compile(r"[0-9]{1,9}")
MOST_GRAMS = 1_000_000
"""One deposit of one kind: a tonne, more is a slip of the pen."""


class Refusal(StrEnum):
    """Every reason to say no. ``masdarling.words`` holds the sentence for each."""

    NO_LINES = "no-lines"
    WEIGHT = "weight"
    KIND_UNKNOWN = "kind-unknown"
    PRICE_MISSING = "price-missing"
    POST_UNKNOWN = "post-unknown"
    CUSTOMER_UNKNOWN = "customer-unknown"
    CUSTOMER_CLOSED = "customer-closed"
    AMOUNT = "amount"
    BALANCE_LOW = "balance-low"
    AMOUNT_SMALL = "amount-small"
    ENTRY_UNKNOWN = "entry-unknown"
    ENTRY_REVERSED = "entry-reversed"
    ENTRY_IS_REVERSAL = "entry-is-reversal"
    REVERSAL_BELOW_ZERO = "reversal-below-zero"
    REASON_MISSING = "reason-missing"
    NAME_TAKEN = "name-taken"
    PRICE_DAY_PAST = "price-day-past"
    BALANCE_LEFT = "balance-left"
    GROUP_UNKNOWN = "group-unknown"
    STARTED_MISSING = "started-missing"
    STAGE_DAYS = "stage-days"


class Refused(Exception):  # noqa: N818 - a refusal is an expected answer, not an error
    """Raised by the service modules; undoes the transaction. ``facts`` fill in the sentence."""

    def __init__(self, reason: Refusal, /, **facts: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class Reach(StrEnum):
    """How far a kelurahan has come in the roll-out."""

    PLANNED = "planned"
    PREPARED = "prepared"
    RUNNING = "running"


def grams(text: str) -> int | None:
    """The grams of a weight typed in kilograms (``2,5`` or ``2.5``); None when it is none, or above a tonne."""
    typed = text.strip()
    if not KILOGRAMS.fullmatch(typed) or not typed.isascii():
        return None
    whole, _, part = typed.replace(",", ".").partition(".")
    found = int(whole) * 1000 + int(part.ljust(3, "0") or 0)
    return found if 0 < found <= MOST_GRAMS else None


def rupiah(text: str) -> int | None:
    """A sum typed with or without points (``20.000``, ``Rp 20000``); None when it is none."""
    typed = re.sub(r"(?i)^rp\.?\s*", "", text.strip())
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3}){1,2}", typed):
        typed = typed.replace(".", "")
    return int(typed) if RUPIAH.fullmatch(typed) and typed.isascii() and int(typed) else None


def worth(weight: int, per_kg: int) -> int:
    """What ``weight`` grams bring at ``per_kg`` rupiah: rounded down to a whole rupiah, the smallest there is."""
    return weight * per_kg // 1000


def withdrawal_refusal(amount: int, balance: int, least: int) -> Refusal | None:
    """Why a sum cannot be paid out: never more than there is, and little only when it empties the balance."""
    if amount > balance:
        return Refusal.BALANCE_LOW
    return Refusal.AMOUNT_SMALL if amount < least and amount != balance else None


def reversal_refusal(kind: str, reversed_already: bool, amount: int, balance: int) -> Refusal | None:
    """Why an entry cannot be reversed; a deposit already paid out is reversed after its withdrawal."""
    if kind == "reversal":
        return Refusal.ENTRY_IS_REVERSAL
    if reversed_already:
        return Refusal.ENTRY_REVERSED
    return Refusal.REVERSAL_BELOW_ZERO if balance - amount < 0 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A group in the ranking. ``place`` is 1 for the best; equals share a place."""

    group_id: int
    name: str
    kelurahan: str
    grams: int
    savers: int
    households: int
    place: int = 0

    @property
    def each(self) -> int:
        """Grams per household of the RT, whether it saved or not: what a small RT can win by."""
        return self.grams // max(1, self.households)


def ranked(standings: Sequence[Standing], each: bool = False) -> list[Standing]:
    """By weight, the heaviest first, or by weight per household; equals share a place, and the next is left out."""
    worth_of = {one.group_id: one.each if each else one.grams for one in standings}
    order = sorted(standings, key=lambda one: (-worth_of[one.group_id], one.kelurahan, one.name))
    return [replace(one, place=1 + sum(other > worth_of[one.group_id] for other in worth_of.values())) for one in order]


def stage_state(begins: date, ends: date, today: date) -> str:
    """``done``, ``now`` or ``todo``: where a stage of the roll-out stands by its days."""
    if ends < today:
        return "done"
    return "now" if begins <= today else "todo"


def months(first: date, last: date) -> list[str]:
    """The months from ``first`` to ``last`` as ``YYYY-MM``."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [
        f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(count + 1)
    ]
