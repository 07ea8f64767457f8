"""The administrator's pages: permit types and their service standard, the calendar that counts."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, require_role, settings, today, transaction, workdays
from lumbung_plugin.forms import choices
from werkzeug.wrappers import Response

from perizinan import catalogue, zoning
from perizinan.admin_forms import TypeForm

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | Response | tuple[str, int]
YEARS = range(2000, 2101)


@pages.get("")
@require_role("administrator")
def overview() -> View:
    db = database()
    counted = {row["type_id"]: row["n"] for row in db.execute(
        "SELECT type_id, count(*) AS n FROM requirement WHERE active = 1 GROUP BY type_id")}  # fmt: skip
    return render_template("perizinan/admin.html", types=catalogue.types(db, also_closed=True), counted=counted)


@pages.route("/jenis/baru", methods=["GET", "POST"])
@require_role("administrator")
def add() -> View:
    form = _form(TypeForm(data={"days": 5, "valid_months": 12, "active": False}))
    if not form.validate_on_submit():
        page = render_template("perizinan/type_edit.html", form=form, type=None, uses=zoning.uses())
        return page, 400 if form.is_submitted() else 200
    with transaction() as db:
        type_id = catalogue.save_type(db, _values(form))
    if type_id is None:
        return _taken(form, None)
    flash(_("The permit type is kept. Add what applicants must send, then open it."), "good")
    return redirect(url_for("requirements.overview", type_id=type_id))


@pages.route("/jenis/<int:type_id>", methods=["GET", "POST"])
@require_role("administrator")
def edit(type_id: int) -> View:
    row = found_type(type_id)
    form = _form(TypeForm(data={key: row[key] for key in catalogue.COLUMNS}))
    if not form.validate_on_submit():
        page = render_template("perizinan/type_edit.html", form=form, type=row, uses=zoning.uses())
        return page, 400 if form.is_submitted() else 200
    with transaction() as db:
        saved = catalogue.save_type(db, _values(form), type_id)
    if saved is None:
        return _taken(form, row)
    flash(_("Saved. Applications sent before keep the days they were promised."), "good")
    return redirect(url_for(".overview"))


@pages.get("/kalender")
@require_role("administrator")
def calendar() -> View:
    """The holidays deadlines leave out."""
    year = addresses.number("tahun")
    year = year if year in YEARS else today().year
    return render_template(
        "perizinan/calendar.html", year=year, days=workdays.holidays_of(year), own=settings()["holidays"]
    )


def found_type(type_id: int) -> sqlite3.Row:
    """A permit type, open or closed; 404 otherwise."""
    return catalogue.by_id(database(), type_id) or abort(404)


def _form(form: TypeForm) -> TypeForm:
    listed = offices.listing(database())
    form.office_id.choices = choices(((row["id"], row["name"]) for row in listed), _("All offices"))
    return form


def _values(form: TypeForm) -> dict[str, object]:
    values = {key: form[key].data for key in catalogue.COLUMNS}
    return {key: int(value) if isinstance(value, bool) else ("" if value is None and key != "office_id" else value)
            for key, value in values.items()}  # fmt: skip


def _taken(form: TypeForm, row: sqlite3.Row | None) -> View:
    form.name.errors = [_("There is already a permit type with this name or these letters.")]
    return render_template("perizinan/type_edit.html", form=form, type=row, uses=zoning.uses()), 400
