"""Operators look after their office's accounts, and judge reports of fakes."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, staff, transaction
from werkzeug.wrappers import Response

from kanal import accounts, fakes
from kanal.forms import JudgeForm, ProblemForm, VerifyForm
from kanal.words import FAKE_STATES

pages = Blueprint("checks", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]


@pages.get("/akun")
@require_role("operator")
def overview() -> str:
    """The accounts one looks after, those due first, and the offices without any."""
    db = database()
    office = accounts.staff_office(db)
    overdue = accounts.overdue(db, office)
    ids = {row["id"] for row in overdue}
    rest = [row for row in accounts.listed(db, office) if row["id"] not in ids]
    return render_template("kanal/checks.html", overdue=overdue, rest=rest,
                           without=accounts.without(db) if office is None else [])  # fmt: skip


@pages.route("/akun/<int:account_id>", methods=["GET", "POST"])
@require_role("operator")
def show(account_id: int) -> View:
    """One account: verify it."""
    row, form = _account(account_id), VerifyForm()
    if not form.validate_on_submit():
        return _page(row, form, ProblemForm(formdata=None)), 422 if form.errors else 200
    with transaction() as db:
        accounts.verify(db, account_id, str(form.how.data), staff().name)
    flash(_("Verified. The public sees since when."), "good")
    return redirect(url_for("checks.show", account_id=account_id), 303)


@pages.post("/akun/<int:account_id>/periksa")
@require_role("operator")
def check(account_id: int) -> Response:
    """Looked at today, all is well."""
    _account(account_id)
    with transaction() as db:
        accounts.check(db, account_id, staff().name)
    flash(_("Checked today."), "good")
    return redirect(url_for("checks.overview"), 303)


@pages.post("/akun/<int:account_id>/masalah")
@require_role("operator")
def problem(account_id: int) -> View:
    """Looked at today, something is wrong: the public is told at once not to rely on it."""
    row, form = _account(account_id), ProblemForm()
    if not form.validate_on_submit():
        return _page(row, VerifyForm(formdata=None), form), 422
    with transaction() as db:
        accounts.check(db, account_id, staff().name, str(form.problem.data))
    flash(_("Kept. The public sees that this account has a problem, until a check says that all is well."), "good")
    return redirect(url_for("checks.show", account_id=account_id), 303)


@pages.get("/palsu")
@require_role("operator")
def fake_list() -> str:
    """Reports of fakes by state."""
    state = addresses.choice("keadaan", set(FAKE_STATES)) or "waiting"
    return render_template("kanal/fakes.html", fakes=fakes.listed(database(), state), state=state)


@pages.route("/palsu/<int:fake_id>", methods=["GET", "POST"])
@require_role("operator")
def fake(fake_id: int) -> View:
    """Judge one."""
    row, form = fakes.found(database(), fake_id), JudgeForm()
    if row is None:
        abort(404)
    if not form.validate_on_submit():
        return render_template("kanal/fake.html", fake=row, form=form), 422 if form.errors else 200
    with transaction() as db:
        fakes.judge(db, fake_id, str(form.state.data), form.reason.data or "", staff().name)
    flash(_("Decided."), "good")
    return redirect(url_for("checks.fake_list"), 303)


def _page(row: sqlite3.Row, form: VerifyForm, wrong: ProblemForm) -> str:
    return render_template("kanal/account.html", account=row, form=form, wrong=wrong,
                           history=accounts.history(database(), row["id"]))  # fmt: skip


def _account(account_id: int) -> sqlite3.Row:
    row = accounts.found(database(), account_id, accounts.staff_office(database()))
    if row is None:
        abort(404)
    return row
