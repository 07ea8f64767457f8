"""A GeoJSON file of zones, judged feature by feature. Pure: the words for what is wrong are in `words`."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simtaru import classes, coverage, geometry
from simtaru.geometry import Box, Point

MOST_BYTES = 8 * 1024 * 1024
MOST_FEATURES = 2_000
MOST_POINTS = 60_000
MOST_RING = 5_000
MOST_PROBLEMS = 60
LONGEST = 120
LEAST_AREA = 1.0
PLACES = 7
"""Decimals kept: about a centimetre."""
CRS_WGS84 = re.compile(r"(CRS84|EPSG:+(\d*:)?4326)$")
INDONESIA = (94.0, -12.0, 142.0, 8.0)


class Kind(StrEnum):
    """What can be wrong with a file or one of its features."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NO_COLLECTION = "no_collection"
    OTHER_CRS = "other_crs"
    EMPTY = "empty"
    TOO_MANY_FEATURES = "too_many_features"
    TOO_MANY_POINTS = "too_many_points"
    NO_FEATURE = "no_feature"
    NO_CODE = "no_code"
    UNKNOWN_CODE = "unknown_code"
    TOO_LONG = "too_long"
    NO_POLYGON = "no_polygon"
    BAD_POSITION = "bad_position"
    METRES = "metres"
    SWAPPED = "swapped"
    OUTSIDE = "outside"
    NOT_CLOSED = "not_closed"
    TOO_FEW_POINTS = "too_few_points"
    LONG_RING = "long_ring"
    NO_AREA = "no_area"
    CROSSING = "crossing"
    TANGLED = "tangled"
    OVERLAP = "overlap"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Problem:
    """`feature` counts from 1 as the file does; `place` is (longitude, latitude) where there is one."""

    kind: Kind
    feature: int | None = None
    name: str = ""
    value: str = ""
    place: Point | None = None


@dataclass(frozen=True, slots=True)
class NewZone:
    """A zone as read: `shape` in rounded degrees, `area` in square metres."""

    feature: int
    code: str
    name: str
    block: str
    kelurahan: str
    note: str
    shape: list[list[list[Point]]]
    area: float


@dataclass(slots=True)
class Read:
    """The zones without a problem, what is wrong (nothing may be taken in), and what should be looked at."""

    zones: list[NewZone] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    points: int = 0
    step: float = 0.0
    effort: geometry.Effort = field(default_factory=geometry.Effort)


class _WrongError(ValueError):
    """One feature is refused; carries why."""

    def __init__(self, kind: Kind, value: str = "", place: Point | None = None) -> None:
        super().__init__(kind)
        self.kind, self.value, self.place = kind, value, place


# Names of the national data base (Permen ATR/KBPN 14/2021) first, then plain ones.
FIELDS = {
    "code": ("KODSZN", "KODZON", "code", "kode"),
    "name": ("NAMOBJ", "NAMSZN", "NAMZON", "name", "nama"),
    "block": ("KODSBL", "KODBLK", "block", "blok"),
    "kelurahan": ("WADMKD", "kelurahan", "desa"),
    "note": ("REMARK", "note", "catatan"),
}


def read(data: bytes, bounds: Box = INDONESIA) -> Read:
    """All zones of a file, in WGS 84 (RFC 7946); `bounds` is where the city lies."""
    found = Read()
    features = _features(data, found)
    for number, feature in enumerate(features, start=1):
        if len(found.problems) >= MOST_PROBLEMS:
            break
        _take(found, number, feature, bounds)
        if found.points > MOST_POINTS:
            found.problems.append(Problem(Kind.TOO_MANY_POINTS, value=str(MOST_POINTS)))
            break
    if not found.problems:
        _look_over(found)
    return found


