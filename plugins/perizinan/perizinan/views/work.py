"""The officers' pages under /kerja: what is due, the queue, and one application with what can be done to it."""

import sqlite3
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, attachments, database, offices, person, require_role, settings, today, transaction
from werkzeug.wrappers import Response

from perizinan import catalogue, desk, events, filing, permits, rules, store, zoning
from perizinan.forms import ApproveForm, NoteForm, PassForm, ReasonForm
from perizinan.rules import RUNNING, Refusal, Standing, State, possible
from perizinan.store import Filters
from perizinan.views.applicant import letter_of
from perizinan.words import REFUSALS, TABS

pages = Blueprint("work", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
SOON = timedelta(days=3)
LONGEST_REASON = 500


@pages.get("")
@require_role("operator")
def queue() -> View:
    db, office = database(), _own_office()
    late = request.args.get("status") == "late"
    state = addresses.choice("status", set(TABS))
    if "status" not in request.args:
        state = State.CHECKING
    wanted = Filters(state, addresses.number("jenis"), office, addresses.text("q"), today() if late else None)
    page = store.page(db, wanted, addresses.number(addresses.AFTER), addresses.number(addresses.BEFORE))
    return render_template(
        "perizinan/queue.html",
        page=page,
        wanted=wanted,
        late=late,
        around=addresses.page_links(page.before, page.after),
        counts=store.counts(db, office, today()),
        due=store.due_soon(db, office, today() + SOON),
        types=catalogue.types(db, also_closed=True),
        days_late=days_late,
    )


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> View:
    return _page(_found(number))


@pages.post("/<number>/perbaikan")
@require_role("operator")
def ask(number: str) -> View:
    application = _found(number)
    wrong, unsaid = _wrong(application)
    if unsaid or not wrong:
        errors = {one: _("Write what is wrong, in 10 to 500 letters.") for one in unsaid}
        top = REFUSALS[Refusal.NOTHING_ASKED] if not wrong and not unsaid else ""
        return _page(application, asking={"errors": errors, "top": top}), 400
    with transaction() as db:
        refusal = desk.ask(db, _found(number), wrong, _actor())
    return _done(number, refusal, _("Sent back. The applicant reads your reasons; the clock stands."))


@pages.post("/<number>/lanjut")
@require_role("operator")
def resume(number: str) -> View:
    with transaction() as db:
        refusal = desk.resume(db, _found(number), settings()["correction_days"], _actor())
    return _done(number, refusal, _("You go on with what is there."))


@pages.post("/<number>/verifikasi")
@require_role("operator")
def pass_on(number: str) -> View:
    form = PassForm(prefix="pass")
    if not form.validate_on_submit():
        return _page(_found(number), passing=form), 400
    with transaction() as db:
        refusal = desk.pass_on(db, _found(number), form.recommended.data == "1", form.note.data or "", _actor())
    return _done(number, refusal, _("Verified. It waits for the decision now."))


@pages.post("/<number>/terbitkan")
@require_role("operator")
def approve(number: str) -> View:
    form = ApproveForm(prefix="approve")
    if not form.validate_on_submit():
        return _page(_found(number), approving=form), 400
    signatory = (settings()["signatory_office"], settings()["signatory_name"])
    with transaction() as db:
        refusal = desk.approve(db, _found(number), form.terms.data or "", signatory, _actor())
    return _done(number, refusal, _("The permit is issued. The applicant can download it."))


@pages.post("/<number>/tolak")
@require_role("operator")
def refuse(number: str) -> View:
    form = ReasonForm(prefix="refuse")
    if not form.validate_on_submit():
        return _page(_found(number), refusing=form), 400
    with transaction() as db:
        refusal = desk.refuse(db, _found(number), form.text.data or "", _actor())
    return _done(number, refusal, _("Refused. The applicant reads the reason."))


@pages.post("/<number>/cabut")
@require_role("operator")
def revoke(number: str) -> View:
    form = ReasonForm(prefix="revoke")
    if not form.validate_on_submit():
        return _page(_found(number), revoking=form), 400
    with transaction() as db:
        permit = permits.of_application(db, _found(number)["id"])
        refusal = permits.revoke(db, permit, form.text.data or "", _actor()) if permit else Refusal.NOT_NOW
    return _done(number, refusal, _("The permit is revoked. Everybody who verifies it reads so."))


@pages.post("/<number>/catatan")
@require_role("operator")
def note(number: str) -> View:
    form = NoteForm(prefix="note")
    if not form.validate_on_submit():
        return _page(_found(number), noting=form), 400
    with transaction() as db:
        desk.note(db, _found(number), form.text.data or "", _actor())
    return _done(number, None, _("Note kept."))


@pages.post("/<number>/zona")
@require_role("operator")
def zone(number: str) -> View:
    """Ask the spatial plan again: it was away, or the city changed it."""
    application = _found(number)
    if not application["wants_zoning"] or application["latitude"] is None:
        abort(404)
    found = zoning.ask(application["latitude"], application["longitude"], application["zoning_use"])
    with transaction() as db:
        db.execute("UPDATE application SET zoning = ? WHERE id = ?", (found.kept(), application["id"]))
        events.tell(db, application["id"], "zone", _actor(), public=False)
    return _done(number, None, _("The spatial plan was asked again."))


@pages.post("/<number>/data")
@require_role("operator")
def look(number: str) -> View:
    with transaction() as db:
        desk.look(db, _found(number), _actor())
    return _page(_found(number), revealed=True)


@pages.post("/<number>/hapus-data")
@require_role("administrator")
def erase(number: str) -> View:
    with transaction() as db:
        found = filing.erase(db, _found(number), _actor())
    if isinstance(found, Refusal):
        return _done(number, found, "")
    attachments.discard(found)
    return _done(number, None, _("Personal data and files are erased."))


@pages.get("/<number>/berkas/<int:file_id>")
@require_role("operator")
def paper(number: str, file_id: int) -> View:
    found = store.file(database(), _found(number)["id"], file_id)
    return attachments.send(found["name"], found["title"]) if found else abort(404)


@pages.get("/<number>/surat.pdf")
@require_role("operator")
def letter(number: str) -> View:
    permit = permits.of_application(database(), _found(number)["id"])
    return letter_of(permit) if permit else abort(404)


def days_late(application: sqlite3.Row) -> int:
    """Days since the promised day; below 0 while it lies ahead."""
    return (today() - date.fromisoformat(application["deadline"])).days


def _page(application: sqlite3.Row, revealed: bool = False, asking: Any = None, **wrong: Any) -> str:
    db = database()
    permit = permits.of_application(db, application["id"])
    paused = date.fromisoformat(application["paused_on"]) if application["paused_on"] else None
    forms = {
        "passing": PassForm(prefix="pass", formdata=None),
        "approving": ApproveForm(prefix="approve", formdata=None),
        "refusing": ReasonForm(prefix="refuse", formdata=None),
        "revoking": ReasonForm(prefix="revoke", formdata=None),
        "noting": NoteForm(prefix="note", formdata=None),
    }
    return render_template(
        "perizinan/work.html",
        application=application,
        revealed=revealed,
        asking=asking,
        forms=forms | wrong,
        opened="asking" if asking else next(iter(wrong), ""),
        possible=possible(State(application["state"])),
        running=application["state"] in RUNNING,
        needs=store.requirements(db, application),
        files=store.files(db, application["id"]),
        corrections=store.corrections(db, application["id"]),
        events=store.events(db, application["id"], public=False),
        zone=zoning.kept(application["zoning"]),
        permit=permit,
        standing=permits.standing(permit) if permit else None,
        revocable=permit is not None and permits.standing(permit) is not Standing.REVOKED,
        may_resume=paused is not None and rules.may_resume(paused, today(), settings()["correction_days"]),
        days_late=days_late,
    )


def _wrong(application: sqlite3.Row) -> tuple[dict[int | None, str], list[int]]:
    """The reasons by what was ticked (0 in the form is the applicant's data), and what was ticked without one."""
    known = {0, *(one["id"] for one in store.requirements(database(), application))}
    ticked = [one for one in known if request.form.get(f"wrong-{one}")]
    reasons = {one: request.form.get(f"reason-{one}", "").replace("\x00", "").strip() for one in ticked}
    unsaid = [one for one, text in reasons.items() if not 10 <= len(text) <= LONGEST_REASON]
    return {one or None: text for one, text in reasons.items() if one not in unsaid}, unsaid


def _found(number: str) -> sqlite3.Row:
    application = store.by_number(database(), number)
    if application is None or application["state"] == State.DRAFT:
        abort(404, _("There is no application with this number. Drafts belong to their applicants alone."))
    who = person()
    if not rules.may_work(_own_office(), application["office_id"], who is not None and who.may("administrator")):
        abort(403, _("This application belongs to another office: %(office)s.", office=application["office"]))
    return application


def _own_office() -> int | None:
    who = person()
    return None if who is None or who.may("administrator") else offices.of(database(), who)


def _actor() -> str:
    who = person()
    return who.name if who else ""


def _done(number: str, refusal: Refusal | None, words: str) -> Response:
    flash(REFUSALS[refusal] if refusal else words, "warn" if refusal else "good")
    return redirect(url_for(".show", number=number))
