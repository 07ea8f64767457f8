"""What other plugins of the city may ask, with their city's consent: the zone of a place and what it allows."""

from typing import Any

from flask import Blueprint, request
from lumbung_plugin import database, public_url

from simtaru import classes, matrix, rules, store
from simtaru.rules import Verdict
from simtaru.views import parts

pages = Blueprint("siblings", __name__, url_prefix="/_zona")
View = dict[str, Any] | tuple[dict[str, Any], int]

WANTED = "lat and lon in decimal degrees within Indonesia, use one of /kegiatan or absent"


@pages.get("")
def zone() -> View:
    """`?lat=0.12&lon=117.48&use=RUKO`: zone, use, verdict, conditions and the public page of the place."""
    db = database()
    place = rules.place_of(request.args.get("lat", ""), request.args.get("lon", ""))
    asked = request.args.get("use", "")
    use = matrix.use(db, asked) if asked else None
    if place is None or (asked and use is None):
        return {"error": WANTED}, 422
    plan = store.in_force(db)
    url = public_url("public.look", lat=place[1], lon=place[0], use=asked or None)
    if plan is None:
        return _told(None, use, matrix.UNSAID, url)
    told = parts.answer(db, plan, place, use)
    store.count_lookup(db, told.code)
    return _told(told.zone, use, told.rule, url)


@pages.get("/kegiatan")
def uses() -> View:
    """All uses that may be asked for."""
    return {"uses": [_use(row) for row in matrix.uses(database())]}


def _told(zone: parts.Row | None, use: parts.Row | None, rule: matrix.Rule, url: str) -> dict[str, Any]:
    return {
        "zone": _zone(zone["code"]) if zone else None,
        "use": _use(use) if use else None,
        "verdict": rule.verdict if zone else Verdict.UNKNOWN,
        "conditions": rule.conditions,
        "conditions_en": rule.conditions_en,
        "url": url,
    }


def _zone(code: str) -> dict[str, str]:
    kind = classes.of(code)
    return {"code": code, "name": kind.name, "name_en": kind.name_en, "class": kind.zone}


def _use(row: parts.Row) -> dict[str, str]:
    return {"code": row["code"], "name": row["name"], "name_en": row["name_en"]}
