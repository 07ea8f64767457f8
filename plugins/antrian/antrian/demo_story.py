"""What happened to one made-up ticket, and when."""

import random
from dataclasses import dataclass
from datetime import datetime

from antrian import rules
from antrian.demo_content import HOURS, Place
from antrian.models import State


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up ticket: its slot, its state, and what happened to it when (epoch seconds)."""

    start: str
    end: str
    due_at: int
    taken_at: int
    state: State
    called_at: int | None = None
    finished_at: int | None = None
    counter_id: int | None = None


def story(
    chance: random.Random, place: Place, start: str, end: str, due: int, free: int, minutes: int
) -> tuple[Made, int]:
    """What happened to one ticket, and when the counter was free again."""
    taken = due - chance.randint(1800, 90000)
    fate = chance.random()
    if fate < 0.05:
        return Made(start, end, due, taken, State.CANCELLED), free
    counter = chance.randint(1, len(place.counters))
    if fate < 0.12:
        return Made(start, end, due, taken, State.SKIPPED, free, None, counter), free + 90
    busy = round(minutes * 60 * chance.uniform(0.5, 1.2))
    return Made(start, end, due, taken, State.FINISHED, free, free + busy, counter), free + busy + 30


def ended(
    chance: random.Random, place: Place, begun: list[tuple[str, str]], latest: int, back: int, state: State
) -> Made:
    """One who was served, skipped or gave the number back, ``back`` calls before ``latest``."""
    start, end = begun[max(0, len(begun) - 1 - back // 4)]
    called = latest - back * 540
    due = called - chance.randint(120, 1500)
    if state is State.CANCELLED:
        return Made(start, end, due, due - 7200, state)
    finished = called + chance.randint(200, 600) if state is State.FINISHED else None
    return Made(start, end, due, due - 7200, state, called, finished, chance.randint(1, len(place.counters)))


def waiting(
    chance: random.Random, slot: tuple[str, str], now: datetime, state: State, counter: int | None = None
) -> Made:
    """One who waits, or is at a counter now."""
    start, end = slot
    due = rules.instant(now.date(), start, now.tzinfo)
    present = int(now.timestamp())
    taken = min(due, present) - chance.randint(1800, 40000)
    called = present - chance.randint(60, 300) if state is State.CALLED else None
    return Made(start, end, due, taken, state, called, None, counter)


def slots() -> list[tuple[str, str]]:
    """The times of a day the demonstration's offices are open."""
    found = rules.cut(HOURS)
    if not isinstance(found, list):
        raise ValueError(f"the demonstration's opening hours are refused: {found}")
    return found
