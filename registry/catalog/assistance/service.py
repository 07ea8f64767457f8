"""Requests for assistance: asked, answered, solved, closed, opened again, given to somebody.

Who says something names the version he saw: of two at the same time one wins, the other is told who was faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.catalog.agreed import name_in_scope
from registry.catalog.assistance import attachments, reading, rules, seams, telling
from registry.catalog.assistance.attachments import Given
from registry.catalog.assistance.models import AssistanceMessage, AssistanceNote, AssistanceRequest
from registry.catalog.assistance.words import act_name, problem_text
from registry.catalog.models import App
from registry.catalog.voices.service import bound, checked, lock_city, yesterday
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.tenants import answering
from registry.tenants import rules as policy
from registry.tenants.agreements.reading import active_pks, conditions_of
from registry.tenants.models import City


@dataclass(frozen=True)
class Asked:
    """A request as a city writes it; ``plugin`` is one of its plugins made from the app, or ""."""

    title: str
    text: str
    tried: str = ""
    urgency: str = rules.NORMAL
    phase: str = rules.OPERATION
    plugin: str = ""
    app_version: str = ""


@dataclass(frozen=True)
class Said:
    """What one side says; ``act`` is one of `rules.ACTS`, ``seen`` the version it saw."""

    text: str
    act: str = rules.SAY
    seen: int = 0


def promise_of(city: City, app: App) -> str:
    """What the PKS of this city, in whose scope the session is, promises for this app (`rules.PROMISES`)."""
    if city.publisher:
        return rules.OPERATION
    found = active_pks(city.id, name_in_scope(app, city))
    return conditions_of(found).assistance if found else rules.NONE


def open_request(city: City, app: App, person: User, asked: Asked, given: Sequence[Given] = ()) -> AssistanceRequest:
    """Raises InvalidError, TooLargeError for a file, TooManyError, ConflictError for the city's own app."""
    if app.publisher_id == city.id:
        raise ConflictError(_("%(city)s publishes this app itself: nobody else answers for it.", city=city.name))
    title = " ".join(checked("title", asked.title, rules.TITLE).split())
    text, tried = checked("text", asked.text, rules.TEXT), checked("tried", asked.tried, rules.TRIED)
    plugin = _plugin(city, app, asked.plugin)
    lock_city(city)
    told = AssistanceRequest.tenant_id == city.id, AssistanceRequest.opened_at > yesterday()
    bound(city, select(func.count()).where(*told))
    promised = promise_of(city, app)
    made = AssistanceRequest(
        tenant_id=city.id, app_id=app.id, helper_id=app.publisher_id, title=title, tried=tried,
        plugin=plugin.name if plugin else "", urgency=_one_of("urgency", asked.urgency, rules.URGENCIES),
        app_version=_version(asked.app_version) or (plugin.version if plugin else ""), author_id=person.id,
        phase=_one_of("phase", asked.phase, rules.PHASES), promised=promised,
        covered=rules.is_covered(asked.phase, promised),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    message = _message(made, rules.CITY, "open", person, text)
    attachments.keep(made, message, list(given))
    audit.record("assistance.open", subject(made), city.id)
    telling.tell_helpers(made, message)
    return made


def say(
    request: AssistanceRequest, side: str, person: User, said: Said, given: Sequence[Given] = ()
) -> AssistanceMessage:
    """Write, solve, close or open again. Raises InvalidError, TooLargeError for a file, ConflictError."""
    bounds = rules.TEXT if said.act in (rules.SAY, rules.REOPEN) else (0, rules.TEXT[1])
    text = checked("text", said.text, bounds)
    lock(request)
    if request.version != said.seen:
        raise ConflictError(_meanwhile(request))
    state, problem = rules.after(request.state, _one_of("act", said.act, rules.ACTS), side, ended_at(request), now())
    if problem:
        raise ConflictError(problem_text(problem))
    held = select(func.count()).where(AssistanceMessage.request_id == request.id)
    if (db.session.scalar(held) or 0) >= rules.MOST_MESSAGES:
        raise ConflictError(_("This thread is full. Open a new request and name this one's number."))
    _enter(request, state, side)
    message = _message(request, side, said.act, person, text)
    attachments.keep(request, message, list(given))
    audit.record(f"assistance.{said.act}", subject(request), request.tenant_id, side=side)
    (telling.tell_city if side == rules.HELPER else telling.tell_helpers)(request, message)
    return message


def _enter(request: AssistanceRequest, state: str, side: str) -> None:
    """Times follow the state; the helpers' first words count as the first answer."""
    moment = now()
    if state != request.state:
        request.waiting_since = moment
        request.solved_at = moment if state == rules.SOLVED else request.solved_at if state == rules.CLOSED else None
        request.closed_at = moment if state == rules.CLOSED else None
    if side == rules.HELPER and request.answered_at is None:
        request.answered_at = moment
    request.state, request.version = state, request.version + 1


def expire(request: AssistanceRequest) -> None:
    """By the clock: what was solved long ago is closed; nobody is told."""
    lock(request)
    if request.state != rules.SOLVED or request.solved_at is None or now() - request.solved_at <= rules.REOPENS:
        return
    request.state, request.closed_at = rules.CLOSED, now()
    request.version += 1
    made = AssistanceMessage(request_id=request.id, tenant_id=request.tenant_id, side="", act="expire", author="")
    db.session.add(made)
    audit.record("assistance.expire", subject(request), request.tenant_id)


def helpers(request: AssistanceRequest) -> list[User]:
    """Whom it can be given to: maintainers, or the admins of the city that publishes a variant."""
    if request.helper.publisher:
        return answering.deciding("programme.manage")
    return answering.with_role(request.helper, policy.ADMIN)


def assign(request: AssistanceRequest, person_id: int | None, person: User) -> None:
    """Give it to one of `helpers`, or to nobody. Raises InvalidError."""
    chosen = next((one for one in helpers(request) if one.id == person_id), None)
    if person_id and chosen is None:
        message = _("Choose somebody who may answer it.")
        raise InvalidError(message, [Finding("assignee", message)])
    lock(request)
    if request.assignee_id == (chosen.id if chosen else None):
        return
    request.assignee_id = chosen.id if chosen else None
    if chosen:
        _message(request, rules.HELPER, "assign", chosen, "")
    audit.record("assistance.assign", subject(request), request.tenant_id, to=chosen.name if chosen else "")


def note(request: AssistanceRequest, person: User, text: str) -> AssistanceNote:
    """For the helpers only; the city's log does not even say so. Raises InvalidError."""
    text = checked("note", text, rules.TEXT)
    made = AssistanceNote(tenant_id=request.helper_id, request_id=request.id, author=person.name, text=text)
    db.session.add(made)
    audit.record("assistance.note", subject(request), request.helper_id)
    return made


def lock(request: AssistanceRequest) -> None:
    """Whoever comes second waits, then sees what the first one did."""
    db.session.refresh(request, with_for_update={"of": AssistanceRequest})


def ended_at(request: AssistanceRequest) -> datetime | None:
    """From when the time to open it again counts."""
    return request.solved_at or request.closed_at


def may_reopen(request: AssistanceRequest) -> bool:
    """Whether it is ended, and not too long ago."""
    return rules.after(request.state, rules.REOPEN, rules.CITY, ended_at(request), now())[1] is None


def subject(request: AssistanceRequest) -> str:
    return f"#{request.id} {request.app.slug}"


def _message(request: AssistanceRequest, side: str, act: str, person: User, text: str) -> AssistanceMessage:
    made = AssistanceMessage(
        tenant_id=request.tenant_id, request_id=request.id, side=side, act=act, author_id=person.id,
        author=person.name, text=text,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _meanwhile(request: AssistanceRequest) -> str:
    said = [one for one in reading.messages(request) if one.act != "assign"]
    who, act = (said[-1].author or "Lumbung", act_name(said[-1].act)) if said else ("–", "")
    return _("Meanwhile %(who)s %(act)s. Read it, then send yours again: it is kept below.", who=who, act=act)


def _plugin(city: City, app: App, name: str) -> seams.Plugin | None:
    if not name:
        return None
    found = next((one for one in seams.plugins(city) if one.name == name and one.app_id == app.id), None)
    if found is None:
        message = _("This is no plugin of your city made from this app. Choose one of the list, or none.")
        raise InvalidError(message, [Finding("plugin", message)])
    return found


def _version(text: str) -> str:
    text = text.strip()
    if len(text) > rules.MAX_VERSION or not text.isprintable():
        message = _("Write the version as the plugin's page shows it, such as 1.4.0.")
        raise InvalidError(message, [Finding("app_version", message)])
    return text


def _one_of(field: str, code: str, codes: Sequence[str]) -> str:
    if code not in codes:
        message = _("Choose one of the list.")
        raise InvalidError(message, [Finding(field, message)])
    return code
