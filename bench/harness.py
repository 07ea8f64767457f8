"""How everything here is measured: in rounds that take turns, told as the median of the rounds with both ends."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Way = Callable[[], float]
"""One measurement of one way: its seconds, its requests per second, its bytes."""


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, and the lowest and highest of them."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One line of the table. ``bound`` is what the median must not pass, None where the figure only informs.

    ``floor`` turns the bound round: the median must reach it. ``unit`` is "×" for a ratio to ``peer``.
    """

    subject: str
    what: str
    peer: str
    value: Spread
    bound: float | None = None
    floor: bool = False
    unit: str = "×"

    @property
    def met(self) -> bool | None:
        if self.bound is None:
            return None
        return self.value.median >= self.bound if self.floor else self.value.median <= self.bound


def rounds(count: int, **ways: Way) -> dict[str, list[float]]:
    """Each way once per round, in an order that changes, so that a slow moment of the machine meets all alike."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for _ in range(count):
        random.shuffle(order)
        for name in order:
            found[name].append(ways[name]())
    return found


def seconds(work: Callable[[], object]) -> Way:
    """The way that tells how long ``work`` takes."""

    def timed() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return timed


def several(way: Way, times: int) -> Way:
    """The median of a way repeated: for work too short to be told from the machine's noise."""
    return lambda: statistics.median(way() for _ in range(times))


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def ratio(ours: Sequence[float], peers: Sequence[float]) -> Spread:
    """Ours to the peer's, round by round."""
    return spread([own / peer for own, peer in zip(ours, peers, strict=True)])
