"""Pages of one request: its thread, what is done with it, and the words kept of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import acting
from registry.accounts.access import person
from registry.catalog.assistance import attachments, doors, knowledge, reading, rules, service
from registry.catalog.assistance.doors import GIVES, PROGRAMME, SEE, WRITE, Door, every
from registry.catalog.assistance.forms import SayForm, WordsForm
from registry.catalog.assistance.knowledge import Words
from registry.catalog.assistance.models import AssistanceRequest
from registry.catalog.assistance.service import Said
from registry.catalog.assistance.views import Page, _words, back, blueprint

ONE = "/<int:request_id>"
HELPERS = (PROGRAMME, GIVES)


@every(blueprint, ONE)
def one(place: str, city: str, request_id: int) -> Page:
    door = doors.enter(place, city, SEE)
    found = door.request(request_id)
    return _thread(door, found, SayForm(formdata=None, data={"version": found.version}))


@every(blueprint, f"{ONE}/messages", ("POST",))
def say(place: str, city: str, request_id: int) -> Page:
    """Who was slower keeps the words and reads what came meanwhile."""
    door, me, form = doors.enter(place, city, WRITE), person(), SayForm()
    found = door.request(request_id)
    said = Said(form.text.data or "", request.form.get("act", rules.SAY), form.seen or 0)
    status = acting.submitted(form, lambda: service.say(found, door.side, me, said, form.given()))
    if status == 200:
        flash(_("Sent. The other side is told."), "success")
        return back(door, request_id, "say")
    if status == 409:
        form.see(found.version)
    return _thread(door, found, form), status or 422


@every(blueprint, f"{ONE}/assignee", ("POST",), HELPERS)
def assign(place: str, city: str, request_id: int) -> Page:
    door, me = doors.enter(place, city, WRITE), person()
    chosen = request.form.get("assignee", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else (0 if not chosen else -1)
    return _act(door, request_id, lambda one: service.assign(one, number or None, me), _("Noted who takes care of it."))


@every(blueprint, f"{ONE}/notes", ("POST",), HELPERS)
def note(place: str, city: str, request_id: int) -> Page:
    door, me, text = doors.enter(place, city, WRITE), person(), request.form.get("note", "")
    told = _("The note is kept. The city never sees it.")
    return _act(door, request_id, lambda one: service.note(one, me, text), told)


@every(blueprint, f"{ONE}/files/<int:file_id>")
def file(place: str, city: str, request_id: int, file_id: int) -> Page:
    found = doors.enter(place, city, SEE).request(request_id)
    return attachments.attached(found, attachments.find(found, file_id))


@every(blueprint, f"{ONE}/answer", ("GET", "POST"))
def words(place: str, city: str, request_id: int) -> Page:
    """The words for the app's page: read by both sides, written by either."""
    door = doors.enter(place, city, WRITE if request.method == "POST" else SEE)
    found, me = door.request(request_id), person()
    draft = knowledge.draft_of(found)
    form = WordsForm(obj=draft)
    given = Words(form.question.data or "", form.answer.data or "", bool(form.named.data), form.seen or 0)
    status = acting.submitted(form, lambda: knowledge.write(found, door.side, me, given))
    if status == 200:
        flash(_("Your words are kept, and the other side is asked whether it agrees."), "success")
        return redirect(door.url("words", request_id=request_id), 303)
    draft = knowledge.draft_of(found)
    if status == 409:
        form.see(draft.version if draft else 0)
    shown = {"draft": draft, "versions": knowledge.versions_of(found), "form": form, "late": status == 409}
    return render_template("assistance/words.html", door=door, city=door.city, one=found, **shown, **_words()), (
        status or 200
    )


@every(blueprint, f"{ONE}/answer/agree", ("POST",))
def agree(place: str, city: str, request_id: int) -> Page:
    door, me = doors.enter(place, city, WRITE), person()
    seen, named = request.form.get("version", ""), request.form.get("named") == "1"
    number = int(seen) if seen.isdecimal() and len(seen) < 18 else 0
    told = _("Agreed. When both sides have, the words stand on the app's page.")
    return _act(door, request_id, lambda one: knowledge.agree(one, door.side, me, number, named), told, "words")


@every(blueprint, f"{ONE}/answer/withdraw", ("POST",))
def withdraw(place: str, city: str, request_id: int) -> Page:
    door = doors.enter(place, city, WRITE)
    told = _("The words are off the app's page. They are kept here for both sides.")
    return _act(door, request_id, lambda one: knowledge.withdraw(one, door.side), told, "words")


def _act(
    door: Door, request_id: int, work: Callable[[AssistanceRequest], object], told: str, to: str = "one"
) -> Response:
    found = door.request(request_id)
    return acting.act(lambda: work(found), told, door.url(to, request_id=request_id))


def _thread(door: Door, found: AssistanceRequest, form: SayForm) -> str:
    helps = door.side == rules.HELPER
    shown = {
        "messages": reading.messages(found),
        "files": attachments.of_request(found),
        "draft": knowledge.draft_of(found),
        "may_reopen": service.may_reopen(found),
        "notes": reading.notes(found) if helps else [],
        "helpers": service.helpers(found) if helps else [],
    }
    return render_template("assistance/one.html", door=door, city=door.city, one=found, form=form, **shown, **_words())
