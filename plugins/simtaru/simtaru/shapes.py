"""The geometry of one feature: closed, in degrees, within bounds, not crossing itself. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simtaru import geometry
from simtaru.geometry import Box, Point

MOST_RING = 5_000
LEAST_AREA = 1.0
PLACES = 7
"""Decimals kept: about a centimetre."""


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


class WrongError(ValueError):
    """One feature is refused; carries why."""

    def __init__(self, kind: Kind, value: str = "", place: Point | None = None) -> None:
        super().__init__(kind)
        self.kind, self.value, self.place = kind, value, place


def shape_of(given: object, bounds: Box) -> list[list[list[Point]]]:
    """The polygons of a GeoJSON geometry; raises WrongError."""
    kind = given.get("type") if isinstance(given, Mapping) else None
    coordinates = given.get("coordinates") if isinstance(given, Mapping) else None
    polygons = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
    if not isinstance(polygons, list) or not polygons:
        raise WrongError(Kind.NO_POLYGON, str(kind or "")[:20])
    return [_polygon(polygon, bounds) for polygon in polygons]


def _polygon(given: object, bounds: Box) -> list[list[Point]]:
    if not isinstance(given, list) or not given:
        raise WrongError(Kind.NO_POLYGON)
    return [_ring(ring, bounds) for ring in given]


def _ring(given: object, bounds: Box) -> list[Point]:
    if not isinstance(given, list):
        raise WrongError(Kind.NO_POLYGON)
    if len(given) > MOST_RING:
        raise WrongError(Kind.LONG_RING, str(MOST_RING))
    ring = list(_positions(given, bounds))
    if len(ring) > 1 and ring[0] != ring[-1]:
        raise WrongError(Kind.NOT_CLOSED, place=ring[-1])
    if len(set(ring)) < 3:
        raise WrongError(Kind.TOO_FEW_POINTS, place=ring[0] if ring else None)
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
        raise WrongError(Kind.BAD_POSITION, str(given)[:40])
    lon, lat = float(given[0]), float(given[1])
    if abs(lon) > 180 or abs(lat) > 90:
        raise WrongError(Kind.SWAPPED if _within((lat, lon), bounds) else Kind.METRES, f"{lon:g}, {lat:g}")
    if not _within((lon, lat), bounds):
        kind = Kind.SWAPPED if _within((lat, lon), bounds) else Kind.OUTSIDE
        raise WrongError(kind, place=(lon, lat))
    return round(lon, PLACES), round(lat, PLACES)


def _number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # A whole number of a thousand digits is no float any more.
    return abs(value) < 1e12 and math.isfinite(value)


def _within(point: Point, bounds: Box) -> bool:
    return bounds[0] <= point[0] <= bounds[2] and bounds[1] <= point[1] <= bounds[3]


def judged(shape: list[list[list[Point]]], effort: geometry.Effort) -> float:
    """The area of a shape whose edges do not cross."""
    for polygon in shape:
        try:
            place = geometry.crossing(polygon, effort)
        except geometry.TangledError:
            raise WrongError(Kind.TANGLED, place=polygon[0][0]) from None
        if place is not None:
            raise WrongError(Kind.CROSSING, place=place)
    area = geometry.area(shape)
    if area < LEAST_AREA:
        raise WrongError(Kind.NO_AREA, place=shape[0][0][0])
    return area
