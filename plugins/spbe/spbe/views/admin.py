"""The administrator: years, which office answers what, and closing."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, require_role, staff, tables, today
from lumbung_plugin.tables import Column
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from spbe import instruments, rules, store
from spbe.forms import FinalForm, UploadForm, YearForm
from spbe.rules import Round, State

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


@pages.route("/<int:value>/kementerian", methods=["GET", "POST"])
@require_role("administrator")
def ministry(value: int) -> View:
    """The ministry's levels from a CSV file, in the place of those there were; also for a final year."""
    db, form = database(), UploadForm()
    found = store.year(db, value) or abort(404)
    if not form.validate_on_submit():
        return _ministry(found, form, []), 400 if form.is_submitted() else 200
    read = tables.read(form.file.data.stream, _columns(store.instrument(found)), most_rows=200)
    problems = read.problems or _twice(read)
    if problems:
        return _ministry(found, form, problems), 422
    told = {row["number"]: (row["level"], row["note"] or "") for row in read.rows}
    store.lay_external(db, found["id"], told, staff())
    flash(_("%(count)s levels of the ministry were taken in.", count=len(told)), "good")
    return redirect(url_for("admin.ministry", value=value), 303)


def _ministry(found: sqlite3.Row, form: UploadForm, problems: list[tables.Problem]) -> str:
    db, chosen = database(), store.instrument(found)
    rounds = store.rounds(db, found["id"])
    scores = [(one, rules.score(chosen, chosen, rounds[one])) for one in Round if rounds[one]]
    return render_template(
        "spbe/ministry.html",
        year=found,
        instrument=chosen,
        form=form,
        problems=problems,
        by_round=rounds,
        rounds=scores,
    )


def _columns(chosen: instruments.Instrument) -> dict[str, Column]:
    numbers = {str(one.number): one.number for one in chosen.indicators}
    levels = {str(level): level for level in range(chosen.lowest, instruments.HIGHEST + 1)}
    return {
        "number": Column("nomor", tables.one_of(numbers), longest=3),
        "level": Column("tingkat", tables.one_of(levels), longest=1),
        "note": Column("catatan", required=False, longest=500),
    }


def _twice(read: tables.Read) -> list[tables.Problem]:
    """Indicators a file names twice."""
    seen: set[int] = set()
    wrong = []
    for line, row in zip(read.lines, read.rows, strict=True):
        if row["number"] in seen:
            wrong.append(tables.Problem(line, "nomor", _("This indicator is there twice.")))
        seen.add(row["number"])
    return wrong


@pages.post("/<int:value>/buka")
@require_role("administrator")
def reopen(value: int) -> Response:
    """Open a final year again; the public sees it no more until it is final."""
    found = store.year(database(), value) or abort(404)
    store.turn(database(), found["id"], State.OPEN, found["official"], found["note"])
    flash(_("The year is open again and no longer public."), "good")
    return redirect(url_for("admin.year", value=value), 303)
