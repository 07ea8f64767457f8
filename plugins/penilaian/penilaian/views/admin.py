"""The set-up: what is rated."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, require_role, transaction
from werkzeug.wrappers import Response

from penilaian import store
from penilaian.config import chosen
from penilaian.forms import TargetForm, options
from penilaian.rules import Kind

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def targets() -> str:
    """All that is rated, closed or not."""
    wanted = addresses.text("q")
    return render_template("penilaian/targets.html", targets=store.targets(database(), None, True, wanted),
                           wanted=wanted, officials=chosen()["officials"])  # fmt: skip


@pages.route("/sasaran/baru", methods=["GET", "POST"])
@require_role("administrator")
def add() -> View:
    """Something new to rate."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, None), 422 if form.errors else 200
    if len(store.targets(database(), None, True)) >= store.MOST_TARGETS:
        abort(409, _("At most %(n)d things can be rated.", n=store.MOST_TARGETS))
    return _saved(form, None)


@pages.route("/sasaran/<int:target_id>", methods=["GET", "POST"])
@require_role("administrator")
def change(target_id: int) -> View:
    """Change it, or close it: what has been rated stays counted."""
    row = store.target(database(), target_id)
    if row is None:
        abort(404)
    form = _form(row)
    if not form.validate_on_submit():
        return _page(form, row), 422 if form.errors else 200
    return _saved(form, row)


def _form(row: sqlite3.Row | None = None) -> TargetForm:
    db = database()
    form = TargetForm(data=dict(row) if row else None)
    listed = offices.listing(db)
    form.office_id.choices = options((one["id"], one["name"]) for one in listed)
    if row and row["office_id"] not in [one["id"] for one in listed]:
        form.office_id.choices += options([(row["office_id"], row["office"])])
    return form


def _page(form: TargetForm, row: sqlite3.Row | None) -> str:
    return render_template("penilaian/target_form.html", form=form, target=row, officials=chosen()["officials"])


def _saved(form: TargetForm, row: sqlite3.Row | None) -> View:
    values = {name: value for name, value in form.data.items() if name != "csrf_token"}
    values |= {name: int(bool(values[name])) for name in ("survey", "token_only", "active")}
    values |= {name: values[name] or "" for name in ("name_en", "number", "place")}
    if values["kind"] != Kind.OFFICIAL:
        values["number"] = ""
    with transaction() as db:
        saved = store.save(db, values, row["id"] if row else None)
    if saved is None:
        form.name.errors = [_("There is already one like this. Write a place or a number that tells them apart.")]
        return _page(form, row), 422
    flash(_("Saved. The poster with its QR code is ready to be printed."), "good")
    return redirect(url_for("admin.change", target_id=saved), 303)
