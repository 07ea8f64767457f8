"""Follow-up: what the offices do about their weak elements."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import clock, database, offices, require_role, transaction
from werkzeug.wrappers import Response

from penilaian import periods, plans, results, store
from penilaian.forms import PlanForm, options

pages = Blueprint("plans", __name__, url_prefix="/kerja/rencana")

View = str | Response | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
@require_role("operator")
def overview() -> View:
    """All plans one may see, and a new one."""
    db, form = database(), PlanForm()
    mine = store.staff_office(db)
    form.office_id.choices = options(
        (one["id"], one["name"]) for one in offices.listing(db) if mine is None or one["id"] == mine
    )
    if not form.validate_on_submit():
        page = render_template("penilaian/plans.html", form=form, plans=plans.listed(db, mine))
        return page, 422 if form.errors else 200
    with transaction() as held:
        period = periods.ensured(held, clock.today(), results.kind())
        made = plans.add(held, form.office_id.data, period, form.element.data, form.action.data or "", form.due.data)
    flash(_("The plan is public now.") if made else _("The same plan stands here already."), "good" if made else "warn")
    return redirect(url_for("plans.overview"), 303)


@pages.post("/<int:plan_id>")
@require_role("operator")
def turn(plan_id: int) -> Response:
    """Done, or still to do after all."""
    with transaction() as db:
        changed = plans.turn(db, plan_id, store.staff_office(database()), request.form.get("done") == "1")
    if not changed:
        abort(404)
    flash(_("Saved."), "good")
    return redirect(url_for("plans.overview"), 303)
