"""The operator's desk: requests waiting, what the plan says of each, and the answer."""

import sqlite3

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, staff, today
from lumbung_plugin.addresses import BEFORE
from werkzeug.wrappers import Response as Answer

from simtaru import matrix, statements, store
from simtaru.forms import ReasonForm
from simtaru.rules import Stage
from simtaru.views import parts
from simtaru.views.applicant import printed

pages = Blueprint("work", __name__, url_prefix="/kerja")
View = str | Answer | tuple[str, int]


@pages.get("")
@require_role("operator")
def queue() -> str:
    """Requests of one stage; open ones by their deadline."""
    db = database()
    stage = addresses.choice("tahap", set(Stage)) or Stage.NEW
    rows = statements.queue(db, stage, addresses.number(BEFORE))
    more = stage != Stage.NEW and len(rows) > statements.PAGE
    rows = rows[: statements.PAGE] if more else rows
    links = addresses.page_links(before=rows[-1]["id"] if more else None)
    return render_template(
        "simtaru/queue.html", rows=rows, stage=stage, counts=statements.counts(db), today=today().isoformat(),
        next=links["previous"],
    )  # fmt: skip


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> str:
    """One request with the map and what the plan says."""
    return _shown(_found(number), ReasonForm(formdata=None))


def _shown(found: sqlite3.Row, form: ReasonForm) -> str:
    db = database()
    plan, place = store.in_force(db), (found["lon"], found["lat"])
    use = next((row for row in matrix.uses(db, also_closed=True) if row["id"] == found["use_id"]), None)
    return render_template(
        "simtaru/work.html", found=found, form=form, place=place, plan=plan, today=today().isoformat(),
        answer=parts.answer(db, plan, place, use) if plan else None,
        features=parts.around(db, plan, place, found["number"]) if plan else [],
    )  # fmt: skip


def _found(number: str) -> sqlite3.Row:
    found = statements.find(database(), number)
    if found is None:
        abort(404)
    return found


@pages.post("/<number>/terbit")
@require_role("operator")
def issue(number: str) -> Answer:
    """Issue the statement."""
    statement = statements.issue(database(), number, staff().name)
    if statement:
        flash(_("Statement %(number)s was issued.", number=statement), "good")
    else:
        flash(_("Nothing was issued: the request was answered already, or the plan has no zone at its place."), "warn")
    return redirect(url_for("work.show", number=number), 303)


@pages.post("/<number>/tolak")
@require_role("operator")
def refuse(number: str) -> View:
    """Refuse the request, with a reason the applicant reads."""
    return _closed(number, Stage.REFUSED, _("The request was refused."))


@pages.post("/<number>/tarik")
@require_role("operator")
def withdraw(number: str) -> View:
    """Withdraw what was issued; its page to check it says so from now on."""
    return _closed(number, Stage.WITHDRAWN, _("The statement was withdrawn."))


def _closed(number: str, to: Stage, words: str) -> View:
    found, form = _found(number), ReasonForm()
    if not form.validate_on_submit():
        return _shown(found, form), 400
    if statements.close(database(), number, to, form.reason.data or "", staff().name):
        flash(words, "good")
    else:
        flash(_("Nothing was changed: somebody answered this request meanwhile."), "warn")
    return redirect(url_for("work.show", number=number), 303)


@pages.get("/<number>/surat.pdf")
@require_role("operator")
def paper(number: str) -> Response:
    """The statement as PDF."""
    return printed(_found(number))


@pages.post("/<number>/hapus")
@require_role("operator")
def forget(number: str) -> Answer:
    """Delete what is personal, at the applicant's wish."""
    found = _found(number)
    statements.forget(database(), number)
    flash(_("The personal data was deleted."), "good")
    gone = found["stage"] == Stage.NEW
    return redirect(url_for("work.queue") if gone else url_for("work.show", number=number), 303)
