"""The index and what raises it. Pure, and exact: fractions until the last moment, so that no rounding adds up.

The index of a part is the mean of its indicators' levels, weighted by their weights (PermenPANRB 59/2020, Lampiran on
the calculation of the index; the same in 5/2018). An indicator without an answer counts as the lowest level: an index
is never better than what has been shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from urllib.parse import urlsplit

from spbe.instruments import HIGHEST, Aspect, Domain, Indicator, Instrument, Predicate

Levels = Mapping[int, int]
"""Level by number of the indicator; those without an answer are absent."""


class State(StrEnum):
    """Of a year: open for answers and review, or final and public."""

    OPEN = "open"
    FINAL = "final"


class Round(StrEnum):
    """Who laid a level down: the office itself, the internal assessor, the ministry. The later counts."""

    SELF = "self"
    INTERNAL = "internal"
    EXTERNAL = "external"


class Standing(StrEnum):
    """Of an indicator: nothing yet, claimed by an office, agreed to or changed by an assessor, sent back."""

    EMPTY = "empty"
    CLAIMED = "claimed"
    AGREED = "agreed"
    CHANGED = "changed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Score:
    """An index with its predicate. `exact` decides, `shown` is rounded half up to two decimals."""

    exact: Fraction
    shown: Decimal
    predicate: Predicate
    answered: int
    asked: int
    better_from: Fraction | None = None

    @property
    def is_just_below(self) -> bool:
        """Whether the rounded number looks like a better predicate than the exact one has."""
        return self.better_from is not None and Fraction(self.shown) >= self.better_from


def index(indicators: Iterable[Indicator], levels: Levels, lowest: int) -> Fraction:
    """The weighted mean; 0 without indicators."""
    listed = list(indicators)
    weight = sum((one.weight for one in listed), Fraction())
    total = sum((one.weight * levels.get(one.number, lowest) for one in listed), Fraction())
    return total / weight if weight else Fraction()


def score(part: Instrument | Domain | Aspect, instrument: Instrument, levels: Levels) -> Score:
    """The index of the whole, a domain or an aspect."""
    exact = index(part.indicators, levels, instrument.lowest)
    answered = sum(one.number in levels for one in part.indicators)
    better = next_predicate(instrument, exact)
    found = predicate(instrument, exact)
    return Score(exact, shown(exact), found, answered, len(part.indicators), better.least if better else None)


def shown(value: Fraction) -> Decimal:
    """Two decimals, half up: 3.495 is 3.50, and no binary fraction is in between."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def predicate(instrument: Instrument, value: Fraction) -> Predicate:
    """The word for an exact index; a bound belongs to the better word, what only rounds up to it does not."""
    return next((one for one in instrument.predicates if value >= one.least), instrument.predicates[-1])


def next_predicate(instrument: Instrument, value: Fraction) -> Predicate | None:
    """The next better word; None at the top."""
    better = [one for one in instrument.predicates if one.least > value]
    return better[-1] if better else None


@dataclass(frozen=True, slots=True)
class Gap:
    """An indicator below the top: `step` is what one level more adds to the index, `all` what level 5 would."""

    indicator: Indicator
    level: int
    step: Fraction
    all: Fraction


def gaps(instrument: Instrument, levels: Levels) -> list[Gap]:
    """What raises the index most by one level, first; among equals the one that stands lowest, for it is easiest."""
    weight = sum((one.weight for one in instrument.indicators), Fraction())
    found = []
    for one in instrument.indicators:
        level = levels.get(one.number, instrument.lowest)
        if level < HIGHEST:
            step = one.weight / weight
            found.append(Gap(one, level, step, step * (HIGHEST - level)))
    return sorted(found, key=lambda gap: (-gap.step, gap.level, gap.indicator.number))


def steps_to(instrument: Instrument, levels: Levels, goal: Fraction) -> list[Gap]:
    """The fewest single levels that reach a goal, the most valuable first; empty when it is reached already."""
    reached, present = index(instrument.indicators, levels, instrument.lowest), dict(levels)
    taken: list[Gap] = []
    while reached < goal:
        best = next(iter(gaps(instrument, present)), None)
        if best is None:
            break
        taken.append(best)
        present[best.indicator.number] = best.level + 1
        reached += best.step
    return taken


@dataclass(frozen=True, slots=True)
class Climb:
    """One indicator on the way to a goal: from a level to another, and what that adds to the index."""

    indicator: Indicator
    start: int
    end: int
    gain: Fraction

    @property
    def levels(self) -> int:
        return self.end - self.start


def way(steps: Sequence[Gap]) -> list[Climb]:
    """Single steps put together by indicator, in the order they were first taken."""
    found: dict[int, Climb] = {}
    for one in steps:
        number = one.indicator.number
        so_far = found.get(number, Climb(one.indicator, one.level, one.level, Fraction()))
        found[number] = Climb(one.indicator, so_far.start, one.level + 1, so_far.gain + one.step)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Pair:
    """One indicator of the later year with the earlier one's levels on the same subject; `why` is empty, or says why
    the two cannot be compared: new, several."""

    indicator: Indicator
    before: tuple[int | None, ...]
    after: int | None
    why: str = ""

    @property
    def change(self) -> int | None:
        """Levels won or lost; None where it cannot be said."""
        if self.why or self.after is None or self.before[0] is None:
            return None
        return self.after - self.before[0]


def compared(before: Instrument, then: Levels, after: Instrument, now: Levels) -> list[Pair]:
    """Indicator by indicator. Between two instruments only those on the same subject; the rest is said to be new."""
    if before.id == after.id:
        return [Pair(one, (then.get(one.number),), now.get(one.number)) for one in after.indicators]
    return [_across(one, then, now) for one in after.indicators]


def _across(one: Indicator, then: Levels, now: Levels) -> Pair:
    if not one.before:
        return Pair(one, (), now.get(one.number), "new")
    levels = tuple(then.get(number) for number in one.before)
    return Pair(one, levels, now.get(one.number), "" if len(levels) == 1 else "several")


def dropped(before: Instrument, after: Instrument) -> list[Indicator]:
    """Indicators of the earlier instrument that the later one has nothing like."""
    kept = {number for one in after.indicators for number in one.before}
    return [one for one in before.indicators if one.number not in kept] if before.id != after.id else []


def may_answer(assigned: int | None, office: int | None, is_administrator: bool) -> bool:
    """An office answers what it was given; administrators, and staff of no office, whatever there is."""
    return is_administrator or office is None or assigned == office


def may_review(filled_by: str, reviewer: str, is_assessor: bool) -> bool:
    """Four eyes: who filled an indicator in does not review it."""
    return is_assessor and bool(filled_by) and filled_by != reviewer


def link(text: str) -> str | None:
    """An address of evidence: http(s) with a host, without a password; None when it is none."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.password
    return text.strip() if whole and not any(one.isspace() for one in text.strip()) else None


def final_levels(rounds: Mapping[str, Levels]) -> dict[int, int]:
    """What counts: the ministry's level where there is one, else the assessor's, else the claim."""
    found: dict[int, int] = {}
    for one in Round:
        found |= rounds.get(one, {})
    return found
