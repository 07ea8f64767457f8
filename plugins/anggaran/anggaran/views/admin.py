"""The administrator's pages under /admin: years and versions, ceilings, criteria, reasons, programmes."""

import sqlite3
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, require_role, settings

from anggaran import ceilings, lists, years
from anggaran.forms import (
    CauseForm,
    CeilingForm,
    CriterionForm,
    NameForm,
    NextForm,
    PlaceForm,
    YearForm,
    choices,
    listed,
)
from anggaran.views.common import View, act, chosen_version

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.get("")
@require_role("administrator")
def overview() -> View:
    return _overview(_year_form(fresh=True))


@pages.post("/tahun")
@require_role("administrator")
def year() -> View:
    form = _year_form()
    if not form.validate_on_submit():
        return _overview(form), 400
    act(
        lambda db, who: years.open_year(db, who, form.year.data, form.stage.data, form.copy_from.data),
        _("The budget year is open. Offices can propose now."),
    )
    return redirect(url_for(".overview"))


@pages.post("/tahun/<int:year_id>/versi")
@require_role("administrator")
def next_version(year_id: int) -> View:
    if not database().execute("SELECT 1 FROM year WHERE id = ?", (year_id,)).fetchone():
        abort(404)
    form = NextForm()
    form.stage.choices = choices((name, name) for name in settings()["stages"])
    if form.validate_on_submit():
        act(lambda db, who: years.open_next(db, who, year_id, form.stage.data), _("The next version is open."))
    return redirect(url_for(".overview"))


@pages.post("/versi/<int:version_id>/tetapkan")
@require_role("administrator")
def freeze(version_id: int) -> View:
    act(lambda db, who: years.freeze(db, who, version_id), _("Frozen: nothing in this version changes any more."))
    return redirect(url_for(".overview"))


@pages.route("/pagu", methods=["GET", "POST"])
@require_role("administrator")
def limits() -> View:
    db = database()
    versions = years.versions(db)
    version = chosen_version(db, versions) if addresses.number("versi") else years.present(db)
    if version is None:
        return render_template("anggaran/no_year.html")
    form = _ceiling_form(db)
    if form.validate_on_submit():
        act(
            lambda held, who: ceilings.settle(
                held, who, version["id"], form.office_id.data, form.programme_id.data, form.amount.data
            ),
            _("The ceiling is set."),
        )
        return redirect(url_for(".limits", versi=version["id"]))
    page = render_template(
        "anggaran/limits.html", version=version, versions=versions, form=form,
        rows=ceilings.listing(db, version["id"]), named=ceilings.named,
    )  # fmt: skip
    return page, 400 if form.is_submitted() else 200


@pages.post("/pagu/<int:ceiling_id>/hapus")
@require_role("administrator")
def remove_limit(ceiling_id: int) -> View:
    act(lambda db, who: ceilings.remove(db, who, ceiling_id), _("The ceiling is taken away."))
    return redirect(url_for(".limits"))


@pages.route("/kriteria", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/kriteria/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def criteria(row_id: int | None) -> View:
    return _list_page("criterion", CriterionForm, row_id, _("Criteria"), ".criteria")


@pages.route("/alasan", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/alasan/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def causes(row_id: int | None) -> View:
    return _list_page("cause", CauseForm, row_id, _("Kinds of reasons"), ".causes")


@pages.route("/tempat", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/tempat/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def places(row_id: int | None) -> View:
    return _list_page("place", PlaceForm, row_id, _("Kelurahan"), ".places")


@pages.route("/program", methods=["GET", "POST"])
@require_role("administrator")
def programmes() -> View:
    """The codes of programmes and activities; a file that is taken in adds its own."""
    db, form = database(), NameForm()
    if form.validate_on_submit():
        refusal = lists.code_refusal(db, form.code.data or "")
        if refusal is None:
            act(lambda held, who: lists.save_code(held, who, form.code.data or "", form.name.data or ""), _("Saved."))
            return redirect(url_for(".programmes"))
        form.code.errors = [refusal]
    page = render_template("anggaran/programmes.html", form=form, groups=lists.programmes(db))
    return page, 400 if form.is_submitted() else 200


def _list_page(table: str, kind: type[Any], row_id: int | None, title: str, endpoint: str) -> View:
    db = database()
    row = lists.row(db, table, row_id)
    if row_id is not None and row is None:
        abort(404)
    form = kind(data=dict(row) if row else None)
    if form.validate_on_submit():
        values = {name: value for name, value in form.data.items() if name != "csrf_token"}
        if lists.taken(db, table, form.name.data, row_id):
            flash(_("Nothing was changed: there is already one with this name."), "warn")
        else:
            act(lambda held, who: lists.save(held, who, table, row_id, values), _("Saved."))
        return redirect(url_for(endpoint))
    page = render_template(
        "anggaran/names.html", title=title, form=form, row=row, rows=lists.rows(db, table), endpoint=f"admin{endpoint}"
    )
    return page, 400 if form.is_submitted() else 200


def _overview(form: YearForm) -> str:
    db = database()
    versions = years.versions(db)
    used: dict[int, set[str]] = {}
    for row in versions:
        used.setdefault(row["year_id"], set()).add(row["stage"].casefold())
    forms = {}
    for year_id, taken in used.items():
        forms[year_id] = NextForm(formdata=None)
        free = [name for name in settings()["stages"] if name.casefold() not in taken]
        forms[year_id].stage.choices = choices((name, name) for name in free)
    return render_template(
        "anggaran/admin.html", versions=versions, counts=years.counts(db), form=form, next_forms=forms
    )


def _year_form(fresh: bool = False) -> YearForm:
    form = YearForm(**({"formdata": None} if fresh else {}))
    form.stage.choices = choices((name, name) for name in settings()["stages"])
    versions = years.versions(database())
    form.copy_from.choices = choices(((row["id"], f"{row['year']} {row['stage']}") for row in versions), _("Nothing"))
    return form


def _ceiling_form(db: sqlite3.Connection) -> CeilingForm:
    form = CeilingForm()
    form.office_id.choices = listed(offices.listing(db), _("All offices"))
    rows = db.execute("SELECT id, code || ' ' || name AS name FROM programme ORDER BY code")
    form.programme_id.choices = listed(rows, _("All programmes"))
    return form
