"""The administrator's pages under /admin: the lists of categories and OPD, and the export."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import connect, database, require_role, transaction
from werkzeug.wrappers import Response as BaseResponse

from lapor import export, lists
from lapor.calendar import today
from lapor.forms import CategoryForm, ExportForm, OfficeForm, choices

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | BaseResponse | tuple[str, int]


@pages.get("")
@require_role("administrator")
def overview() -> View:
    db = database()
    return render_template(
        "lapor/admin.html",
        categories=lists.categories(db, all_of_them=True),
        offices=lists.offices(db, all_of_them=True),
        export=ExportForm(formdata=None, data={"start": today() - timedelta(days=90), "end": today()}),
    )


@pages.route("/kategori", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/kategori/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def category(row_id: int | None) -> View:
    db = database()
    row = db.execute("SELECT * FROM category WHERE id = ?", (row_id,)).fetchone()
    if row_id is not None and row is None:
        abort(404)
    form = CategoryForm(data=dict(row) if row else None)
    form.opd_id.choices = choices(((opd["id"], opd["name"]) for opd in lists.offices(db)), _("None"))
    if not form.validate_on_submit():
        title = _("Category")
        return render_template("lapor/edit.html", form=form, title=title), 400 if form.is_submitted() else 200
    with transaction() as held:
        saved = lists.save_category(
            held, row_id, form.name.data, form.name_en.data or "", form.opd_id.data, form.active.data
        )
    return _saved(saved)


@pages.route("/opd", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/opd/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def office(row_id: int | None) -> View:
    row = database().execute("SELECT * FROM opd WHERE id = ?", (row_id,)).fetchone()
    if row_id is not None and row is None:
        abort(404)
    form = OfficeForm(data=dict(row) if row else None)
    if not form.validate_on_submit():
        title = _("Office (OPD)")
        return render_template("lapor/edit.html", form=form, title=title), 400 if form.is_submitted() else 200
    with transaction() as held:
        saved = lists.save_office(held, row_id, form.name.data, form.active.data)
    return _saved(saved)


@pages.post("/ekspor")
@require_role("administrator")
def download() -> View:
    form = ExportForm()
    if not form.validate_on_submit():
        db = database()
        page = render_template(
            "lapor/admin.html",
            categories=lists.categories(db, all_of_them=True),
            offices=lists.offices(db, all_of_them=True),
            export=form,
        )
        return page, 400
    start, end = form.start.data.isoformat(), form.end.data.isoformat()
    rows = _rows(start, end, form.state.data or "", form.contacts.data)
    response = Response(rows, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="lapor-{start}-{end}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(start: str, end: str, state: str, contacts: bool) -> Iterator[str]:
    # The file is sent after the request's own connection is closed.
    with closing(connect()) as db:
        yield from export.lines(db, start, end, state, contacts)


def _saved(saved: bool) -> BaseResponse:
    words = _("Saved.") if saved else _("Nothing was changed: there is already one with this name.")
    flash(words, "good" if saved else "warn")
    return redirect(url_for(".overview"))
