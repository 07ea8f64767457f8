"""The administrator: years, which office answers what, and closing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, require_role, today
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from spbe import instruments, rules, store
from spbe.forms import FinalForm, YearForm
from spbe.rules import State

pages = Blueprint("admin", __name__, url_prefix="/admin")
View = str | Response | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
@require_role("administrator")
def years() -> View:
    """All years; begin one."""
    form = YearForm()
    form.instrument.choices = [SelectChoice(one.id, one.name) for one in reversed(instruments.known().values())]
    if not form.is_submitted():
        form.year.data = today().year
        form.instrument.data = instruments.of_year(today().year).id
    if not form.validate_on_submit():
        return _years(form), 400 if form.is_submitted() else 200
    value = form.year.data or 0
    if not store.open_year(database(), value, instruments.known()[form.instrument.data]):
        form.year.errors = [_("This year is there already.")]
        return _years(form), 409
    flash(_("The year was begun. Say which office answers what."), "good")
    return redirect(url_for("admin.year", value=value), 303)


def _years(form: YearForm) -> str:
    db = database()
    rows = []
    for year in store.years(db):
        chosen = store.instrument(year)
        rows.append((year, chosen, rules.score(chosen, chosen, store.levels(db, year["id"]))))
    return render_template("spbe/years.html", form=form, rows=rows)


@pages.get("/<int:value>")
@require_role("administrator")
def year(value: int) -> str:
    """One year: assignments, and closing it."""
    return _year(value, FinalForm(formdata=None))


def _year(value: int, form: FinalForm) -> str:
    db = database()
    found = store.year(db, value) or abort(404)
    chosen, rows = store.instrument(found), store.answers(db, found["id"])
    return render_template(
        "spbe/admin_year.html", year=found, instrument=chosen, rows=rows, offices=offices.listing(db), form=form,
        standing=store.standing, whole=rules.score(chosen, chosen, store.levels(db, found["id"])),
        unreviewed=sum(row["reviewed"] is None for row in rows.values()),
    )  # fmt: skip


@pages.post("/<int:value>/pembagian")
@require_role("administrator")
def assign(value: int) -> Response:
    """Which office answers which indicator."""
    db = database()
    found = store.year(db, value) or abort(404)
    known = {str(row["id"]): row["id"] for row in offices.all(db, also_closed=True)}
    numbers = [one.number for one in store.instrument(found).indicators]
    wanted = {number: known.get(request.form.get(f"office-{number}", "")) for number in numbers}
    store.assign(db, found["id"], wanted)
    flash(_("The assignments were saved."), "good")
    return redirect(url_for("admin.year", value=value), 303)


@pages.post("/<int:value>/final")
@require_role("administrator")
def close(value: int) -> View:
    """Make a year final and public."""
    found, form = store.year(database(), value) or abort(404), FinalForm()
    if not form.validate_on_submit():
        return _year(value, form), 400
    official = str(form.official.data) if form.official.data is not None else ""
    store.turn(database(), found["id"], State.FINAL, official, form.note.data or "")
    flash(_("The year is final and public now."), "good")
    return redirect(url_for("admin.year", value=value), 303)


@pages.post("/<int:value>/buka")
@require_role("administrator")
def reopen(value: int) -> Response:
    """Open a final year again; the public sees it no more until it is final."""
    found = store.year(database(), value) or abort(404)
    store.turn(database(), found["id"], State.OPEN, found["official"], found["note"])
    flash(_("The year is open again and no longer public."), "good")
    return redirect(url_for("admin.year", value=value), 303)
