"""What may be done in a zone, and how a plan and a statement move on. Pure.

The letters I, T, B and X are those of the zoning matrix (ketentuan kegiatan dan penggunaan lahan) of a detailed spatial
plan: Permen ATR/KBPN 11/2021, Lampiran on peraturan zonasi, after PP 21/2021 on spatial planning.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from simtaru import classes, geometry
from simtaru.geometry import Point, Shape

GREEN_TARGET = 30.0
"""Per cent of a city that shall be open green space: Law 26/2007, article 29."""
GREEN_STEM = "RTH"
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")


class Verdict(StrEnum):
    """What the matrix says of a use in a zone; UNKNOWN where it says nothing."""

    ALLOWED = "allowed"
    LIMITED = "limited"
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


LETTERS = {
    "I": Verdict.ALLOWED,
    "T": Verdict.LIMITED,
    "B": Verdict.CONDITIONAL,
    "X": Verdict.FORBIDDEN,
    "": Verdict.UNKNOWN,
}
LETTER_OF = {verdict: letter for letter, verdict in LETTERS.items()}
NEEDS_WORDS = (Verdict.LIMITED, Verdict.CONDITIONAL)


class State(StrEnum):
    """Of a plan: a draft is published as the one in force, and then superseded by the next."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class Stage(StrEnum):
    """Of a request for a statement."""

    NEW = "new"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


MOVES = {Stage.NEW: {Stage.ISSUED, Stage.REFUSED}, Stage.ISSUED: {Stage.WITHDRAWN}}


def may_move(stage: str, to: Stage) -> bool:
    """Issued and refused only once; only what was issued can be withdrawn."""
    return to in MOVES.get(Stage(stage), set())


def green_share(areas: Mapping[str, float]) -> float | None:
    """Per cent of the planned area that is open green space (RTH); None without any area."""
    total = sum(areas.values())
    green = sum(area for code, area in areas.items() if classes.of(code).stem == GREEN_STEM)
    return round(green / total * 100, 1) if total else None


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose class is another one in the later plan; empty codes are outside of a plan."""

    before: str
    after: str
    block: str
    kelurahan: str
    area: float
    place: Point


def changes(before: Sequence[tuple[str, Shape]], after: Sequence[tuple[str, str, str, float, Shape]]) -> list[Change]:
    """For each zone of the later plan: what stood at a point well within it in the earlier one, where that differs.

    `before` holds (code, shape), `after` (code, block, kelurahan, area, shape). The largest first.
    """
    boxes = [(geometry.box(geometry.points(shape)), code, shape) for code, shape in before]
    found = []
    for code, block, kelurahan, area, shape in after:
        place = geometry.inside(shape)
        was = _class_at(boxes, place)
        if was != code:
            found.append(Change(was, code, block, kelurahan, area, place))
    return sorted(found, key=lambda one: -one.area)


def _class_at(boxes: Sequence[tuple[geometry.Box, str, Shape]], place: Point) -> str:
    lon, lat = place
    for (west, south, east, north), code, shape in boxes:
        if west <= lon <= east and south <= lat <= north and geometry.contains(shape, place):
            return code
    return ""


def place_of(lat: str, lon: str) -> Point | None:
    """A place as people write it: decimal degrees with a point or a comma, within Indonesia; else None.

    Returned as (longitude, latitude).
    """
    try:
        y, x = (float(text.strip().replace(",", ".")) for text in (lat, lon))
    except ValueError:
        return None
    west, south, east, north = 94.0, -12.0, 142.0, 8.0
    return (round(x, 6), round(y, 6)) if west <= x <= east and south <= y <= north else None
