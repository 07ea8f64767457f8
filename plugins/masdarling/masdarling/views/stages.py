"""The administrator steers the roll-out: stages with their days, and how far each kelurahan has come."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from lumbung_plugin import database, require_role, today
from werkzeug.wrappers import Response

from masdarling import rollout, rules, words
from masdarling.forms import ReachForm, StageForm
from masdarling.rules import Refused

pages = Blueprint("stages", __name__, url_prefix="/admin/perluasan")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def listing() -> str:
    """Stages and kelurahan."""
    day = today()
    states = [
        (row, rules.stage_state(date.fromisoformat(row["begins"]), date.fromisoformat(row["ends"]), day))
        for row in rollout.stages(database())
    ]
    return render_template("masdarling/admin_rollout.html", stages=states, kelurahan=rollout.kelurahan(database()))


@pages.route("/kelurahan/baru", methods=["GET", "POST"])
@require_role("administrator")
def new_kelurahan() -> View:
    """Add a kelurahan."""
    return _kelurahan_page(None)


@pages.route("/kelurahan/<int:kelurahan_id>", methods=["GET", "POST"])
@require_role("administrator")
def kelurahan(kelurahan_id: int) -> View:
    """Say how far a kelurahan has come."""
    return _kelurahan_page(kelurahan_id)


@pages.route("/tahap/baru", methods=["GET", "POST"])
@require_role("administrator")
def new_stage() -> View:
    """Add a stage."""
    return _stage_page(None)


@pages.route("/tahap/<int:stage_id>", methods=["GET", "POST"])
@require_role("administrator")
def stage(stage_id: int) -> View:
    """Change a stage."""
    return _stage_page(stage_id)


def _kelurahan_page(kelurahan_id: int | None) -> View:
    db = database()
    found = next((row for row in rollout.kelurahan(db) if row["id"] == kelurahan_id), None)
    if kelurahan_id and found is None:
        abort(404)
    values = (
        dict(found) | {"started": date.fromisoformat(found["started"]) if found["started"] else None} if found else {}
    )
    form = ReachForm(data=values)
    if form.validate_on_submit():
        try:
            rollout.save_kelurahan(
                db, kelurahan_id, form.name.data, form.reach.data, form.started.data, form.note.data or ""
            )
            flash(gettext("The kelurahan was saved."), "good")
            return redirect(url_for("stages.listing"), 303)
        except Refused as refused:
            field = form.started if refused.reason is rules.Refusal.STARTED_MISSING else form.name
            field.errors = [words.sentence(refused)]
    page = render_template("masdarling/kelurahan_form.html", form=form, kelurahan=found)
    return (page, 422) if form.errors else page


def _stage_page(stage_id: int | None) -> View:
    db = database()
    found = next((row for row in rollout.stages(db) if row["id"] == stage_id), None)
    if stage_id and found is None:
        abort(404)
    days = {name: date.fromisoformat(found[name]) for name in ("begins", "ends")} if found else {}
    form = StageForm(data=dict(found) | days if found else {})
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("name", "aim")} | {"name_en": form.name_en.data or ""}
        values |= {"begins": form.begins.data.isoformat(), "ends": form.ends.data.isoformat()}
        try:
            rollout.save_stage(db, stage_id, values)
            flash(gettext("The stage was saved."), "good")
            return redirect(url_for("stages.listing"), 303)
        except Refused as refused:
            field = form.ends if refused.reason is rules.Refusal.STAGE_DAYS else form.name
            field.errors = [words.sentence(refused)]
    page = render_template("masdarling/stage_form.html", form=form, stage=found)
    return (page, 422) if form.errors else page
