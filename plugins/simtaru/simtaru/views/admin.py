"""The administrator's figures, and the versions of the plan: upload, look over, publish, discard."""

import json
import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, require_role, staff, today, transaction
from werkzeug.wrappers import Response

from simtaru import config, figures, importing, matrix, store
from simtaru.forms import PlanForm, PublishForm
from simtaru.importing import Read
from simtaru.rules import State
from simtaru.shapes import Kind, Problem
from simtaru.views import parts, public

pages = Blueprint("admin", __name__, url_prefix="/admin")
View = str | Response | tuple[str, int]
MOST_DRAWN = 200


@pages.get("")
@require_role("administrator")
def overview() -> str:
    """Look-ups and statements of the last 30 days."""
    db = database()
    return render_template(
        "simtaru/overview.html", service=figures.service(db), green=figures.green(db), plan=store.in_force(db),
        days=figures.lookups_by_day(db), classes=figures.lookups_by_class(db)[:12],
    )  # fmt: skip


@pages.get("/rencana")
@require_role("administrator")
def plans() -> str:
    """All versions, drafts first."""
    return _plans(PlanForm(formdata=None))


def _plans(form: PlanForm, read: Read | None = None) -> str:
    found = store.plans(database(), drafts=True)
    drawn = read.zones[:MOST_DRAWN] if read else []
    return render_template(
        "simtaru/admin_plans.html", plans=found, form=form, read=read,
        features=[_as_read(zone) for zone in drawn] + _places(read.problems if read else []),
    )  # fmt: skip


def _as_read(zone: importing.NewZone) -> parts.Feature:
    geometry = {"type": "MultiPolygon", "coordinates": zone.shape}
    properties = {"name": f"#{zone.feature} {zone.code}", "tone": "plain", "note": zone.block}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _places(problems: list[Problem]) -> list[parts.Feature]:
    """The places of problems, to be drawn above the zones."""
    placed = [problem for problem in problems if problem.place]
    return [parts.point(one.place, f"#{one.feature or '–'} {one.name}", "wrong") for one in placed if one.place]


@pages.post("/rencana")
@require_role("administrator")
def upload() -> View:
    """Judge a file, and keep it as a draft when nothing is wrong with it."""
    form, db = PlanForm(), database()
    if not form.validate_on_submit():
        return _plans(form), 400
    if store.is_full(db):
        form.form_errors.append(_("There are too many versions already. Discard drafts first."))
        return _plans(form), 409
    sent = form.file.data
    read = importing.read(sent.stream.read(importing.MOST_BYTES + 1), config.bounds())
    if read.problems:
        return _plans(form, read), 422
    with transaction() as db:
        plan_id = store.add_draft(
            db, form.title.data or "", sent.filename or "", read, staff().name, form.note.data or ""
        )
    flash(_("The draft was taken in. Look at it, then put it into force."), "good")
    return redirect(url_for("admin.plan", plan_id=plan_id), 303)


@pages.get("/rencana/<int:plan_id>")
@require_role("administrator")
def plan(plan_id: int) -> str:
    """One version with its warnings; a draft can be published or discarded here."""
    return _plan(_found(plan_id), PublishForm(formdata=None))


def _plan(found: sqlite3.Row, form: PublishForm) -> str:
    db = database()
    warnings = warnings_of(found)
    features = [parts.feature(zone) for zone in store.zones(db, found["id"])]
    return render_template(
        "simtaru/admin_plan.html", plan=found, form=form, warnings=warnings, features=[*features, *_places(warnings)],
        areas=store.areas(db, found["id"]), present=store.in_force(db),
        unsaid=matrix.unsaid_classes(db, found["id"]),
    )  # fmt: skip


def warnings_of(plan: sqlite3.Row) -> list[Problem]:
    """What was found when the file was read."""
    rows = json.loads(plan["warnings"])
    return [Problem(Kind(row["kind"]), row["feature"], row["name"], row["value"], tuple(row["place"])) for row in rows]


def _found(plan_id: int) -> sqlite3.Row:
    found = store.plan(database(), plan_id)
    if found is None:
        abort(404)
    return found


@pages.post("/rencana/<int:plan_id>/berlaku")
@require_role("administrator")
def publish(plan_id: int) -> View:
    """Put a draft into force; the present version becomes the last of the older ones."""
    found, form = _found(plan_id), PublishForm()
    if not form.validate_on_submit():
        return _plan(found, form), 400
    decided = form.decided_on.data or today()
    if store.publish(database(), plan_id, form.regulation.data or "", decided.isoformat()):
        flash(_("“%(title)s” is in force now.", title=found["title"]), "good")
    else:
        flash(_("Nothing was changed: this is no draft any more."), "warn")
    return redirect(url_for("admin.plan", plan_id=plan_id), 303)


@pages.post("/rencana/<int:plan_id>/salin")
@require_role("administrator")
def copy(plan_id: int) -> Response:
    """A draft that begins as another version: its zones and its matrix."""
    found = _found(plan_id)
    if store.is_full(database()):
        abort(409, _("There are too many versions already. Discard drafts first."))
    with transaction() as db:
        title = _("%(title)s (copy)", title=found["title"][:100])
        draft = store.copy(db, plan_id, title, staff().name)
    flash(_("The draft begins with the zones and the matrix of that version."), "good")
    return redirect(url_for("admin.plan", plan_id=draft), 303)


@pages.post("/rencana/<int:plan_id>/buang")
@require_role("administrator")
def discard(plan_id: int) -> Response:
    """Delete a draft."""
    if store.discard(database(), plan_id):
        flash(_("The draft was deleted."), "good")
    else:
        flash(_("Only drafts can be deleted; versions that were in force are kept."), "warn")
    return redirect(url_for("admin.plans"), 303)


@pages.get("/rencana/<int:plan_id>/banding")
@require_role("administrator")
def compare(plan_id: int) -> str:
    """A draft beside the plan in force."""
    found, present = _found(plan_id), store.in_force(database())
    if present is None or found["state"] != State.DRAFT:
        abort(404)
    return public.compared(present, found)
