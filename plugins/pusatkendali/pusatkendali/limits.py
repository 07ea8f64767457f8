"""Thresholds: when a figure raises an alert and when that is over. Pure: values in, verdict out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pusatkendali.models import Side


class Turn(StrEnum):
    """What a new value changes."""

    RAISE = "raise"
    END = "end"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`bound` is crossed when the value lies beyond it, for `minutes` on end; `clear` is where calm begins.

    Between the two lies the hysteresis: a value that swings there neither raises an alert nor ends one.
    """

    side: Side
    bound: float
    clear: float
    minutes: int

    @property
    def is_sound(self) -> bool:
        """Whether calm lies on the calm side of the bound (or on it)."""
        return self.clear <= self.bound if self.side is Side.ABOVE else self.clear >= self.bound

    def crossed_by(self, value: float) -> bool:
        return value > self.bound if self.side is Side.ABOVE else value < self.bound

    def calmed_by(self, value: float) -> bool:
        return value <= self.clear if self.side is Side.ABOVE else value >= self.clear


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when the bound is crossed without a pause, and whether that has raised an alert."""

    since: datetime | None = None
    alerting: bool = False


def judge(threshold: Threshold, standing: Standing, value: float, at: datetime) -> tuple[Standing, Turn | None]:
    """The standing after `value` was told at `at`, and what that means."""
    if standing.alerting:
        return (Standing(), Turn.END) if threshold.calmed_by(value) else (standing, None)
    if not threshold.crossed_by(value):
        return Standing(), None
    # A clock that was set back must not make an alert wait for years.
    since = min(standing.since or at, at)
    if at - since >= timedelta(minutes=threshold.minutes):
        return Standing(since, True), Turn.RAISE
    return replace(standing, since=since), None


def worse(threshold: Threshold, one: float, other: float) -> float:
    """Which of two values lies further beyond."""
    return max(one, other) if threshold.side is Side.ABOVE else min(one, other)
