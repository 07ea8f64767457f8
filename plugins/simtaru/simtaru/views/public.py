"""What everybody sees: the map, a place, classes, uses, versions of the plan, and whether a statement is genuine."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, session
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, maps

from simtaru import classes, config, landmarks, matrix, rules, statements, store
from simtaru.forms import LookForm
from simtaru.rules import State, Verdict
from simtaru.views import parts

pages = Blueprint("public", __name__)

MOST_INLINE = 60_000
"""Letters of all outlines together up to which the first page holds the map itself; larger ones are fetched."""


@pages.get("/")
def home() -> str:
    """The map of the plan in force with its legend, and the two ways to look a place up."""
    db = database()
    plan = store.in_force(db)
    if plan is None:
        return render_template("simtaru/empty.html")
    zones = store.zones(db, plan["id"])
    large = sum(len(zone["sketch"]) for zone in zones) > MOST_INLINE
    return render_template(
        "simtaru/home.html",
        plan=plan,
        features=[] if large else [parts.feature(zone) for zone in zones],
        large=large,
        areas=store.areas(db, plan["id"]),
        intro=config.intro(),
    )


@pages.get("/peta.json")
def drawn() -> dict[str, Any]:
    """The zones as the map draws them, where they are too many for the first page."""
    db = database()
    plan = store.in_force(db) or abort(404)
    features = [parts.feature(zone) for zone in store.zones(db, plan["id"])]
    return {"type": "FeatureCollection", "features": features}


@pages.get("/peta.svg")
def picture() -> Response:
    """The same as a picture, for browsers without scripts."""
    db = database()
    plan = store.in_force(db) or abort(404)
    drawing = maps.shape([parts.feature(zone, linked=False) for zone in store.zones(db, plan["id"])])
    return Response(render_template("simtaru/map.svg", drawing=drawing), mimetype="image/svg+xml")


@pages.get("/cek")
def look() -> str | tuple[str, int]:
    """A place by coordinates, and what may be done there; or by words from the gazetteer."""
    db = database()
    plan = store.in_force(db)
    if plan is None:
        return render_template("simtaru/empty.html")
    query = addresses.text("q")
    found = landmarks.search(db, query) if query else []
    form = _look_form(found)
    place = form.place()
    typed = bool(form.lat.data or form.lon.data)
    if typed and place is None:
        form.validate()
    if place is None:
        shown = render_template(
            "simtaru/look.html", plan=plan, form=form, query=query, found=found, base=_base(db, plan),
            centre=parts.centre(db, plan),
        )  # fmt: skip
        return (shown, 422) if typed else shown
    told = parts.answer(db, plan, place, matrix.use(db, form.use.data or ""))
    _count(db, told.code)
    name = found[0]["name"] if len(found) == 1 and not typed else _("The place")
    return render_template(
        "simtaru/answer.html", plan=plan, form=form, place=place, answer=told, name=name,
        features=parts.around(db, plan, place, name),
        uses=parts.grouped(matrix.of_class(db, plan["id"], told.code), matrix.uses(db)) if told.zone else [],
    )  # fmt: skip


def _look_form(found: list[sqlite3.Row]) -> LookForm:
    """The form as sent; the only place found by words fills it in."""
    form = LookForm(request.args)
    form.use.choices = parts.use_choices(_("All uses"))
    if len(found) == 1 and not form.lat.data:
        form.lat.data, form.lon.data = str(found[0]["lat"]), str(found[0]["lon"])
    return form


def _base(db: sqlite3.Connection, plan: sqlite3.Row) -> list[parts.Feature]:
    return [parts.outline(zone) for zone in store.zones(db, plan["id"])]


def _count(db: sqlite3.Connection, code: str) -> None:
    """One browser counts once for a class and day: reloading a page is no look-up."""
    marks = session.get("looked", [])
    marks = marks if isinstance(marks, list) else []
    if code not in marks:
        session["looked"] = [*marks, code][-20:]
        store.count_lookup(db, code)


@pages.get("/zona")
def zones() -> str:
    """All classes of the plan in force with their area."""
    plan = store.in_force(database())
    if plan is None:
        return render_template("simtaru/empty.html")
    areas = store.areas(database(), plan["id"])
    share = rules.green_share({area.code: area.area for area in areas})
    return render_template(
        "simtaru/zones.html", plan=plan, areas=areas, green=share, target=rules.GREEN_TARGET, groups=classes.groups(),
        source=classes.source(),
    )  # fmt: skip


@pages.get("/zona/<code>")
def zone_class(code: str) -> str:
    """One class: where it lies, and what may be done in it."""
    db = database()
    plan = store.in_force(db)
    if not classes.exists(code):
        abort(404)
    if plan is None:
        return render_template("simtaru/empty.html")
    found = store.zones(db, plan["id"], code)
    return render_template(
        "simtaru/zone_class.html", plan=plan, code=code, kind=classes.of(code), zones=found, base=_base(db, plan),
        features=[parts.feature(zone, linked=False) for zone in found],
        uses=parts.grouped(matrix.of_class(db, plan["id"], code), matrix.uses(db)),
    )  # fmt: skip


@pages.get("/kegiatan")
def uses() -> str:
    """All uses by group."""
    return render_template("simtaru/uses.html", plan=store.in_force(database()), uses=matrix.uses(database()))


@pages.get("/kegiatan/<code>")
def use(code: str) -> str:
    """One use: where in the city it is allowed."""
    db = database()
    plan, found = store.in_force(db), matrix.use(db, code)
    if found is None:
        abort(404)
    if plan is None:
        return render_template("simtaru/empty.html")
    said = matrix.of_use(db, plan["id"], found["id"])

    def verdict(zone_code: str) -> Verdict:
        return said.get(classes.base(zone_code), matrix.UNSAID).verdict

    zones = store.zones(db, plan["id"])
    areas = store.areas(db, plan["id"])
    listed = [(area, said.get(classes.base(area.code), matrix.UNSAID)) for area in areas]
    order = list(Verdict)
    return render_template(
        "simtaru/use.html", plan=plan, use=found, features=[parts.toned(zone, verdict(zone["code"])) for zone in zones],
        listed=sorted(listed, key=lambda row: (order.index(row[1].verdict), row[0].code)), order=order,
    )  # fmt: skip


@pages.get("/rencana")
def plans() -> str:
    """The versions of the plan that were ever in force."""
    return render_template("simtaru/plans.html", plans=store.plans(database()))


@pages.get("/rencana/<int:plan_id>")
def plan(plan_id: int) -> str:
    """One version, with its map."""
    db = database()
    found = store.plan(db, plan_id)
    if found is None or found["state"] == State.DRAFT:
        abort(404)
    return render_template(
        "simtaru/plan.html", plan=found, areas=store.areas(db, plan_id),
        features=[parts.feature(zone) for zone in store.zones(db, plan_id)],
        others=[one for one in store.plans(db) if one["id"] != plan_id],
    )  # fmt: skip


@pages.get("/rencana/banding")
def compare() -> str:
    """Two versions: areas by class, and which places changed."""
    db = database()
    before, after = (store.plan(db, addresses.number(name) or 0) for name in ("dari", "ke"))
    if before is None or after is None or State.DRAFT in (before["state"], after["state"]):
        abort(404)
    return compared(before, after)


def compared(before: sqlite3.Row, after: sqlite3.Row) -> str:
    """The page of a comparison, for drafts too where an administrator asks."""
    db = database()
    then, later = ({area.code: area.area for area in store.areas(db, one["id"])} for one in (before, after))
    changed = store.changes(db, before["id"], after["id"])
    rows = sorted((code, then.get(code, 0.0), later.get(code, 0.0)) for code in {*then, *later})
    return render_template(
        "simtaru/compare.html", before=before, after=after, rows=rows, changes=changed,
        ruled=matrix.changes(db, before["id"], after["id"]),
        base=[parts.outline(zone) for zone in store.zones(db, after["id"])],
        features=[parts.point(one.place, f"{one.before or '–'} → {one.after}", "warn", one.block) for one in changed],
    )  # fmt: skip


@pages.get("/peta.geojson")
def geojson() -> Response:
    """The plan in force as open data."""
    db = database()
    plan = store.in_force(db) or abort(404)
    answer = Response("".join(store.exported(db, plan)), mimetype="application/geo+json")
    answer.headers["Content-Disposition"] = 'attachment; filename="peta.geojson"'
    return answer


@pages.get("/periksa/<code>")
def check(code: str) -> tuple[str, int]:
    """Whether a statement is genuine, for whoever holds the paper; no name in full, no address."""
    found = statements.checked(database(), code[:40]) if code else None
    return render_template("simtaru/check.html", found=found), 200 if found else 404


@pages.get("/tentang")
def about() -> str:
    """Sources, words, and what is kept of whom."""
    return render_template("simtaru/about.html", source=classes.source(), plan=store.in_force(database()))
