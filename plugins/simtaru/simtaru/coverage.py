"""Where zones of a plan lie on top of each other, and what none of them covers. Pure.

Lines from west to east are laid over the plan, some metres apart. Along a line all is exact; between two lines it is
assumed to go on. What is smaller than the distance of the lines may go unseen: `Report.step` says how much that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simtaru import geometry
from simtaru.geometry import Point, Shape

ROWS = 300
SLIVER = 0.75
"""Metres: narrower strips come from rounding, nobody drew them."""
LEAST = 60.0
"""Square metres from which something is worth a warning."""
MOST = 40


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two features, by their place in the list, the square metres they share, and the middle of that."""

    first: int
    second: int
    area: float
    place: Point


@dataclass(frozen=True, slots=True)
class Gap:
    """Square metres enclosed by zones that none of them covers."""

    area: float
    place: Point


@dataclass(frozen=True, slots=True)
class Report:
    """The largest first, at most 40 of each; `step` is the distance of the lines in metres."""

    overlaps: list[Overlap]
    gaps: list[Gap]
    step: float


@dataclass(slots=True)
class _Patch:
    """A sum over lines: how large so far, and the middle of its longest piece."""

    area: float = 0.0
    longest: float = 0.0
    place: Point = (0.0, 0.0)

    def add(self, start: float, end: float, lat: float, size: float) -> None:
        self.area += size
        if end - start > self.longest:
            self.longest, self.place = end - start, ((start + end) / 2, lat)


@dataclass(slots=True)
class _Holes:
    """Uncovered pieces of lines, joined with those they touch on the next line. 0 is the outside."""

    parents: list[int] = field(default_factory=lambda: [0])
    patches: list[_Patch] = field(default_factory=lambda: [_Patch()])

    def new(self) -> int:
        self.parents.append(len(self.parents))
        self.patches.append(_Patch())
        return len(self.parents) - 1

    def root(self, one: int) -> int:
        while self.parents[one] != one:
            self.parents[one] = self.parents[self.parents[one]]
            one = self.parents[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self.parents[second] = first


def report(shapes: Sequence[Shape], rows: int = ROWS) -> Report:
    """What overlaps and what is left out between these zones."""
    boxes = [geometry.box(geometry.points(shape)) for shape in shapes]
    if not boxes:
        return Report([], [], 0.0)
    south, north = min(box[1] for box in boxes), max(box[3] for box in boxes)
    step = (north - south) / rows
    wide, high = geometry.scale((south + north) / 2)
    sizes = (wide, wide * step * high)
    shared: dict[tuple[int, int], _Patch] = {}
    holes = _Holes()
    before: list[tuple[float, float, int]] = []
    for row in range(rows):
        lat = south + (row + 0.5) * step
        line = _line(shapes, boxes, lat)
        _overlaps(line, lat, sizes, shared)
        present = _uncovered(line, lat, sizes, holes)
        _connect(before, present, holes, edge=row in (0, rows - 1))
        before = present
    return Report(_worst_overlaps(shared), _worst_gaps(holes), step * high)


def _line(shapes: Sequence[Shape], boxes: Sequence[geometry.Box], lat: float) -> list[tuple[float, float, int]]:
    crossed = ((at, shape) for at, shape in enumerate(shapes) if boxes[at][1] <= lat <= boxes[at][3])
    return sorted((start, end, at) for at, shape in crossed for start, end in geometry.spans(shape, lat))


def _overlaps(
    line: list[tuple[float, float, int]], lat: float, sizes: tuple[float, float], shared: dict[tuple[int, int], _Patch]
) -> None:
    wide, unit = sizes
    running: list[tuple[float, int]] = []
    for start, end, at in line:
        running = [one for one in running if one[0] > start]
        for other_end, other in running:
            until = min(end, other_end)
            if other != at and (until - start) * wide > SLIVER:
                patch = shared.setdefault((min(at, other), max(at, other)), _Patch())
                patch.add(start, until, lat, (until - start) * unit)
        running.append((end, at))


def _uncovered(
    line: list[tuple[float, float, int]], lat: float, sizes: tuple[float, float], holes: _Holes
) -> list[tuple[float, float, int]]:
    """The pieces of a line without any zone: (start, end, number); the two at its ends are the outside."""
    wide, unit = sizes
    if not line:
        return [(float("-inf"), float("inf"), 0)]
    found = [(float("-inf"), line[0][0], 0)]
    covered = line[0][1]
    for start, end, _ in line[1:]:
        if (start - covered) * wide > SLIVER:
            number = holes.new()
            holes.patches[number].add(covered, start, lat, (start - covered) * unit)
            found.append((covered, start, number))
        covered = max(covered, end)
    return [*found, (covered, float("inf"), 0)]


def _connect(
    before: list[tuple[float, float, int]], present: list[tuple[float, float, int]], holes: _Holes, edge: bool
) -> None:
    for start, end, number in present:
        if edge:
            holes.join(number, 0)
        for other_start, other_end, other in before:
            if other_start < end and start < other_end:
                holes.join(number, other)


def _worst_overlaps(shared: dict[tuple[int, int], _Patch]) -> list[Overlap]:
    found = [
        Overlap(first, second, patch.area, patch.place)
        for (first, second), patch in shared.items()
        if patch.area >= LEAST
    ]
    return sorted(found, key=lambda one: -one.area)[:MOST]


def _worst_gaps(holes: _Holes) -> list[Gap]:
    sums: dict[int, _Patch] = {}
    for number, patch in enumerate(holes.patches):
        root = holes.root(number)
        if root:
            total = sums.setdefault(root, _Patch())
            total.area += patch.area
            if patch.longest > total.longest:
                total.longest, total.place = patch.longest, patch.place
    found = [Gap(patch.area, patch.place) for patch in sums.values() if patch.area >= LEAST]
    return sorted(found, key=lambda one: -one.area)[:MOST]
