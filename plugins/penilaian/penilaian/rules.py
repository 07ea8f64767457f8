"""The rules of rating and of the satisfaction index, as values: no request, no database.

The index is that of PermenPANRB 14/2017 (annex): nine elements, answers 1 to 4, weight 1/9, times 25.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from penilaian.elements import ELEMENTS, GRADES, Grade

SCALE = range(1, 5)
WEIGHTS = {"1/9": Fraction(1, 9), "0.11": Fraction(11, 100)}
CONVERSION = 25
WEAKEST = 3
# Krejcie & Morgan (1970): chi-square for one degree of freedom at 95 %, share 0.5, error 0.05.
CHI_SQUARE, SHARE, ERROR = Fraction(3841, 1000), Fraction(1, 2), Fraction(1, 20)
MOST_PEOPLE = 100_000_000


class Kind(StrEnum):
    """What is rated."""

    UNIT = "unit"
    SERVICE = "service"
    OFFICIAL = "official"


class Refusal(StrEnum):
    """Why a rating was not taken; `penilaian.words` has the sentences."""

    CLOSED = "closed"
    NO_SURVEY = "no-survey"
    SCORE = "score"
    TOO_SOON = "too-soon"
    TOO_OFTEN = "too-often"
    BUSY = "busy"
    TOKEN_NEEDED = "token-needed"  # noqa: S105 - a word for people, no secret
    TOKEN_UNKNOWN = "token-unknown"  # noqa: S105
    TOKEN_USED = "token-used"  # noqa: S105
    TOKEN_OLD = "token-old"  # noqa: S105


@dataclass(frozen=True)
class Index:
    """A satisfaction index: `elements` are the averages of U1 to U9 (2 decimals), `value` is 25.00 to 100.00."""

    respondents: int
    elements: tuple[Decimal, ...]
    value: Decimal
    grade: Grade

    def element_grade(self, at: int) -> Grade:
        """The grade of one element's average, converted like the whole."""
        return grade(rounded(Fraction(self.elements[at]) * CONVERSION))

    def weakest(self, most: int = WEAKEST) -> list[int]:
        """The elements to improve first: the lowest averages, in the order of the regulation where they are equal."""
        return sorted(range(len(self.elements)), key=lambda at: (self.elements[at], at))[:most]


def rounded(value: Fraction) -> Decimal:
    """To two decimals, a half upwards, as people round in school."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade(value: Decimal) -> Grade:
    """The row of the regulation's table. Its bounds have two decimals, so `value` must be rounded before."""
    return next((one for one in GRADES if value >= one.least), GRADES[-1])


def index(sums: Sequence[int], respondents: int, weight: Fraction = WEIGHTS["1/9"]) -> Index:
    """The index from each element's sum of answers.

    Average per element = sum / respondents; weighted = Σ average × weight; index = weighted × 25. All is exact until
    the end: only what is shown is rounded (a half upwards), and the grade is that of the rounded index.
    Raises ValueError without respondents or for sums that cannot be.
    """
    if respondents < 1 or len(sums) != len(ELEMENTS):
        raise ValueError("an index needs respondents and nine sums")
    if not all(respondents <= one <= 4 * respondents for one in sums):
        raise ValueError("an answer is 1 to 4")
    averages = [Fraction(one, respondents) for one in sums]
    value = rounded(sum((one * weight for one in averages), Fraction()) * CONVERSION)
    return Index(respondents, tuple(rounded(one) for one in averages), value, grade(value))


def sample_size(people: int) -> int:
    """How many respondents `people` served need: Krejcie & Morgan, the table in the regulation's annex.

    The formula gives the table's numbers and those between: X²NP(1−P) / (d²(N−1) + X²P(1−P)), rounded to the nearest.
    """
    if not 0 < people <= MOST_PEOPLE:
        raise ValueError(f"{people} people: 1 to {MOST_PEOPLE} can be reckoned with")
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    return int(people * spread / (ERROR**2 * (people - 1) + spread) + Fraction(1, 2))


@dataclass(frozen=True)
class Period:
    """A half-year (`2026-1`) or a year (`2026`); `end` is its last day."""

    code: str
    start: date
    end: date

    @property
    def half(self) -> int:
        """1 or 2, 0 for a year."""
        return int(self.code[5:] or 0)


def period_of(day: date, kind: str) -> Period:
    """The period a day belongs to; `kind` is "semester" or "year"."""
    if kind == "year":
        return Period(f"{day.year}", date(day.year, 1, 1), date(day.year, 12, 31))
    if day.month <= 6:
        return Period(f"{day.year}-1", date(day.year, 1, 1), date(day.year, 6, 30))
    return Period(f"{day.year}-2", date(day.year, 7, 1), date(day.year, 12, 31))


def before(period: Period, kind: str) -> Period:
    """The period that ended the day before."""
    return period_of(period.start - timedelta(days=1), kind)


def recent(today: date, kind: str, most: int = 4) -> list[Period]:
    """The present period and those before it, newest first."""
    found = [period_of(today, kind)]
    while len(found) < most:
        found.append(before(found[-1], kind))
    return found


def burst(moments: Sequence[datetime], most: int, window: timedelta) -> datetime | None:
    """When the last `window` holds `most` ratings or more: the moment the burst began; else nothing.

    `moments` are those of one rated thing, oldest first; the last is the one that has just come.
    """
    if not moments:
        return None
    inside = [one for one in moments if one > moments[-1] - window]
    return inside[0] if len(inside) >= most else None


def folded(counts: Mapping[str, int], least: int) -> tuple[list[tuple[str, int]], int]:
    """Counts fit to be published: (name, count) of at least `least`, largest first, and the number of all others.

    The others together are `least` or more as well (else the smallest shown joins them), so nobody can be reckoned
    out by subtraction. With fewer in all nothing is shown.
    """
    shown = sorted(((name, n) for name, n in counts.items() if n >= least), key=lambda one: (-one[1], one[0]))
    others = sum(n for n in counts.values() if n < least)
    while shown and 0 < others < least:
        others += shown.pop()[1]
    return (shown, others) if others == 0 or others >= least else ([], 0)
