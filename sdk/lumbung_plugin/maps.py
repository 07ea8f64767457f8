"""GeoJSON as a drawing: what a map shows before, or without, JavaScript. The same features then go to the browser."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_FEATURES = 2_000
MOST_POINTS = 60_000
MOST_NAME = 200
TONES = ("plain", "info", "good", "warn", "wrong")
EDGE = 16
"""Empty units around the drawing, so that a point at the rim is seen whole."""
NEAR = 0.4
"""Corners closer together than this are one: nobody sees the difference, and the page stays small."""
SMALLEST = 0.00005
"""The least extent in radians (some 300 m): a single point lies in the middle of something."""
EDGE_OF_MERCATOR = 85.0

Feature = Mapping[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """One feature. `kind` is area, line or point; `path` is SVG, for a point a line of no length with a round end, for
    such a dot keeps its size on the screen however small the drawing is shown."""

    kind: str
    name: str
    note: str
    url: str
    tone: str
    colour: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A drawing of `width` × `height` units. `geojson` is what was drawn, cleaned; `left_out` features were too many
    or no geometry this library knows."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    geojson: str
    left_out: int
    named: tuple[Mapping[str, str], ...]
    """The cleaned properties of every feature, for the list beside the drawing."""


def shape(features: Sequence[Feature], width: int = 640, base: Sequence[Feature] = ()) -> Drawing:
    """The features in Mercator's projection, north up; `base` (the city's outline) lies beneath.

    Properties read: `name`, `note`, `url` (a path of this plugin or http(s), else dropped), `tone` (as badges) or
    `colour` (`#rrggbb`). At most 2,000 features with 60,000 points in all; the rest is counted in `left_out`.
    """
    beneath, lost_beneath = _clean(base, "base")
    above, lost = _clean(features, "")
    everything = [*beneath, *sorted(above, key=_layer)]
    frame = _Frame.around([point for one in everything for point in _points(one["geometry"])], width)
    marks = tuple(mark for one in everything for mark in _marks(one, frame))
    geojson = json.dumps({"type": "FeatureCollection", "features": everything}, separators=(",", ":"))
    return Drawing(width, frame.height, marks, geojson, lost + lost_beneath, tuple(one["properties"] for one in above))


def _layer(feature: Feature) -> int:
    """Areas lie lowest and points highest, so that nothing hides what is smaller."""
    kind = feature["geometry"]["type"]
    return 0 if kind.endswith("Polygon") else 2 if kind.endswith("Point") else 1


@dataclass(frozen=True)
class _Frame:
    left: float
    top: float
    scale: float
    height: int

    @classmethod
    def around(cls, points: Sequence[Point], width: int) -> "_Frame":
        projected = [_mercator(point) for point in points] or [(0.0, 0.0)]
        xs, ys = [x for x, _ in projected], [y for _, y in projected]
        wide, high = max(max(xs) - min(xs), SMALLEST), max(max(ys) - min(ys), SMALLEST)
        room = width - 2 * EDGE
        height = round(min(max(room * high / wide, width * 0.45), width * 0.9) + 2 * EDGE)
        scale = min(room / wide, (height - 2 * EDGE) / high)
        middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        return cls(middle_x - width / scale / 2, middle_y + height / scale / 2, scale, height)

    def place(self, point: Point) -> Point:
        x, y = _mercator(point)
        return round((x - self.left) * self.scale, 1), round((self.top - y) * self.scale, 1)


def _mercator(point: Point) -> Point:
    lat = math.radians(max(min(point[1], EDGE_OF_MERCATOR), -EDGE_OF_MERCATOR))
    return math.radians(point[0]), math.log(math.tan(math.pi / 4 + lat / 2))


def _clean(features: Sequence[Feature], tone: str) -> tuple[list[dict[str, Any]], int]:
    kept: list[dict[str, Any]] = []
    points = 0
    for feature in features[:MOST_FEATURES]:
        geometry = _geometry(feature.get("geometry") if isinstance(feature, Mapping) else None)
        count = sum(1 for _ in _points(geometry)) if geometry else 0
        if geometry is None or not count or points + count > MOST_POINTS:
            continue
        points += count
        kept.append({"type": "Feature", "properties": _properties(feature, tone), "geometry": geometry})
    return kept, len(features) - len(kept)


def _properties(feature: Feature, tone: str) -> dict[str, str]:
    given = feature.get("properties")
    given = given if isinstance(given, Mapping) else {}
    url, colour = str(given.get("url") or ""), str(given.get("colour") or "")
    wish = str(given.get("tone") or "")
    return {
        "name": str(given.get("name") or "")[:MOST_NAME],
        "note": str(given.get("note") or "")[:MOST_NAME],
        "url": url if re.match(r"/(?![/\\])|https?://", url) else "",
        "tone": tone or (wish if wish in TONES else "info"),
        "colour": colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "",
    }


DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists lie around a position."""


def _geometry(given: object) -> dict[str, Any] | None:
    """A geometry with finite, rounded positions, or nothing when it is none this library draws."""
    kind = str(given.get("type")) if isinstance(given, Mapping) else ""
    if not isinstance(given, Mapping) or kind not in DEPTHS:
        return None
    try:
        return {"type": kind, "coordinates": _round(given.get("coordinates"), DEPTHS[kind])}
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def _round(value: Any, depth: int) -> list[Any]:
    if depth:
        return [_round(inner, depth - 1) for inner in value]
    lon, lat = float(value[0]), float(value[1])
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError("no place on Earth")
    return [round(lon, 6), round(lat, 6)]


def _points(geometry: Mapping[str, Any]) -> Iterator[Point]:
    return _flat(geometry["coordinates"], DEPTHS[geometry["type"]])


def _flat(value: Any, depth: int) -> Iterator[Point]:
    if not depth:
        yield value[0], value[1]
        return
    for inner in value:
        yield from _flat(inner, depth - 1)


def _marks(feature: Mapping[str, Any], frame: _Frame) -> Iterator[Mark]:
    kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    words = feature["properties"]
    if kind in ("Point", "MultiPoint"):
        for point in [coordinates] if kind == "Point" else coordinates:
            x, y = frame.place((point[0], point[1]))
            yield Mark("point", **words, path=f"M{x:g} {y:g}h0")
        return
    lines = {"LineString": [coordinates], "MultiLineString": coordinates, "Polygon": coordinates}.get(kind)
    if lines is None:
        lines = [ring for polygon in coordinates for ring in polygon]
    area = kind.endswith("Polygon")
    yield Mark("area" if area else "line", **words, path="".join(_path(line, frame, area) for line in lines))


def _path(line: Sequence[Sequence[float]], frame: _Frame, closed: bool) -> str:
    places = [frame.place((position[0], position[1])) for position in line]
    drawn = places[:1]
    for place in places[1:]:
        if math.dist(place, drawn[-1]) >= NEAR:
            drawn.append(place)
    if len(drawn) < 2:
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn) + ("Z" if closed else "")
