"""What choosing decides without asking anybody: which apps stand side by side, who weighs what, which quarter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

LEAST, MOST = 2, 4
"""Apps side by side: more columns than four nobody reads."""

MAX_NAMES = 20
"""Names looked at in one address."""

YES, MAYBE, NO = "yes", "maybe", "no"
CHOICES = (YES, MAYBE, NO)
ADOPT, LATER, NOT = "adopt", "later", "not"
DECISIONS = (ADOPT, LATER, NOT)

QUARTER = re.compile(r"(20\d\d)-Q([1-4])")
QUARTERS_AHEAD = 20
MIN_REASON, MAX_WHY, MAX_REASON, MAX_NOTE = 3, 500, 500, 1000
MAX_ITEMS, MAX_NOTES = 200, 100
"""Apps on a city's shortlist, notes on one of them."""

Quarter = tuple[int, int]


@dataclass(frozen=True)
class Chosen:
    """``slugs`` are at most `MOST`, each once; ``twice`` and ``over`` were asked for, too, and are left out."""

    slugs: tuple[str, ...]
    twice: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


def chosen(values: Iterable[str]) -> Chosen:
    """From ``apps=a,b`` or ``apps=a&apps=b`` in an address."""
    names = [name.strip().lower() for value in values for name in value.split(",") if name.strip()][:MAX_NAMES]
    slugs = list(dict.fromkeys(names))
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return Chosen(tuple(slugs[:MOST]), tuple(twice), tuple(slugs[MOST:]))


@dataclass(frozen=True)
class Tally:
    """Votes of a city's units."""

    yes: int = 0
    maybe: int = 0
    no: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sorts the most wanted first: by yes less no, then by yes, then by maybe."""
        return self.no - self.yes, -self.yes, -self.maybe


def tally(choices: Sequence[str]) -> Tally:
    return Tally(*(sum(choice == one for choice in choices) for one in CHOICES))


def read_quarter(text: str) -> Quarter | None:
    """``2027-Q1`` → (2027, 1)."""
    found = QUARTER.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def quarter_of(day: date) -> Quarter:
    return day.year, (day.month + 2) // 3


def quarters(today: date) -> Iterator[str]:
    """Those one can plan for: this one and the next five years."""
    year, number = quarter_of(today)
    for ahead in range(QUARTERS_AHEAD):
        more, place = divmod(number - 1 + ahead, 4)
        yield f"{year + more}-Q{place + 1}"


@dataclass(frozen=True)
class Decision:
    """What the city decided: only what is adopted has a unit that owns it and a quarter."""

    decision: str
    reason: str
    opd_id: int | None = None
    quarter: str = ""


def decision_problem(wanted: Decision, today: date) -> tuple[str, str] | None:
    """The field and a stable code of what is wrong with a decision."""
    if wanted.decision not in DECISIONS:
        return "decision", "decision"
    if not MIN_REASON <= len(wanted.reason.strip()) <= MAX_REASON:
        return "reason", "reason"
    if wanted.decision != ADOPT:
        return None
    if wanted.opd_id is None:
        return "opd_id", "no-unit"
    quarter = read_quarter(wanted.quarter)
    if quarter is None:
        return "quarter", "quarter"
    return None if wanted.quarter in quarters(today) else ("quarter", "quarter-range")
