"""Charts as SVG paths, drawn by the server: no script, and the same numbers stand in a table beside. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 160
MEGABYTE = 2**20
TOP = 8
"""Room above the highest value."""


@dataclass(frozen=True)
class Line:
    """``label`` names it; ``path`` is drawn, ``values`` stand in the table (None: nothing was measured)."""

    label: str
    path: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """``unit`` tells the template how to write a value: count, seconds, bytes, percent or cpu. ``limit`` is a value,
    ``limit_at`` where its line lies; both None when nothing bounds it or it lies far above all values.
    """

    name: str
    unit: str
    lines: tuple[Line, ...]
    top: float
    limit: float | None = None
    limit_at: float | None = None

    @property
    def empty(self) -> bool:
        return all(value is None for line in self.lines for value in line.values)


def chart(
    name: str, unit: str, series: Sequence[tuple[str, Sequence[float | None]]], limit: float | None = None
) -> Chart:
    """``series`` are labels with one value per step. A limit up to four times the highest value is drawn."""
    highest = max((value for _, values in series for value in values if value is not None), default=0.0)
    near = limit is not None and limit <= highest * 4
    scale = MEGABYTE if unit == "bytes" else 1
    top = scale * round_up(max(highest, limit if near and limit else 0.0) / scale)
    lines = tuple(Line(label, path(values, top), tuple(values)) for label, values in series)
    return Chart(name, unit, lines, top, limit, _height(limit, top) if near and limit is not None else None)


def path(values: Sequence[float | None], top: float) -> str:
    """``M … L …``, broken where nothing was measured; a value alone becomes a short stroke."""
    step = WIDTH / max(len(values) - 1, 1)
    words: list[str] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        begins = index == 0 or values[index - 1] is None
        alone = begins and (index + 1 == len(values) or values[index + 1] is None)
        words.append(f"{'M' if begins else 'L'}{index * step:.1f} {_height(value, top):.1f}")
        words += ["h2"] if alone else []
    return "".join(words)


def round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten (at least a thousandth): where the axis ends."""
    size = 0.001
    while True:
        for factor in (1, 2, 5):
            if value <= size * factor:
                return size * factor
        size *= 10


def _height(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP) * (1 - value / top)
