"""The officers' pages under /kerja: what is due, the queue, and one application with what can be done to it."""

import sqlite3
from datetime import timedelta

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from lumbung_plugin import addresses, attachments, database, require_role, settings, today, transaction

from perizinan import catalogue, desk, events, filing, permits, store, zoning
from perizinan.forms import ApproveForm, NoteForm, PassForm, ReasonForm
from perizinan.rules import Refusal, State
from perizinan.store import Filters
from perizinan.views import matter
from perizinan.views.applicant import letter_of
from perizinan.views.matter import View
from perizinan.words import REFUSALS, TABS

pages = Blueprint("work", __name__, url_prefix="/kerja")

SOON = timedelta(days=3)
LONGEST_REASON = 500


@pages.get("")
@require_role("operator")
def queue() -> View:
    db, office = database(), matter.own_office()
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
        days_late=matter.days_late,
    )


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> View:
    return matter.page(matter.found(number))


@pages.post("/<number>/perbaikan")
@require_role("operator")
def ask(number: str) -> View:
    application = matter.found(number)
    wrong, unsaid = _wrong(application)
    if unsaid or not wrong:
        errors = {one: _("Write what is wrong, in 10 to 500 letters.") for one in unsaid}
        top = REFUSALS[Refusal.NOTHING_ASKED] if not wrong and not unsaid else ""
        return matter.page(application, asking={"errors": errors, "top": top}), 400
    with transaction() as db:
        refusal = desk.ask(db, matter.found(number), wrong, matter.officer())
    return matter.done(number, refusal, _("Sent back. The applicant reads your reasons; the clock stands."))


@pages.post("/<number>/lanjut")
@require_role("operator")
def resume(number: str) -> View:
    with transaction() as db:
        refusal = desk.resume(db, matter.found(number), settings()["correction_days"], matter.officer())
    return matter.done(number, refusal, _("You go on with what is there."))


@pages.post("/<number>/verifikasi")
@require_role("operator")
def pass_on(number: str) -> View:
    form = PassForm(prefix="pass")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), passing=form), 400
    with transaction() as db:
        refusal = desk.pass_on(
            db, matter.found(number), form.recommended.data == "1", form.note.data or "", matter.officer()
        )
    return matter.done(number, refusal, _("Verified. It waits for the next step now."))


@pages.post("/<number>/terbitkan")
@require_role("operator")
def approve(number: str) -> View:
    form = ApproveForm(prefix="approve")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), approving=form), 400
    signatory = (settings()["signatory_office"], settings()["signatory_name"])
    with transaction() as db:
        refusal = desk.approve(
            db, matter.found(number), form.terms.data or "", signatory, matter.officer(), settings()["four_eyes"]
        )
    return matter.done(number, refusal, _("The permit is issued. The applicant can download it."))


@pages.post("/<number>/tolak")
@require_role("operator")
def refuse(number: str) -> View:
    form = ReasonForm(prefix="refuse")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), refusing=form), 400
    with transaction() as db:
        refusal = desk.refuse(db, matter.found(number), form.text.data or "", matter.officer(), settings()["four_eyes"])
    return matter.done(number, refusal, _("Refused. The applicant reads the reason."))


@pages.post("/<number>/cabut")
@require_role("operator")
def revoke(number: str) -> View:
    form = ReasonForm(prefix="revoke")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), revoking=form), 400
    with transaction() as db:
        permit = permits.of_application(db, matter.found(number)["id"])
        refusal = permits.revoke(db, permit, form.text.data or "", matter.officer().name) if permit else Refusal.NOT_NOW
    return matter.done(number, refusal, _("The permit is revoked. Everybody who verifies it reads so."))


@pages.post("/<number>/catatan")
@require_role("operator")
def note(number: str) -> View:
    form = NoteForm(prefix="note")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), noting=form), 400
    with transaction() as db:
        desk.note(db, matter.found(number), form.text.data or "", matter.officer())
    return matter.done(number, None, _("Note kept."))


@pages.post("/<number>/zona")
@require_role("operator")
def zone(number: str) -> View:
    """Ask the spatial plan again: it was away, or the city changed it."""
    application = matter.found(number)
    if not application["wants_zoning"] or application["latitude"] is None:
        abort(404)
    found = zoning.ask(application["latitude"], application["longitude"], application["zoning_use"])
    with transaction() as db:
        db.execute("UPDATE application SET zoning = ? WHERE id = ?", (found.kept(), application["id"]))
        events.tell(db, application["id"], "zone", matter.officer().name, public=False)
    return matter.done(number, None, _("The spatial plan was asked again."))


@pages.post("/<number>/data")
@require_role("operator")
def look(number: str) -> View:
    with transaction() as db:
        desk.look(db, matter.found(number), matter.officer())
    return matter.page(matter.found(number), revealed=True)


@pages.post("/<number>/hapus-data")
@require_role("administrator")
def erase(number: str) -> View:
    with transaction() as db:
        found = filing.erase(db, matter.found(number), matter.officer().name)
    if isinstance(found, Refusal):
        return matter.done(number, found, "")
    filing.discard(found)
    return matter.done(number, None, _("Personal data and files are erased."))


@pages.get("/<number>/berkas/<int:file_id>")
@require_role("operator")
def paper(number: str, file_id: int) -> View:
    found = store.file(database(), matter.found(number)["id"], file_id)
    return attachments.send(found["name"], found["title"]) if found else abort(404)


@pages.get("/<number>/surat.pdf")
@require_role("operator")
def letter(number: str) -> View:
    permit = permits.of_application(database(), matter.found(number)["id"])
    return letter_of(permit) if permit else abort(404)


def _wrong(application: sqlite3.Row) -> tuple[dict[int | None, str], list[int]]:
    """The reasons by what was ticked (0 in the form is the applicant's data), and what was ticked without one."""
    known = {0, *(one["id"] for one in store.requirements(database(), application))}
    ticked = [one for one in known if request.form.get(f"wrong-{one}")]
    reasons = {one: request.form.get(f"reason-{one}", "").replace("\x00", "").strip() for one in ticked}
    unsaid = [one for one, text in reasons.items() if not 10 <= len(text) <= LONGEST_REASON]
    return {one or None: text for one, text in reasons.items() if one not in unsaid}, unsaid
