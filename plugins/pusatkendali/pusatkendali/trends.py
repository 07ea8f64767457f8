"""What a row of numbers says: direction, shape, freshness. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FRESH, LATE = timedelta(minutes=15), timedelta(hours=24)
# Changes below half a per cent are no news.
STILL = 0.005
WIDTH, HEIGHT, EDGE = 120.0, 34.0, 3.0


class Freshness(StrEnum):
    """How old a value is: heard within a quarter of an hour, within a day, longer ago."""

    FRESH = "fresh"
    LATE = "late"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Trend:
    """`way` is up, down or flat; `verdict` is better, worse or nothing; `percent` is None when it began at zero."""

    before: float
    change: float
    percent: float | None
    way: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line in a box of 120 × 34: `line`, the same closed as `area`, and its last point."""

    line: str
    area: str
    x: float
    y: float


def trend(now: float, before: float | None, good: str) -> Trend | None:
    """The way from `before` to `now`; `good` is `up`, `down` or nothing. None when there is nothing to compare with."""
    if before is None:
        return None
    change = now - before
    percent = change / abs(before) * 100 if before else None
    still = abs(change) <= abs(before) * STILL
    way = "flat" if still else "up" if change > 0 else "down"
    verdict = "" if still or not good else "better" if way == good else "worse"
    return Trend(before, change, percent, way, verdict)


def spark(values: Sequence[float]) -> Spark | None:
    """The line through `values`, lowest at the bottom; None for fewer than two."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span, step = (high - low) or 1.0, WIDTH / (len(values) - 1)
    flat = high == low
    points = [
        (round(place * step, 1), round(_height(0.5 if flat else (value - low) / span), 1))
        for place, value in enumerate(values)
    ]
    line = "M" + " L".join(f"{x} {y}" for x, y in points)
    return Spark(line, f"{line} L{WIDTH} {HEIGHT} L0 {HEIGHT} Z", *points[-1])


def freshness(at: datetime, now: datetime) -> Freshness:
    """How old a value of `at` is; a moment after now (a clock that is wrong) counts as now."""
    age = now - at
    if age <= FRESH:
        return Freshness.FRESH
    return Freshness.LATE if age <= LATE else Freshness.OLD


def _height(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
