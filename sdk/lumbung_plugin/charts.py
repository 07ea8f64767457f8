"""The geometry of the theme's charts. Every chart is also a table, so this only ever computes shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


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


def stack(rows: Sequence[Sequence[float]]) -> list[list[tuple[float, float]]]:
    """For each row its parts as (start, width), in hundredths of the row with the largest sum; negative counts as 0."""
    clean = [[max(value, 0) for value in row] for row in rows]
    largest = max([sum(row) for row in clean], default=0) or 1
    placed = []
    for row in clean:
        starts = [0.0, *accumulate(row)]
        placed.append(
            [
                (round(start / largest * 100, 2), round(value / largest * 100, 2))
                for start, value in zip(starts, row, strict=False)
            ]
        )
    return placed


def columns(values: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """Upright bars in a box of 100 × 40 units: (x, y, width, height) each; the largest is 36 high."""
    step = 100 / max(len(values), 1)
    width = min(step * 0.72, 12)
    return [
        (round(index * step + (step - width) / 2, 2), round(38 - height, 2), round(width, 2), round(height, 2))
        for index, height in enumerate(share * 0.36 for share in shares(values))
    ]
