"""What several pages need: zones as features of a map, choices of uses, the answer for one place."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from lumbung_plugin import database
from wtforms.fields.choices import SelectChoice

from simtaru import classes, config, geometry, matrix, store, words
from simtaru.geometry import Point
from simtaru.matrix import Rule
from simtaru.rules import Verdict

Row = sqlite3.Row
Feature = dict[str, Any]


def title(code: str) -> str:
    """A class in the page's language: `R-2 · Housing, high density`."""
    kind = classes.of(code)
    return f"{code} · {config.said(kind.name, kind.name_en)}"


def feature(zone: Row, linked: bool = True) -> Feature:
    """A zone for the map in the colour of its class; it leads to the page of the class."""
    note = ", ".join(part for part in (zone["block"], zone["kelurahan"]) if part)
    properties = {"name": title(zone["code"]), "note": note, "colour": classes.of(zone["code"]).colour}
    if linked:
        properties["url"] = url_for("public.zone_class", code=zone["code"])
    return {"type": "Feature", "properties": properties, "geometry": _geometry(zone["sketch"])}


def toned(zone: Row, verdict: Verdict) -> Feature:
    """A zone in the tone of what is allowed there."""
    name = f"{zone['code']}: {words.VERDICTS[verdict]}"
    properties = {"name": name, "note": zone["kelurahan"], "tone": words.VERDICT_TONES[verdict]}
    return {"type": "Feature", "properties": properties, "geometry": _geometry(zone["sketch"])}


def outline(zone: Row) -> Feature:
    """A zone to lie beneath what a map is about."""
    return {"type": "Feature", "properties": {}, "geometry": _geometry(zone["sketch"])}


def point(place: Point, name: str, tone: str = "wrong", note: str = "") -> Feature:
    geometry = {"type": "Point", "coordinates": list(place)}
    return {"type": "Feature", "properties": {"name": name, "tone": tone, "note": note}, "geometry": geometry}


def _geometry(text: str) -> dict[str, Any]:
    polygons = json.loads(text)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def use_choices(first: str) -> list[SelectChoice]:
    """For a select field: `first` for nothing, then the uses by group."""
    uses = matrix.uses(database())
    named = [
        SelectChoice(use["code"], config.said(use["name"], use["name_en"]), optgroup=use["family"]) for use in uses
    ]
    return [SelectChoice("", first), *named]


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds at a place: the smallest zone there, others that also reach it, and the rule of the use asked for."""

    zone: Row | None
    others: list[Row]
    use: Row | None
    rule: Rule

    @property
    def code(self) -> str:
        return self.zone["code"] if self.zone else ""


def answer(db: sqlite3.Connection, plan: Row, place: Point, use: Row | None) -> Answer:
    """The answer of the plan in force for a place and, if given, a use."""
    found = store.at(db, plan["id"], place)
    rule = matrix.rule(db, plan["id"], found[0]["code"], use["id"]) if found and use else matrix.UNSAID
    return Answer(found[0] if found else None, found[1:], use, rule)


def around(db: sqlite3.Connection, plan: Row, place: Point, name: str) -> list[Feature]:
    """A map of some 600 metres around a place, with the place itself."""
    rows = [{**row, "sketch": row["shape"]} for row in store.near(db, plan["id"], place, 600.0)]
    return [*(feature(row) for row in rows), point(place, name)]  # type: ignore[arg-type]


def grouped(rules: Mapping[int, Rule], uses: Iterable[Row]) -> list[tuple[Verdict, list[tuple[Row, Rule]]]]:
    """Uses by verdict, in the order allowed to forbidden; what is not laid down comes last."""
    listed: dict[Verdict, list[tuple[Row, Rule]]] = {verdict: [] for verdict in Verdict}
    for use in uses:
        rule = rules.get(use["id"], matrix.UNSAID)
        listed[rule.verdict].append((use, rule))
    return [(verdict, rows) for verdict, rows in listed.items() if rows]


def centre(db: sqlite3.Connection, plan: Row | None) -> tuple[float, float] | None:
    """The middle of the plan as (latitude, longitude), for maps that begin empty."""
    box = store.bounds(db, plan["id"]) if plan else None
    return ((box[1] + box[3]) / 2, (box[0] + box[2]) / 2) if box else None


def hectares(square_metres: float) -> float:
    return round(square_metres / 10_000, 1)


def middle_of(zone: Row) -> Point:
    return geometry.inside(json.loads(zone["sketch"]))
