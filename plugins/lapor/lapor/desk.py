"""One report on an officer's desk, with what can be done to it."""

import sqlite3
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, person, require_role, staff, today
from werkzeug.wrappers import Response

from lapor import atlas, duplicates, places, store, work
from lapor.days import next_deadline
from lapor.rules import Act, Refusal, State, possible
from lapor.staff_forms import AnswerForm, AssignForm, MergeForm, NoteForm, ReasonForm, office_choices
from lapor.words import REFUSALS

pages = Blueprint("desk", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
# Where an earlier report of the same matter is looked for.
TRIAGED = (State.NEW, State.ACCEPTED)
# The act that usually comes next is shown unfolded.
NEXT_STEP = {State.ACCEPTED: Act.ASSIGN, State.ASSIGNED: Act.ANSWER}


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> View:
    return _page(_found(number))


@pages.post("/<number>/terima")
@require_role("operator")
def accept(number: str) -> View:
    return _done(number, work.act(database(), number, Act.ACCEPT, staff().name), _("The report is public now."))


@pages.post("/<number>/tolak")
@require_role("operator")
def reject(number: str) -> View:
    form = ReasonForm(prefix="reject")
    if not form.validate_on_submit():
        return _page(_found(number), reject=form), 400
    refusal = work.act(database(), number, Act.REJECT, staff().name, form.text.data)
    return _done(number, refusal, _("The report was refused; the reporter reads the reason."))


@pages.post("/<number>/gabung")
@require_role("operator")
def merge(number: str) -> View:
    form = MergeForm(prefix="merge")
    if not form.validate_on_submit():
        return _page(_found(number), merge=form), 400
    refusal = work.act(database(), number, Act.MERGE, staff().name, original=form.original.data)
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
        staff().name,
        form.text.data or "",
        office_id=form.office_id.data,
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
    refusal = work.act(database(), number, what, staff().name, form.text.data)
    return _done(number, refusal, _("Your answer is published."))


@pages.post("/<number>/catatan")
@require_role("operator")
def note(number: str) -> View:
    form = NoteForm(prefix="note")
    if not form.validate_on_submit():
        return _page(_found(number), note=form), 400
    return _done(number, work.act(database(), number, Act.NOTE, staff().name, form.text.data), _("Note kept."))


@pages.post("/<number>/kontak")
@require_role("operator")
def contact(number: str) -> View:
    report = _found(number)
    if not _may_see_contact(report):
        abort(403, _("The reporter's contact is for the office that works on the report."))
    return _page(report, contact=work.contact(database(), report, staff().name))


@pages.post("/<number>/hapus")
@require_role("administrator")
def erase(number: str) -> View:
    """Erase what should never have been stored, as its reporter could."""
    refusal = work.withdraw(database(), _found(number), staff().name)
    return _done(number, refusal, _("The report's words, place, photos and contact are erased."))


def _page(report: sqlite3.Row, contact: tuple[str, str] | None = None, **wrong: Any) -> str:
    db = database()
    original = store.by_id(db, report["duplicate_of"]) if report["duplicate_of"] else None
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
        similar=duplicates.suggestions(db, report) if report["state"] in TRIAGED else [],
        original=original,
        contact=contact,
        may_see_contact=_may_see_contact(report),
        today=today().isoformat(),
        spot=[atlas.feature(report, linked=False)] if report["latitude"] is not None else [],
        outline=places.of(report),
    )


def _assign_form(report: sqlite3.Row, fresh: bool = False) -> AssignForm:
    db = database()
    query = "SELECT office_id FROM category WHERE id = ?"
    usual = db.execute(query, (report["category_id"],)).fetchone()["office_id"]
    start = {"office_id": report["office_id"] or usual, "deadline": next_deadline(today())}
    form = AssignForm(prefix="assign", data=start, **({"formdata": None} if fresh else {}))
    form.office_id.choices = office_choices(db)
    return form


def _found(number: str) -> sqlite3.Row:
    report = store.by_number(database(), number)
    if report is None:
        abort(404, _("There is no report with this number."))
    return report


def _done(number: str, refusal: Refusal | None, words: str) -> Response:
    flash(REFUSALS[refusal] if refusal else words, "warn" if refusal else "good")
    return redirect(url_for(".show", number=number))


def _may_see_contact(report: sqlite3.Row) -> bool:
    """Triage, administrators, and the office the report was given to; not another office."""
    who = person()
    if who is None:
        return False
    own = offices.of(database(), who)
    return who.may("administrator") or own is None or own == report["office_id"]
