"""The administrator's pages about what a permit type asks for."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, require_role, transaction
from werkzeug.wrappers import Response

from perizinan import catalogue
from perizinan.admin_forms import NeedForm
from perizinan.views.admin import found_type

pages = Blueprint("requirements", __name__, url_prefix="/admin/jenis/<int:type_id>/syarat")

View = str | Response | tuple[str, int]
MOST = 30


@pages.get("")
@require_role("administrator")
def overview(type_id: int) -> View:
    return _list(type_id, NeedForm(formdata=None, data={"position": _after(type_id)}))


@pages.post("")
@require_role("administrator")
def add(type_id: int) -> View:
    form = NeedForm()
    if not form.validate_on_submit():
        return _list(type_id, form), 400
    if len(catalogue.requirements(database(), type_id)) >= MOST:
        abort(409, _("A permit asks for at most %(most)s files. Join some of them.", most=MOST))
    with transaction() as db:
        catalogue.save_requirement(db, found_type(type_id)["id"], _values(form))
    flash(_("The requirement is kept."), "good")
    return redirect(url_for(".overview", type_id=type_id))


@pages.route("/<int:id>", methods=["GET", "POST"])
@require_role("administrator")
def edit(type_id: int, id: int) -> View:
    row = _found(type_id, id)
    form = NeedForm(data={key: row[key] for key in catalogue.NEED})
    if not form.validate_on_submit():
        page = render_template("perizinan/need_edit.html", type=found_type(type_id), need=row, form=form)
        return page, 400 if form.is_submitted() else 200
    with transaction() as db:
        catalogue.save_requirement(db, type_id, _values(form), id)
    flash(_("The requirement is kept."), "good")
    return redirect(url_for(".overview", type_id=type_id))


@pages.post("/<int:id>/hapus")
@require_role("administrator")
def drop(type_id: int, id: int) -> View:
    with transaction() as db:
        catalogue.drop_requirement(db, type_id, _found(type_id, id)["id"])
    flash(_("It is asked for no more. Files already sent stay with their applications."), "good")
    return redirect(url_for(".overview", type_id=type_id))


def _list(type_id: int, form: NeedForm) -> str:
    row = found_type(type_id)
    needs = catalogue.requirements(database(), type_id)
    return render_template("perizinan/needs.html", type=row, needs=needs, form=form)


def _found(type_id: int, id: int) -> sqlite3.Row:
    row = catalogue.requirement(database(), id)
    if row is None or row["type_id"] != type_id or not row["active"]:
        abort(404)
    return row


def _after(type_id: int) -> int:
    return len(catalogue.requirements(database(), type_id)) + 1


def _values(form: NeedForm) -> dict[str, object]:
    values = {key: form[key].data for key in catalogue.NEED}
    return {key: int(value) if isinstance(value, bool) else value or "" for key, value in values.items()}
