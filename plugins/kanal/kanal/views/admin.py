"""The set-up: accounts, and how the webhook is connected."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, public_url, require_role, transaction
from werkzeug.wrappers import Response

from kanal import accounts, signing
from kanal.config import chosen
from kanal.forms import AccountForm, options
from kanal.platforms import PLATFORMS
from kanal.views import webhook

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def overview() -> str:
    """All accounts, closed or not, and the offices without one."""
    db, wanted = database(), addresses.text("q")
    offices.listing(db)
    return render_template("kanal/accounts.html", accounts=accounts.listed(db, None, True, wanted), wanted=wanted,
                           without=accounts.without(db))  # fmt: skip


@pages.route("/akun/baru", methods=["GET", "POST"])
@require_role("administrator")
def add() -> View:
    """A new account."""
    form = _form()
    if not form.is_submitted() and (office := addresses.number("unit")):
        form.office_id.data = office
    if not form.validate_on_submit():
        return render_template("kanal/account_form.html", form=form, account=None), 422 if form.errors else 200
    if len(accounts.listed(database(), None, True)) >= accounts.MOST:
        abort(409, _("At most %(n)d accounts can be kept.", n=accounts.MOST))
    return _saved(form, None)


@pages.route("/akun/<int:account_id>", methods=["GET", "POST"])
@require_role("administrator")
def change(account_id: int) -> View:
    """Change an account, or close it."""
    row = accounts.found(database(), account_id)
    if row is None:
        abort(404)
    form = _form(row)
    if not form.validate_on_submit():
        return render_template("kanal/account_form.html", form=form, account=row), 422 if form.errors else 200
    return _saved(form, row)


@pages.get("/webhook")
@require_role("administrator")
def connection() -> str:
    """How the service that watches social media delivers; the secret itself is never shown."""
    ready = len(str(chosen()["webhook_secret"])) >= signing.LEAST_SECRET
    last = database().execute("SELECT at, taken FROM delivery ORDER BY id DESC LIMIT 5").fetchall()
    return render_template("kanal/webhook.html", ready=ready, address=public_url("webhook.deliver"), last=last,
                           most=webhook.MOST_MENTIONS, size=webhook.MOST_BYTES // 1024,
                           platforms=PLATFORMS)  # fmt: skip


def _form(row: sqlite3.Row | None = None) -> AccountForm:
    form = AccountForm(data=dict(row) if row else None)
    listed = offices.listing(database())
    form.office_id.choices = options((one["id"], one["name"]) for one in listed)
    if row and row["office_id"] not in [one["id"] for one in listed]:
        form.office_id.choices += options([(row["office_id"], row["office"])])
    return form


def _saved(form: AccountForm, row: sqlite3.Row | None) -> View:
    values = {name: form[name].data or "" for name in accounts.FIELDS if name != "url"}
    values |= {"active": int(bool(form.active.data))}
    values["url"] = PLATFORMS[str(form.platform.data)].address(str(form.handle.data))
    with transaction() as db:
        saved = accounts.save(db, values, row["id"] if row else None)
    if saved is None:
        form.handle.errors = [_("This account is listed already.")]
        return render_template("kanal/account_form.html", form=form, account=row), 422
    flash(_("Saved. Now verify it, so that citizens can trust it."), "good")
    return redirect(url_for("checks.show", account_id=saved), 303)
