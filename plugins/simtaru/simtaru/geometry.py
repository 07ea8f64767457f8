"""Shapes on the Earth's surface, in degrees (longitude, latitude). Pure: no library, no database.

A ring is closed (its first point is its last), the first ring of a polygon is its shell, the others are holes, and a
shape is one or more polygons (RFC 7946, section 3.1.6, without its rule on the direction of rings).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Ring = Sequence[Point]
Polygon = Sequence[Ring]
Shape = Sequence[Polygon]
Box = tuple[float, float, float, float]
"""West, south, east, north."""

METRES = 111_320.0
"""One degree of latitude; of longitude at the equator."""
NEAR = 1e-9
"""Degrees within which a point lies on an edge: a tenth of a millimetre."""


class TangledError(ValueError):
    """More pairs of edges would have to be compared than was allowed."""


@dataclass(slots=True)
class Effort:
    """How many pairs of edges may still be compared: some seconds for 6 million."""

    left: int = 6_000_000

    def spend(self, pairs: int) -> None:
        self.left -= pairs
        if self.left < 0:
            raise TangledError


def rings(shape: Shape) -> Iterator[Ring]:
    for polygon in shape:
        yield from polygon


def points(shape: Shape) -> Iterator[Point]:
    for ring in rings(shape):
        yield from ring


def box(places: Iterable[Point]) -> Box:
    """The smallest box around at least one point."""
    found = list(places)
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return min(xs), min(ys), max(xs), max(ys)


def scale(lat: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude at `lat`; right to a per cent within a city."""
    return METRES * math.cos(math.radians(lat)), METRES


def area(shape: Shape) -> float:
    """Square metres, holes taken out."""
    west, south, east, north = box(points(shape))
    wide, high = scale((south + north) / 2)
    total = 0.0
    for polygon in shape:
        shell, *holes = [abs(_doubled(ring)) / 2 for ring in polygon]
        total += shell - sum(holes)
    return total * wide * high


def contains(shape: Shape, point: Point) -> bool:
    """Whether the point lies in the shape or on its edge."""
    return any(_in_polygon(polygon, point) for polygon in shape)


def crossing(polygon: Polygon, effort: Effort | None = None) -> Point | None:
    """A place where the polygon's edges cross each other (a figure of eight, a hole through the shell); None if none.

    Edges that only touch are no crossing. Raises TangledError when `effort` is used up.
    """
    effort = effort or Effort()
    edges = sorted(
        ((min(a[0], b[0]), max(a[0], b[0]), a, b) for ring in polygon for a, b in zip(ring, ring[1:], strict=False)),
        key=lambda edge: edge[0],
    )
    open_edges: list[tuple[float, float, Point, Point]] = []
    for edge in edges:
        open_edges = [other for other in open_edges if other[1] >= edge[0]]
        effort.spend(len(open_edges))
        for other in open_edges:
            found = _cut(edge[2], edge[3], other[2], other[3])
            if found is not None:
                return found
        open_edges.append(edge)
    return None


def simplified(shape: Shape, tolerance: float) -> list[list[list[Point]]]:
    """The same with points closer than `tolerance` degrees left out; rings that vanish are dropped, but never the
    first shell."""
    kept = []
    for polygon in shape:
        thin = [_thinned(ring, tolerance) for ring in polygon]
        shell, holes = thin[0], [ring for ring in thin[1:] if len(ring) >= 4]
        if len(shell) >= 4:
            kept.append([shell, *holes])
    return kept or [[list(ring) for ring in shape[0]]]


def inside(shape: Shape) -> Point:
    """A point well within: the middle of the longest piece of a line through the shape's middle."""
    west, south, east, north = box(points(shape))
    best = (0.0, ((west + east) / 2, (south + north) / 2))
    for share in (0.5, 0.35, 0.65):
        # A little off a round share, so that the line does not run along an edge.
        lat = south + (north - south) * (share + 1e-4)
        for start, end in spans(shape, lat):
            best = max(best, (end - start, ((start + end) / 2, lat)))
    return best[1]


def spans(shape: Shape, lat: float) -> list[tuple[float, float]]:
    """The pieces of the line at `lat` that lie in the shape, from west to east."""
    found = []
    for polygon in shape:
        cuts = sorted(
            ax + (lat - ay) * (bx - ax) / (by - ay)
            for ring in polygon
            for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False)
            if (ay > lat) != (by > lat)
        )
        found += list(zip(cuts[::2], cuts[1::2], strict=False))
    return sorted(found)


def _doubled(ring: Ring) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False))


def _in_polygon(polygon: Polygon, point: Point) -> bool:
    x, y = point
    within = False
    for ring in polygon:
        for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False):
            if _on_edge(x, y, ax, ay, bx, by):
                return True
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                within = not within
    return within


def _on_edge(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> bool:
    if not (min(ax, bx) - NEAR <= x <= max(ax, bx) + NEAR and min(ay, by) - NEAR <= y <= max(ay, by) + NEAR):
        return False
    length = math.hypot(bx - ax, by - ay)
    return length < NEAR or abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length <= NEAR


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cut(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the edges ab and cd cross properly: each has the other's ends on both sides."""
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return None
    first, second = _side(a, b, c), _side(a, b, d)
    third, fourth = _side(c, d, a), _side(c, d, b)
    if not (first * second < 0 and third * fourth < 0):
        return None
    share = third / (third - fourth)
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _thinned(ring: Ring, tolerance: float) -> list[Point]:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= tolerance:
            kept.append(point)
    return [*kept, ring[0]]