def _features(data: bytes, found: Read) -> list[Any]:
    if len(data) > MOST_BYTES:
        found.problems.append(Problem(Kind.TOO_LARGE, value=str(MOST_BYTES // 1024 // 1024)))
        return []
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found.problems.append(Problem(Kind.NOT_JSON))
        return []
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection":
        found.problems.append(Problem(Kind.NO_COLLECTION))
        return []
    features = told.get("features")
    crs = _crs(told.get("crs"))
    if crs and not CRS_WGS84.search(crs):
        found.problems.append(Problem(Kind.OTHER_CRS, value=crs[:60]))
    elif not isinstance(features, list) or not features:
        found.problems.append(Problem(Kind.EMPTY))
    elif len(features) > MOST_FEATURES:
        found.problems.append(Problem(Kind.TOO_MANY_FEATURES, value=str(MOST_FEATURES)))
    return features if isinstance(features, list) and not found.problems else []


def _crs(given: object) -> str:
    """The name of the older files' member "crs"; empty when there is none, which means WGS 84."""
    properties = given.get("properties") if isinstance(given, Mapping) else None
    return str(properties.get("name", "")) if isinstance(properties, Mapping) else ""


def _take(found: Read, number: int, feature: object, bounds: Box) -> None:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    properties = properties if isinstance(properties, Mapping) else {}
    name = _text(properties, "name") or _text(properties, "code")
    try:
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            raise _WrongError(Kind.NO_FEATURE)
        code = _code(properties)
        shape = _shape(feature.get("geometry"), bounds)
        found.points += sum(1 for _ in geometry.points(shape))
        texts = {key: _bounded(properties, key) for key in ("name", "block", "kelurahan", "note")}
        area = _judged(shape, found.effort)
    except _WrongError as wrong:
        found.problems.append(Problem(wrong.kind, number, name[:LONGEST], wrong.value, wrong.place))
        return
    texts["name"] = texts["name"] or classes.of(code).name
    found.zones.append(NewZone(number, code, shape=shape, area=area, **texts))


def _text(properties: Mapping[str, Any], key: str) -> str:
    """The first of the names this property may have, without control characters; numbers as they are written."""
    lowered = {str(name).casefold(): value for name, value in properties.items()}
    for name in FIELDS[key]:
        value = lowered.get(name.casefold())
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(value)).split())
    return ""


def _bounded(properties: Mapping[str, Any], key: str) -> str:
    text = _text(properties, key)
    if len(text) > LONGEST:
        raise _WrongError(Kind.TOO_LONG, FIELDS[key][0])
    return text


def _code(properties: Mapping[str, Any]) -> str:
    code = _text(properties, "code").upper().replace(" ", "")
    if not code:
        raise _WrongError(Kind.NO_CODE)
    if len(code) > 20 or not classes.exists(code):
        raise _WrongError(Kind.UNKNOWN_CODE, code[:20])
    return code


def _shape(given: object, bounds: Box) -> list[list[list[Point]]]:
    kind = given.get("type") if isinstance(given, Mapping) else None
    coordinates = given.get("coordinates") if isinstance(given, Mapping) else None
    polygons = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
    if not isinstance(polygons, list) or not polygons:
        raise _WrongError(Kind.NO_POLYGON, str(kind or "")[:20])
    return [_polygon(polygon, bounds) for polygon in polygons]


def _polygon(given: object, bounds: Box) -> list[list[Point]]:
    if not isinstance(given, list) or not given:
        raise _WrongError(Kind.NO_POLYGON)
    return [_ring(ring, bounds) for ring in given]


def _ring(given: object, bounds: Box) -> list[Point]:
    if not isinstance(given, list):
        raise _WrongError(Kind.NO_POLYGON)
    if len(given) > MOST_RING:
        raise _WrongError(Kind.LONG_RING, str(MOST_RING))
    ring = list(_positions(given, bounds))
    if len(ring) > 1 and ring[0] != ring[-1]:
        raise _WrongError(Kind.NOT_CLOSED, place=ring[-1])
    if len(set(ring)) < 3:
        raise _WrongError(Kind.TOO_FEW_POINTS, place=ring[0] if ring else None)
    return ring


def _positions(given: list[Any], bounds: Box) -> Iterator[Point]:
    last = None
    for position in given:
        point = _position(position, bounds)
        if point != last:
            yield point
        last = point


def _position(given: object, bounds: Box) -> Point:
    if not isinstance(given, list) or len(given) < 2 or not all(_number(one) for one in given[:2]):
        raise _WrongError(Kind.BAD_POSITION, str(given)[:40])
    lon, lat = float(given[0]), float(given[1])
    if abs(lon) > 180 or abs(lat) > 90:
        raise _WrongError(Kind.SWAPPED if _within((lat, lon), bounds) else Kind.METRES, f"{lon:g}, {lat:g}")
    if not _within((lon, lat), bounds):
        kind = Kind.SWAPPED if _within((lat, lon), bounds) else Kind.OUTSIDE
        raise _WrongError(kind, place=(lon, lat))
    return round(lon, PLACES), round(lat, PLACES)


def _number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # A whole number of a thousand digits is no float any more.
    return abs(value) < 1e12 and math.isfinite(value)


def _within(point: Point, bounds: Box) -> bool:
    return bounds[0] <= point[0] <= bounds[2] and bounds[1] <= point[1] <= bounds[3]


def _judged(shape: list[list[list[Point]]], effort: geometry.Effort) -> float:
    """The area of a shape whose edges do not cross."""
    for polygon in shape:
        try:
            place = geometry.crossing(polygon, effort)
        except geometry.TangledError:
            raise _WrongError(Kind.TANGLED, place=polygon[0][0]) from None
        if place is not None:
            raise _WrongError(Kind.CROSSING, place=place)
    area = geometry.area(shape)
    if area < LEAST_AREA:
        raise _WrongError(Kind.NO_AREA, place=shape[0][0][0])
    return area


def _look_over(found: Read) -> None:
    seen = coverage.report([zone.shape for zone in found.zones])
    found.step = seen.step
    for overlap in seen.overlaps:
        first, second = found.zones[overlap.first], found.zones[overlap.second]
        name = f"{_called(first)} × {_called(second)}"
        found.warnings.append(Problem(Kind.OVERLAP, first.feature, name, f"{overlap.area:.0f}", overlap.place))
    for gap in seen.gaps:
        found.warnings.append(Problem(Kind.GAP, value=f"{gap.area:.0f}", place=gap.place))


def _called(zone: NewZone) -> str:
    return f"{zone.code} {zone.block}".strip() + f" (#{zone.feature})"
