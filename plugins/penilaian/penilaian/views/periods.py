"""Periods: the people served in them, and closing them."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, person, require_role, transaction
from werkzeug.wrappers import Response

from penilaian import periods, results, store
from penilaian.rules import MOST_PEOPLE

pages = Blueprint("periods", __name__, url_prefix="/admin/periode")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def overview() -> str:
    """All periods."""
    with transaction() as db:
        periods.ensured(db, results.present().start, results.kind())
    listed = [(row, periods.plain(row), periods.may_close(row)) for row in periods.all(database())]
    return render_template("penilaian/periods.html", periods=listed)


@pages.route("/<code>", methods=["GET", "POST"])
@require_role("administrator")
def show(code: str) -> View:
    """How many people each service served in the period."""
    row = _found(code)
    targets = [one for one in store.targets(database()) if one["survey"]]
    given = {one["id"]: request.form.get(f"people-{one['id']}", "").strip().replace(".", "") for one in targets}
    wrong = [target_id for target_id, text in given.items() if text and not _is_number(text)]
    if request.method == "GET" or wrong:
        kept = periods.served(database(), row["code"])
        values = given if wrong else {one["id"]: kept.get(one["id"], "") for one in targets}
        page = render_template("penilaian/period.html", period=periods.plain(row), row=row, targets=targets,
                               values=values, wrong=wrong)  # fmt: skip
        return page, 422 if wrong else 200
    with transaction() as db:
        periods.save_served(db, row["code"], {one: int(text) if text else None for one, text in given.items()})
    flash(_("Saved."), "good")
    return redirect(url_for("periods.show", code=row["code"]), 303)


@pages.post("/<code>/tutup")
@require_role("administrator")
def close(code: str) -> Response:
    """Close for good."""
    row, who = _found(code), person()
    if not periods.may_close(row):
        abort(409, _("A period is closed once, after its last day."))
    with transaction() as db:
        periods.close(db, row["code"], who.name if who else "")
    flash(_("Closed: its results stay as they are now."), "good")
    return redirect(url_for("periods.overview"), 303)


def _found(code: str) -> sqlite3.Row:
    row = periods.found(database(), code)
    if row is None:
        abort(404)
    return row


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and 0 < int(text) <= MOST_PEOPLE
