"""The officers' pages under /kerja: the queue, and one report with what can be done to it."""

import sqlite3
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, person, require_role, settings
from werkzeug.wrappers import Response

from lapor import filters, lists, retention, store, work
from lapor.calendar import next_deadline, today
from lapor.forms import AnswerForm, AssignForm, MergeForm, NoteForm, ReasonForm, choices
from lapor.rules import Act, Refusal, State, possible
from lapor.store import Filters
from lapor.words import REFUSALS

pages = Blueprint("desk", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
# What waits longest comes first, except in what is done.
DONE = (State.ANSWERED, State.REJECTED, State.DUPLICATE)
# The act that usually comes next is shown unfolded.
NEXT_STEP = {State.ACCEPTED: Act.ASSIGN, State.ASSIGNED: Act.ANSWER}


@pages.get("")
@require_role("operator")
def queue() -> View:
    db = database()
    if retention.due(db):
        retention.sweep(db, settings()["retention_days"])
    wanted = _wanted(db)
    page = store.page(
        db,
        wanted,
        public=False,
        after=filters.number("sesudah"),
        before=filters.number("sebelum"),
        oldest_first=wanted.state not in DONE,
    )
    return render_template(
        "lapor/queue.html",
        page=page,
        wanted=wanted,
        late=bool(wanted.overdue_on),
        around=filters.addresses(page),
        counts=_counts(db, wanted),
        categories=lists.categories(db, all_of_them=True),
        offices=lists.offices(db, all_of_them=True),
        today=today().isoformat(),
    )


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> View:
    return _page(_found(number))


@pages.post("/<number>/terima")
@require_role("operator")
def accept(number: str) -> View:
    return _done(number, work.act(database(), number, Act.ACCEPT, _actor()), _("The report is public now."))


@pages.post("/<number>/tolak")
@require_role("operator")
def reject(number: str) -> View:
    form = ReasonForm(prefix="reject")
    if not form.validate_on_submit():
        return _page(_found(number), reject=form), 400
    refusal = work.act(database(), number, Act.REJECT, _actor(), form.text.data)
    return _done(number, refusal, _("The report was refused; the reporter reads the reason."))


@pages.post("/<number>/gabung")
@require_role("operator")
def merge(number: str) -> View:
    form = MergeForm(prefix="merge")
    if not form.validate_on_submit():
        return _page(_found(number), merge=form), 400
    refusal = work.act(database(), number, Act.MERGE, _actor(), original=form.original.data)
    return _done(number, refusal, _("Marked as a duplicate; the reporter is led to the earlier report."))


@pages.post("/<number>/disposisi")
@require_role("operator")
def assign(number: str) -> View:
    report = _found(number)
    form = _assign_form(report)
    if not form.validate_on_submit():
        return _page(report, assign=form), 400
    refusal = work.act(
        database(),
        number,
        Act.ASSIGN,
        _actor(),
        form.text.data or "",
        opd_id=form.opd_id.data,
        deadline=form.deadline.data,
    )
    return _done(number, refusal, _("Passed on to the office."))


@pages.post("/<number>/jawab")
@require_role("operator")
def answer(number: str) -> View:
    form = AnswerForm(prefix="answer")
    if not form.validate_on_submit():
        return _page(_found(number), answer=form), 400
    what = Act.ANSWER if form.solved.data else Act.PROGRESS
    refusal = work.act(database(), number, what, _actor(), form.text.data)
    return _done(number, refusal, _("Your answer is published."))


@pages.post("/<number>/catatan")
@require_role("operator")
def note(number: str) -> View:
    form = NoteForm(prefix="note")
    if not form.validate_on_submit():
        return _page(_found(number), note=form), 400
    return _done(number, work.act(database(), number, Act.NOTE, _actor(), form.text.data), _("Note kept."))


@pages.post("/<number>/kontak")
@require_role("operator")
def contact(number: str) -> View:
    report = _found(number)
    if not _may_see_contact(report):
        abort(403, _("The reporter's contact is for the office that works on the report."))
    return _page(report, contact=work.contact(database(), report, _actor()))


def _wanted(db: sqlite3.Connection) -> Filters:
    """The filters of the address; without any, what waits for triage or, for an OPD's officer, their own work."""
    wanted = filters.from_address()
    if request.args.get("status") == "late":
        return replace(wanted, overdue_on=today().isoformat())
    if "status" in request.args:
        return wanted
    own = _own_office(db)
    state = State.ASSIGNED if own else State.NEW
    return replace(wanted, state=state, opd=wanted.opd if "opd" in request.args else own)


def _counts(db: sqlite3.Connection, wanted: Filters) -> dict[str, int]:
    """How many reports stand under each tab, within the chosen office."""
    rows = db.execute(
        "SELECT state, count(*) AS n, sum(state IN ('accepted', 'assigned') AND deadline < ?) AS late FROM report "
        "WHERE ? IS NULL OR opd_id = ? GROUP BY state",
        (today().isoformat(), wanted.opd, wanted.opd),
    ).fetchall()
    counts = {row["state"]: row["n"] for row in rows}
    return {**counts, "late": sum(row["late"] or 0 for row in rows)}


def _page(report: sqlite3.Row, contact: tuple[str, str] | None = None, **wrong: Any) -> str:
    db = database()
    original = None
    if report["duplicate_of"]:
        original = db.execute("SELECT number, title FROM report WHERE id = ?", (report["duplicate_of"],)).fetchone()
    fresh = {
        "reject": ReasonForm(prefix="reject", formdata=None),
        "merge": MergeForm(prefix="merge", formdata=None),
        "assign": _assign_form(report, fresh=True),
        "answer": AnswerForm(prefix="answer", formdata=None),
        "note": NoteForm(prefix="note", formdata=None),
    }
    return render_template(
        "lapor/work.html",
        report=report,
        forms={**fresh, **wrong},
        opened=next(iter(wrong), NEXT_STEP.get(State(report["state"]))),
        possible=possible(State(report["state"])),
        photos=store.photos_of(db, report["id"]),
        events=store.events_of(db, report["id"], public=False),
        similar=store.similar(db, report) if report["state"] == State.NEW else [],
        original=original,
        contact=contact,
        may_see_contact=_may_see_contact(report),
        today=today().isoformat(),
    )


def _assign_form(report: sqlite3.Row, fresh: bool = False) -> AssignForm:
    db = database()
    usual = db.execute("SELECT opd_id FROM category WHERE id = ?", (report["category_id"],)).fetchone()["opd_id"]
    start = {"opd_id": report["opd_id"] or usual, "deadline": next_deadline(today())}
    form = AssignForm(prefix="assign", data=start, **({"formdata": None} if fresh else {}))
    form.opd_id.choices = choices(((row["id"], row["name"]) for row in lists.offices(db)), _("Choose …"))
    return form


def _found(number: str) -> sqlite3.Row:
    report = store.by_number(database(), number)
    if report is None:
        abort(404, _("There is no report with this number."))
    return report


def _done(number: str, refusal: Refusal | None, words: str) -> Response:
    flash(REFUSALS[refusal] if refusal else words, "warn" if refusal else "good")
    return redirect(url_for(".show", number=number))


def _actor() -> str:
    who = person()
    return who.name if who else ""


def _own_office(db: sqlite3.Connection) -> int | None:
    who = person()
    return lists.office_named(db, who.opd) if who else None


def _may_see_contact(report: sqlite3.Row) -> bool:
    """Triage, administrators, and the office the report was given to; not another office."""
    who = person()
    if who is None:
        return False
    own = _own_office(database())
    return who.may("administrator") or own is None or own == report["opd_id"]
