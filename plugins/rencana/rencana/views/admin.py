"""The administrator's pages under /admin: programmes, aims, stages."""

import sqlite3
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import attachments, database, offices, require_role, today, transaction

from rencana import plan, work
from rencana.forms import AimForm, ProgrammeForm, StageForm, listed
from rencana.plan import Wanted
from rencana.views.common import View, act, found_programme, to_programme
from rencana.work import NewProgramme

pages = Blueprint("admin", __name__, url_prefix="/admin")

COLUMNS = {"aim": ("name", "name_en", "text", "text_en", "position"), "stage": ("name", "name_en", "first", "last")}


@pages.get("")
@require_role("administrator")
def overview() -> View:
    return render_template("rencana/admin.html", found=plan.programmes(database(), Wanted(), today()))


@pages.route("/program", methods=["GET", "POST"], defaults={"programme_id": None})
@pages.route("/program/<int:programme_id>", methods=["GET", "POST"])
@require_role("administrator")
def programme(programme_id: int | None) -> View:
    db = database()
    given: dict[str, Any] = {}
    if programme_id is not None:
        row = dict(found_programme(programme_id).row)
        days = {name: date.fromisoformat(row[name]) for name in ("begins", "ends")}
        given = {**row, **days, "partners": [one["id"] for one in plan.partners(db, programme_id)]}
    form = _programme_form(db, given)
    if not form.validate_on_submit():
        page = render_template("rencana/edit.html", form=form, programme_id=programme_id, title=_("Programme"))
        return page, 400 if form.is_submitted() else 200
    saved = list[int]()
    act(lambda held, who: saved.append(work.save_programme(held, who, programme_id, _new(form))), _("Saved."))
    return to_programme(saved[0])


@pages.post("/program/<int:programme_id>/hapus")
@require_role("administrator")
def delete(programme_id: int) -> View:
    found_programme(programme_id)
    files = list[str]()
    act(lambda db, who: files.extend(work.delete_programme(db, programme_id)), _("The programme is deleted."))
    attachments.discard(files)
    return redirect(url_for(".overview"))


@pages.route("/tujuan", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/tujuan/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def aims(row_id: int | None) -> View:
    return _list_page("aim", AimForm, row_id, _("Aims"), "admin.aims", plan.aims(database()))


@pages.route("/tahap", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/tahap/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def stages(row_id: int | None) -> View:
    return _list_page("stage", StageForm, row_id, _("Stages"), "admin.stages", plan.stages(database()))


def _list_page(
    table: str, kind: type[Any], row_id: int | None, title: str, endpoint: str, rows: list[sqlite3.Row]
) -> View:
    row = next((one for one in rows if one["id"] == row_id), None)
    if row_id is not None and row is None:
        abort(404)
    form = kind(data=dict(row) if row else {"position": len(rows) + 1})
    if not form.validate_on_submit():
        page = render_template("rencana/names.html", form=form, row=row, rows=rows, title=title, endpoint=endpoint)
        return page, 400 if form.is_submitted() else 200
    saved = _saved(table, row_id, [form[column].data or "" for column in COLUMNS[table]])
    words = _("Saved.") if saved else _("Nothing was changed: there is already one with this name.")
    flash(words, "good" if saved else "warn")
    return redirect(url_for(endpoint))


def _saved(table: str, row_id: int | None, values: list[Any]) -> bool:
    """Write a row of a list; False when its name is taken."""
    columns = COLUMNS[table]
    try:
        with transaction() as db:
            if row_id is None:
                marks = ", ".join("?" * len(columns))
                db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)  # noqa: S608
            else:
                setting = ", ".join(f"{column} = ?" for column in columns)
                db.execute(f"UPDATE {table} SET {setting} WHERE id = ?", [*values, row_id])  # noqa: S608
    except sqlite3.IntegrityError:
        return False
    return True


def _programme_form(db: sqlite3.Connection, given: dict[str, Any]) -> ProgrammeForm:
    form = ProgrammeForm(data=given)
    known = offices.listing(db)
    form.aim_id.choices = listed(plan.aims(db), _("Choose …"))
    form.owner_id.choices = listed(known, _("Choose …"))
    form.partners.choices = listed(known)
    return form


def _new(form: ProgrammeForm) -> NewProgramme:
    return NewProgramme(
        form.aim_id.data, form.name.data or "", form.summary.data or "", form.quick.data, form.owner_id.data,
        form.begins.data, form.ends.data, tuple(form.partners.data or ()),  # type: ignore[arg-type]
    )  # fmt: skip
