"""An invented plan for a demonstration: a patchwork whose pieces share their edges to the last corner. Pure.

Nothing here is a real plan. The coordinates lie near the city so that its map looks at home there.
"""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from simtaru.geometry import Point

COLUMNS, ROWS = 10, 8
CELL = 0.0052
DEPTH = 2


@dataclass(frozen=True, slots=True)
class Town:
    """How the invented area of a city looks: where it lies, which side is the sea, and which corner has industry."""

    south_west: Point
    coast: str = ""
    middle: tuple[float, float] = (0.5, 0.5)
    industry: tuple[float, float] = (1.0, 1.0)
    kelurahan: tuple[str, ...] = ("Contoh Utara", "Contoh Selatan", "Contoh Timur", "Contoh Barat", "Contoh Tengah")


TOWNS = {
    "64.74": Town(
        (117.455, 0.098), "east", (0.55, 0.45), (0.9, 1.0),
        ("Api-Api", "Belimbing", "Berbas Pantai", "Berbas Tengah", "Berebas", "Bontang Baru", "Bontang Kuala",
         "Bontang Lestari", "Gunung Elai", "Gunung Telihan", "Guntung", "Kanaan", "Loktuan", "Satimpo", "Tanjung Laut",
         "Tanjung Laut Indah", "Telihan"),
    ),
    "21.72": Town((104.43, 0.9), "west", (0.35, 0.55), (0.95, 0.05)),
    "32.73": Town((107.59, -6.935), "", (0.5, 0.55), (0.95, 0.1)),
}  # fmt: skip
ELSEWHERE = Town((116.84, -1.26), "south", (0.5, 0.45), (0.05, 0.95))

CENTRE = ("K-1", "KT", "RTH-2", "SPU-1", "C-1", "K-1", "R-2")
INNER = ("R-2", "K-2", "C-2", "R-2", "SPU-2", "RTH-3", "R-2", "CB", "R-1")
MIDDLE = ("R-3", "R-3", "K-3", "SPU-3", "RTH-4", "R-3", "RTH-7", "R-2", "SPU-4", "RTH-8")
OUTER = ("R-4", "P-1", "RTH-1", "R-4", "P-2", "R-5", "RTH-1", "HK", "P-3", "PL-3")
INDUSTRY = ("KPI", "PL-6", "KPI", "SIKM", "PTL", "PP", "RTH-8")
SHORE = ("EM", "W", "EM", "TR", "IK-1", "EM", "W", "IK-2")


@dataclass(slots=True)
class _Sheet:
    """The corners and edges of the patchwork; each edge is drawn once, whoever asks for it."""

    town: Town
    seed: str
    edges: dict[tuple[tuple[int, int], tuple[int, int]], list[Point]] = field(default_factory=dict)

    def corner(self, at: tuple[int, int]) -> Point:
        chance = random.Random(f"{self.seed}:{at}")  # noqa: S311 - the same map every time
        west, south = self.town.south_west
        shift = [chance.uniform(-0.27, 0.27) for _ in range(2)]
        return west + (at[0] + shift[0]) * CELL * 1.45, south + (at[1] + shift[1]) * CELL

    def edge(self, start: tuple[int, int], end: tuple[int, int]) -> list[Point]:
        """From one corner to the next, the last point left out."""
        first, last = sorted((start, end))
        if (first, last) not in self.edges:
            chance = random.Random(f"{self.seed}:{first}:{last}")  # noqa: S311 - as above
            self.edges[first, last] = _bent(self.corner(first), self.corner(last), DEPTH, chance)
        drawn = self.edges[first, last]
        return drawn[:-1] if start == first else drawn[:0:-1]

    def ring(self, column: int, row: int) -> list[Point]:
        a, b, c, d = (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)
        drawn = [*self.edge(a, b), *self.edge(b, c), *self.edge(c, d), *self.edge(d, a)]
        rounded = [(round(x, 6), round(y, 6)) for x, y in drawn]
        return [*rounded, rounded[0]]


def _bent(a: Point, b: Point, depth: int, chance: random.Random) -> list[Point]:
    if not depth:
        return [a, b]
    aside = chance.uniform(-0.13, 0.13)
    middle = ((a[0] + b[0]) / 2 - (b[1] - a[1]) * aside, (a[1] + b[1]) / 2 + (b[0] - a[0]) * aside)
    return [*_bent(a, middle, depth - 1, chance)[:-1], *_bent(middle, b, depth - 1, chance)]


def town_of(code: str) -> Town:
    return TOWNS.get(code, ELSEWHERE)


def geojson(code: str, edition: int) -> bytes:
    """The file of an edition: 1 the older plan, 2 the present one, 3 a draft with an overlap and a gap."""
    town = town_of(code)
    sheet = _Sheet(town, f"zona {code}")
    features = [
        _feature(sheet.ring(column, row), zone, town, column, row)
        for column, row, zone in _cells(town, code, edition)
        if not (edition == 3 and (column, row) == (4, 4))
    ]
    if edition == 3:
        features.append(_feature(_square(sheet.corner((3, 3))), "K-2", town, 3, 3))
    told = {"type": "FeatureCollection", "name": f"Rencana rekaan {edition} (demo)", "features": features}
    return json.dumps(told).encode()


def _cells(town: Town, code: str, edition: int) -> Iterator[tuple[int, int, str]]:
    chance = random.Random(f"kelas {code}")  # noqa: S311 - as above
    cycles = {kind: chance.randint(0, 6) for kind in (CENTRE, INNER, MIDDLE, OUTER, INDUSTRY, SHORE)}
    corners = {(0, 0), (COLUMNS - 1, 0), (0, ROWS - 1), (COLUMNS - 1, ROWS - 1)}
    for row in range(ROWS):
        for column in range(COLUMNS):
            kind = _kind(town, column, row)
            zone = kind[cycles[kind] % len(kind)]
            cycles[kind] += 1
            if column == _river(row) and kind is not SHORE:
                zone = "PS"
            if (column, row) not in corners or kind is INDUSTRY:
                yield column, row, _revised(zone, column, row) if edition > 1 else zone


def _kind(town: Town, column: int, row: int) -> tuple[str, ...]:
    u, v = (column + 0.5) / COLUMNS, (row + 0.5) / ROWS
    if math.dist((u, v), town.industry) < 0.27:
        return INDUSTRY
    if {"east": u > 0.9, "west": u < 0.1, "south": v < 0.12}.get(town.coast, False):
        return SHORE
    away = math.dist((u, v), town.middle)
    return CENTRE if away < 0.15 else INNER if away < 0.27 else MIDDLE if away < 0.42 else OUTER


def _river(row: int) -> int:
    return 2 + round(1.4 * math.sin(row * 0.8))


def _revised(zone: str, column: int, row: int) -> str:
    """What the present plan changed: a few places, so that two editions can be compared."""
    later = {"P-1": "R-4", "R-4": "R-3", "R-3": "C-2", "K-3": "RTH-4"}
    return later.get(zone, zone) if (column * 7 + row * 5) % 6 == 0 else zone


def _feature(ring: list[Point], zone: str, town: Town, column: int, row: int) -> dict[str, object]:
    names = town.kelurahan
    at = (column * len(names) // COLUMNS + row * 3) % len(names)
    block = f"{'ABCDEFGH'[row]}.{column + 1}"
    properties = {"KODSZN": zone, "KODBLK": block, "WADMKD": names[at], "REMARK": "Rekaan untuk demo"}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _square(at: Point) -> list[Point]:
    x, y = at
    size = CELL * 0.3
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
