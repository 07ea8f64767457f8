"""A GeoJSON file of zones, judged feature by feature. Pure: the words for what is wrong are in `words`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simtaru import classes, coverage, geometry
from simtaru.geometry import Box, Point
from simtaru.shapes import Kind, Problem, WrongError, judged, shape_of

MOST_BYTES = 8 * 1024 * 1024
MOST_FEATURES = 2_000
MOST_POINTS = 60_000
MOST_PROBLEMS = 60
LONGEST = 120
CRS_WGS84 = re.compile(r"(CRS84|EPSG:+(\d*:)?4326)$")
INDONESIA = (94.0, -12.0, 142.0, 8.0)


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
            raise WrongError(Kind.NO_FEATURE)
        code = _code(properties)
        shape = shape_of(feature.get("geometry"), bounds)
        found.points += sum(1 for _ in geometry.points(shape))
        texts = {key: _bounded(properties, key) for key in ("name", "block", "kelurahan", "note")}
        area = judged(shape, found.effort)
    except WrongError as wrong:
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
        raise WrongError(Kind.TOO_LONG, FIELDS[key][0])
    return text


def _code(properties: Mapping[str, Any]) -> str:
    code = _text(properties, "code").upper().replace(" ", "")
    if not code:
        raise WrongError(Kind.NO_CODE)
    if len(code) > 20 or not classes.exists(code):
        raise WrongError(Kind.UNKNOWN_CODE, code[:20])
    return code


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
