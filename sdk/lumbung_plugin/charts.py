"""The geometry of the theme's charts. Every chart is also a table, so this only ever computes shapes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line chart in a box of 100 × 40 units: `path` the line, `area` the same closed along the bottom."""

    path: str
    area: str
    top: float


def shares(values: Sequence[float]) -> list[float]:
    """Each value as a percentage of the largest, 0 to 100; negative counts as 0."""
    largest = max([*values, 0])
    return [round(max(value, 0) / largest * 100, 2) if largest else 0.0 for value in values]


def line(values: Sequence[float]) -> Line:
    """The line through `values`, evenly spaced, from 0 at the bottom to the largest at the top."""
    top = max([*values, 0])
    step = 100 / max(len(values) - 1, 1)
    points = [
        f"{round(index * step, 2)} {round(38 - 36 * share / 100, 2)}" for index, share in enumerate(shares(values))
    ]
    path = "M" + " L".join(points) if points else ""
    return Line(path=path, area=f"{path} L100 40 L0 40 Z" if points else "", top=top)
