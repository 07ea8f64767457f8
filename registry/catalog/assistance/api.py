"""Assistance for programs: ``city`` says for which city one asks, without it one is a maintainer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.assistance import attachments, doors, knowledge, reading, schemas, service
from registry.catalog.assistance.doors import ASKS, GIVES, PROGRAMME, SEE, WRITE, Door
from registry.catalog.assistance.knowledge import Words
from registry.catalog.assistance.reading import Wanted
from registry.catalog.assistance.schemas import told_request, told_thread, told_words
from registry.catalog.assistance.service import Asked, Said
from registry.core import paging
from registry.core.db import db
from registry.core.errors import ForbiddenError
from registry.core.uow import unit_of_work

ALL, ONE = "/assistance", "/assistance/<int:request_id>"
MOST = 1_000

blueprint = Blueprint("api_assistance", __name__, url_prefix="/api/v1", description="Help that cities ask for")


@blueprint.get(ALL)
@blueprint.arguments(schemas.AssistanceQuery, location="query")
@blueprint.response(200, schemas.AssistancePageSchema)
def list_requests(query: dict[str, Any]) -> dict[str, Any]:
    """Those whose turn it is first; then others that run, then ended ones."""
    door = _enter(query, SEE)
    found = db.session.scalars(reading.wanted(door.side, door.city, Wanted.of(query), person()).limit(MOST))
    return paging.page([told_request(one) for one in found], query, lambda one: str(one["id"]))


@blueprint.post(ALL)
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.arguments(schemas.AssistanceAsked)
@blueprint.response(201, schemas.AssistanceThread)
def open_request(side: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    """Ask for the city named in the query. What is outside of its PKS is marked as such."""
    door, me = _enter({**side, "given": False}, WRITE), person()
    if door.place != ASKS:
        raise ForbiddenError(_("A city asks: name it in the address, as ?city=bontang."))
    app = catalog.get_app(given.pop("app"))
    with unit_of_work():
        made = service.open_request(door.city, app, me, Asked(**given))
    return told_thread(made)


@blueprint.get(ONE)
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.response(200, schemas.AssistanceThread)
def show_request(side: dict[str, Any], request_id: int) -> dict[str, Any]:
    """With its thread."""
    return told_thread(_enter(side, SEE).request(request_id))


@blueprint.post(f"{ONE}/messages")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.arguments(schemas.AssistanceSaid)
@blueprint.response(201, schemas.AssistanceThread)
def say(side: dict[str, Any], given: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Write, solve, close or open again. 409 when the other side wrote meanwhile."""
    door, me = _enter(side, WRITE), person()
    found = door.request(request_id)
    with unit_of_work():
        service.say(found, door.side, me, Said(given["text"], given["act"], given["version"]))
    return told_thread(found)


@blueprint.post(f"{ONE}/files")
@blueprint.arguments(schemas.AssistanceUploadText, location="query")
@blueprint.arguments(schemas.AssistanceUpload, location="files")
@blueprint.response(201, schemas.AssistanceThread)
def say_with_files(side: dict[str, Any], given: dict[str, Any], request_id: int) -> dict[str, Any]:
    """A message with files: PDF, JPEG, PNG, plain text."""
    door, me = _enter(side, WRITE), person()
    found = door.request(request_id)
    files = [(one.filename or "", one.stream) for one in given["files"]]
    with unit_of_work():
        service.say(found, door.side, me, Said(side["text"], seen=side["version"]), files)
    return told_thread(found)


@blueprint.get(f"{ONE}/files/<int:file_id>")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.response(200, content_type="application/octet-stream")
def show_file(side: dict[str, Any], request_id: int, file_id: int) -> Response:
    """The file itself."""
    found = _enter(side, SEE).request(request_id)
    return attachments.attached(found, attachments.find(found, file_id))


@blueprint.put(f"{ONE}/assignee")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.arguments(schemas.AssistanceAssigned)
@blueprint.response(200, schemas.AssistanceThread)
def assign(side: dict[str, Any], given: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Say who takes care of it. For those who help."""
    door, me = _enter(side, WRITE), person()
    if door.place == ASKS:
        raise ForbiddenError(_("Those who help decide who takes care of it."))
    found = door.request(request_id)
    with unit_of_work():
        service.assign(found, given["assignee"], me)
    return told_thread(found)


@blueprint.get(f"{ONE}/answer")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.response(200, schemas.AssistanceWordsShown)
def show_words(side: dict[str, Any], request_id: int) -> dict[str, Any]:
    """What is proposed for the app's page."""
    return told_words(_enter(side, SEE).request(request_id))


@blueprint.put(f"{ONE}/answer")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.arguments(schemas.AssistanceWords)
@blueprint.response(200, schemas.AssistanceWordsShown)
def write_words(side: dict[str, Any], given: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Propose or change the words; the other side has to agree to them."""
    door, me = _enter(side, WRITE), person()
    found, seen = door.request(request_id), given.pop("version")
    with unit_of_work():
        knowledge.write(found, door.side, me, Words(**given, seen=seen))
    return told_words(found)


@blueprint.post(f"{ONE}/answer/agree")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.arguments(schemas.AssistanceAgreed)
@blueprint.response(200, schemas.AssistanceWordsShown)
def agree(side: dict[str, Any], given: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Agree to these very words; once both sides have, they stand on the app's page."""
    door, me = _enter(side, WRITE), person()
    found = door.request(request_id)
    with unit_of_work():
        knowledge.agree(found, door.side, me, given["version"], given["named"])
    return told_words(found)


@blueprint.delete(f"{ONE}/answer")
@blueprint.arguments(schemas.AssistanceSide, location="query")
@blueprint.response(204)
def withdraw_words(side: dict[str, Any], request_id: int) -> None:
    """Take what stands off the app's page. Either side, at any time."""
    door = _enter(side, WRITE)
    found = door.request(request_id)
    with unit_of_work():
        knowledge.withdraw(found, door.side)


@blueprint.get("/apps/<string:app>/answers")
@blueprint.arguments(schemas.AssistanceAnswersQuery, location="query")
@blueprint.response(200, schemas.AssistanceAnswerPageSchema)
def list_answers(query: dict[str, Any], app: str) -> dict[str, Any]:
    """Answers from assistance that both sides agreed to keep, newest first; `q` searches them. Needs no token."""
    found = knowledge.answers_of(catalog.get_app(app), query["q"], MOST)
    return paging.page([schemas.told_answer(one) for one in found], query, lambda one: str(one["id"]))


def _enter(side: dict[str, Any], what: str) -> Door:
    if not side["city"]:
        return doors.enter(PROGRAMME, "", what)
    return doors.enter(GIVES if side["given"] else ASKS, side["city"], what)
