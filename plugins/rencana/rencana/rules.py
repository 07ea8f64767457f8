"""What holds whatever the city: progress, lateness, stages, who may change what, where the bars of the timeline lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WIDTH, ROW, HEAD = 1000.0, 34, 46
"""Units of the timeline's drawing: its width, the height of a row and of its head."""


class Health(StrEnum):
    """How a programme fares."""

    DONE = "done"
    BLOCKED = "blocked"
    LATE = "late"
    ON_WAY = "on-way"
    EMPTY = "empty"


class Direction(StrEnum):
    """When a figure that is followed has reached its target."""

    UP = "up"
    DOWN = "down"


class Refusal(StrEnum):
    """Why an act is not done."""

    OTHER_OFFICE = "other-office"
    NOT_OPEN = "not-open"
    NOT_WAITED_FOR = "not-waited-for"


class Refused(Exception):  # noqa: N818 a refusal is expected, not an error
    """An act that is not done. Raised within a transaction it undoes all of it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Actor:
    """Who acts: their name and office here; an administrator may do all."""

    name: str
    office_id: int | None = None
    administrator: bool = False


@dataclass(frozen=True)
class Stage:
    """A stage of the plan, first and last year included."""

    id: int
    first: int
    last: int


@dataclass(frozen=True)
class Bar:
    """A programme on the timeline: where its bar begins and ends, and its milestones as (x, done)."""

    y: float
    x: float
    width: float
    marks: list[tuple[float, bool]]


@dataclass(frozen=True)
class Timeline:
    """The drawing: its size, years as (x, year), bands of stages as (x, width), today's x (None outside), bars."""

    width: float
    height: float
    years: list[tuple[float, int]]
    bands: list[tuple[float, float]]
    today: float | None
    bars: list[Bar]


def stage_of(due: date, stages: Sequence[Stage]) -> int | None:
    """The stage a day falls into, by id: where stages overlap the earlier, in a gap the next, after all the last."""
    ordered = sorted(stages, key=lambda stage: (stage.first, stage.last))
    within = [stage for stage in ordered if stage.first <= due.year <= stage.last]
    later = [stage for stage in ordered if stage.first > due.year]
    chosen = (within or later or ordered[-1:] or [None])[0]
    return chosen.id if chosen else None


def share(done: bool, value: float | None, target: float | None, direction: Direction) -> float:
    """How far a milestone has come, 0 to 1: done or not, or by the figure it follows.

    A figure that is to rise counts by its share of the target. One that is to fall counts only when it is there:
    nobody knows where it began.
    """
    if done:
        return 1.0
    if value is None or target is None:
        return 0.0
    if direction is Direction.DOWN:
        return 1.0 if value <= target else 0.0
    return max(0.0, min(value / target, 1.0)) if target > 0 else 0.0


def reached(value: float, target: float, direction: Direction) -> bool:
    return value <= target if direction is Direction.DOWN else value >= target


def percent(shares: Sequence[float]) -> int:
    """The mean of milestones' shares, in whole percent; 0 without any. 100 only when all are done."""
    if not shares:
        return 0
    mean = sum(shares) / len(shares)
    return 100 if min(shares) >= 1 else min(99, round(mean * 100))


def health(milestones: int, done: int, late: int, blockers: int) -> Health:
    """The worst that can be said of a programme: done, blocked, late, on its way, or without any milestone."""
    if not milestones:
        return Health.EMPTY
    if done == milestones:
        return Health.DONE
    if blockers:
        return Health.BLOCKED
    return Health.LATE if late else Health.ON_WAY


def may_change(actor: Actor, owner: int | None, partners: Iterable[int]) -> bool:
    """A programme's owner, its partners, and administrators keep it up to date."""
    return actor.administrator or (actor.office_id is not None and actor.office_id in {owner, *partners})


def may_resolve(actor: Actor, waited_for: int, owner: int | None, partners: Iterable[int]) -> bool:
    """A blocker is settled by who is waited for, or by those it holds up."""
    return actor.office_id == waited_for or may_change(actor, owner, partners)


def timeline(
    rows: Sequence[tuple[date, date, Sequence[tuple[date, bool]]]], stages: Sequence[Stage], today: date
) -> Timeline:
    """The drawing of programmes: rows of (begin, end, milestones as (due, done)); years are whole."""
    days = [day for begin, end, marks in rows for day in (begin, end, *(due for due, _ in marks))]
    days += [date(year, 1, 1) for stage in stages for year in (stage.first, stage.last)]
    first, last = (min(days).year, max(days).year) if days else (today.year, today.year)
    start, span = date(first, 1, 1), (date(last + 1, 1, 1) - date(first, 1, 1)).days

    def at(day: date) -> float:
        return round((day - start).days / span * WIDTH, 1)

    bars = [
        Bar(HEAD + index * ROW, at(begin), max(round(at(end) - at(begin), 1), 4.0),
            [(at(due), done) for due, done in marks])
        for index, (begin, end, marks) in enumerate(rows)
    ]  # fmt: skip
    bands = [
        (at(date(stage.first, 1, 1)), round(at(date(stage.last + 1, 1, 1)) - at(date(stage.first, 1, 1)), 1))
        for stage in stages
    ]
    years = [(at(date(year, 1, 1)), year) for year in range(first, last + 1)]
    now = at(today) if first <= today.year <= last else None
    return Timeline(WIDTH, HEAD + max(len(rows), 1) * ROW + 8, years, bands, now, bars)
