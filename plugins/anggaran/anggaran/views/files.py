"""CSV in and out for staff, and the audit trail."""

import sqlite3
from typing import IO

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, tables, transaction

from anggaran import trail, transfer, uploads, years
from anggaran.forms import ImportForm
from anggaran.people import actor
from anggaran.rules import Actor, Refused
from anggaran.transfer import Outcome
from anggaran.views.common import View, chosen_version, wanted_items, working_version
from anggaran.words import sentence

pages = Blueprint("files", __name__, url_prefix="/kerja")


class _OnlyTried(Exception):  # noqa: N818 a preview is no error
    """Undoes the transaction of a preview."""


@pages.route("/impor", methods=["GET", "POST"])
@require_role("operator")
def bring() -> View:
    db = database()
    who, version, form = actor(db), working_version(db), ImportForm()
    if version is None:
        return render_template("anggaran/no_year.html")
    if not form.validate_on_submit():
        page = render_template("anggaran/import.html", form=form, version=version, headings=transfer.HEADINGS[:13])
        return page, 400 if form.is_submitted() else 200
    sent = form.file.data
    token = uploads.keep(db, who.id, version["id"], sent.filename or "impor.csv", form.submit_all.data, sent.stream)
    return redirect(url_for(".preview", token=token))


@pages.get("/impor/<token>")
@require_role("operator")
def preview(token: str) -> View:
    """What the file would do: it is carried out and undone."""
    db = database()
    who = actor(db)
    upload = _upload(db, token, who)
    outcome = _carried_out(who, upload, only_try=True)
    version = years.version(db, upload["version_id"])
    return render_template("anggaran/preview.html", upload=upload, outcome=outcome, version=version)


@pages.post("/impor/<token>")
@require_role("operator")
def take(token: str) -> View:
    db = database()
    who = actor(db)
    upload = _upload(db, token, who)
    outcome = _carried_out(who, upload, only_try=False)
    if outcome.problems:
        version = years.version(db, upload["version_id"])
        return render_template("anggaran/preview.html", upload=upload, outcome=outcome, version=version), 409
    uploads.discard(db, token)
    flash(_("Taken in: %(new)s new, %(changed)s changed.", new=outcome.new, changed=outcome.changed), "good")
    return redirect(url_for("desk.overview"))


@pages.post("/impor/<token>/batal")
@require_role("operator")
def drop(token: str) -> View:
    db = database()
    uploads.discard(db, _upload(db, token, actor(db))["token"])
    flash(_("The file is removed; nothing was taken in."), "info")
    return redirect(url_for(".bring"))


@pages.get("/unduh.csv")
@require_role("operator")
def export() -> View:
    """A version with its drafts: all of it for reviewers, an office's own otherwise."""
    db = database()
    who, versions = actor(db), years.versions(db)
    version = chosen_version(db, versions)
    if version is None:
        abort(404)
    wanted = wanted_items(version["id"], public=False)
    if not who.reviewer:
        wanted = type(wanted)(wanted.version, wanted.q, who.office_id or 0, public=False)
    name = f"usulan-{version['year']}-{version['stage']}"
    return tables.csv_response(name, transfer.HEADINGS, transfer.lines(wanted))


@pages.get("/jejak")
@require_role("operator")
def audit() -> View:
    """Who changed what; for reviewers and administrators."""
    db = database()
    if not actor(db).reviewer:
        abort(403, _("The trail is for reviewers and administrators. Each proposal shows its own history."))
    wanted = trail.Wanted(addresses.number("versi"), addresses.choice("apa", set(trail.Act)), addresses.text("q"))
    rows, after = trail.page(db, wanted, addresses.number(addresses.AFTER))
    return render_template(
        "anggaran/audit.html", trail=rows, wanted=wanted, versions=years.versions(db),
        around=addresses.page_links(after=after),
    )  # fmt: skip


def _upload(db: sqlite3.Connection, token: str, who: Actor) -> sqlite3.Row:
    found = uploads.of(db, token, who.id)
    if found is None:
        abort(404, _("This file is not kept any more. Bring it once more."))
    return found


def _carried_out(who: Actor, upload: sqlite3.Row, only_try: bool) -> Outcome:
    """All or nothing: with a problem, and in a preview, the transaction is undone."""
    outcome = Outcome()
    try:
        with uploads.path_of(upload["token"]).open("rb") as stream, transaction() as db:
            outcome = _taken(db, who, upload, stream)
            if only_try or outcome.problems:
                raise _OnlyTried
    except _OnlyTried:
        pass
    except Refused as refused:
        outcome.problems.append(tables.Problem(0, "", sentence(refused)))
    return outcome


def _taken(db: sqlite3.Connection, who: Actor, upload: sqlite3.Row, stream: IO[bytes]) -> Outcome:
    return transfer.take_in(db, who, upload["version_id"], stream, bool(upload["submit"]), upload["title"])
