"""The city's map: its kelurahan, as the administrator's own GeoJSON, or a sketch for the cities of the demonstration.

No tiles are fetched from anywhere: what people see beneath the reports are these outlines.
"""

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _
from lumbung_plugin import city, data_dir, maps, settings

SKETCHES = Path(__file__).parent / "data"
NEAR = 0.002
MOST_BYTES = 2 * 1024 * 1024

Features = Sequence[Mapping[str, Any]]


class MapRefusal(StrEnum):
    """Why a file was not taken as the city's map."""

    TOO_LARGE = "too_large"
    NO_GEOJSON = "no_geojson"
    NO_AREA = "no_area"
    TOO_DETAILED = "too_detailed"


def kelurahan() -> list[str]:
    """The choices of a form: the city's setting, else the names on its map."""
    return list(settings()["kelurahan"]) or [name for name, _place in middles()]


def outline() -> Features:
    """What lies beneath every map; nothing when the city has no map."""
    own = own_map()
    path = own if own.is_file() else SKETCHES / f"{city().code}.geojson"
    if path != own and not city().demo:
        return ()
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else ()


def of(report: sqlite3.Row) -> Features:
    """The part of the map about a report's place, so that it is shown large; all of it when it lies beside the map."""
    latitude, longitude = report["latitude"], report["longitude"]
    if latitude is None or longitude is None:
        return ()
    near = [one for one in outline() if _touches(one["geometry"], latitude, longitude)]
    return near or outline()


def middles() -> list[tuple[str, tuple[float, float]]]:
    """Name and middle (latitude, longitude) of each kelurahan of a sketch."""
    told = (one["properties"] for one in outline())
    return [(one["name"], (one["middle"][0], one["middle"][1])) for one in told if one.get("middle")]


def centre() -> tuple[float, float] | None:
    """Where a map begins that has no outline: the city's setting `map_centre`, "latitude, longitude"."""
    parts = settings()["map_centre"].split(",")
    return (float(parts[0]), float(parts[1])) if len(parts) == 2 else None


def own_map() -> Path:
    return data_dir() / "map.geojson"


def take(stream: IO[bytes]) -> MapRefusal | int:
    """Keep a file as the city's map, cleaned; returns how many areas it has. What was there is replaced."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return MapRefusal.TOO_LARGE
    try:
        told = json.loads(content)
        features = told["features"]
        named = [_named(one) for one in features]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return MapRefusal.NO_GEOJSON
    drawing = maps.shape((), base=named)
    areas = sum(mark.kind == "area" for mark in drawing.marks)
    if drawing.left_out and areas:
        return MapRefusal.TOO_DETAILED
    if not areas:
        return MapRefusal.NO_AREA
    _write(drawing.geojson)
    return areas


def words(refusal: MapRefusal) -> str:
    """A refusal in the page's language, with what to do."""
    return {
        MapRefusal.TOO_LARGE: _("The file is larger than 2 MB. Simplify its lines and try again."),
        MapRefusal.NO_GEOJSON: _("The file is no GeoJSON FeatureCollection. Export it as GeoJSON (WGS 84)."),
        MapRefusal.NO_AREA: _("The file has no area on Earth in degrees. Export polygons in WGS 84 (EPSG:4326)."),
        MapRefusal.TOO_DETAILED: _("The map has too many points or broken shapes. Simplify its lines and try again."),
    }[refusal]


def _touches(geometry: Mapping[str, Any], latitude: float, longitude: float) -> bool:
    """Whether the box about a polygon comes within `NEAR` degrees of a place."""
    if not geometry["type"].endswith("Polygon"):
        return False
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [ring for polygon in polygons for ring in polygon]
    lons, lats = zip(*((point[0], point[1]) for ring in rings for point in ring), strict=True)
    beside = longitude < min(lons) - NEAR or longitude > max(lons) + NEAR
    return not beside and min(lats) - NEAR <= latitude <= max(lats) + NEAR


def _named(feature: Any) -> dict[str, Any]:
    """The feature with its name under `name`, wherever Indonesian sources put it."""
    told = feature["properties"] or {}
    keys = ("name", "nama", "NAMOBJ", "KELURAHAN", "kelurahan", "DESA", "WADMKD")
    name = next((str(told[key]) for key in keys if told.get(key)), "")
    return {"type": "Feature", "properties": {"name": name}, "geometry": feature["geometry"]}


def _write(geojson: str) -> None:
    partial = own_map().with_suffix(".part")
    partial.write_text(geojson, encoding="utf-8")
    os.replace(partial, own_map())


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Features:
    features: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features
