"""What the API takes and tells of assistance. Notes of the helpers are no part of it."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from registry.catalog.assistance import attachments, knowledge, reading, rules
from registry.catalog.assistance.models import AssistanceAnswer, AssistanceMessage, AssistanceRequest
from registry.catalog.schemas import PublisherSchema
from registry.core import paging

SEEN = {"description": "The one you saw: 409 when somebody was faster"}
WHERE = {"description": "Slug of your city; without it you ask as a maintainer of the programme"}


class AssistanceSide(Schema):
    city = fields.String(load_default="", validate=validate.Length(max=40), metadata=WHERE)
    given = fields.Boolean(
        load_default=False,
        metadata={"description": "With `city`: what it is asked as the publisher of a variant, not what it asks"},
    )


class AssistanceQuery(AssistanceSide, paging.PageQuery):
    q = fields.String(load_default="", validate=validate.Length(max=reading.MAX_WORDS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *reading.SHOWN)))
    urgency = fields.String(load_default="", validate=validate.OneOf(("", *rules.URGENCIES)))
    app = fields.String(load_default="", validate=validate.Length(max=80))
    mine = fields.Boolean(load_default=False)


class AssistanceAsked(Schema):
    app = fields.String(required=True, validate=validate.Length(1, 80))
    title = fields.String(required=True, validate=validate.Length(max=4 * rules.TITLE[1]))
    text = fields.String(required=True, validate=validate.Length(max=4 * rules.TEXT[1]))
    tried = fields.String(load_default="", validate=validate.Length(max=4 * rules.TRIED[1]))
    urgency = fields.String(load_default=rules.NORMAL, validate=validate.OneOf(rules.URGENCIES))
    phase = fields.String(load_default=rules.OPERATION, validate=validate.OneOf(rules.PHASES))
    plugin = fields.String(load_default="", validate=validate.Length(max=80))
    app_version = fields.String(load_default="", validate=validate.Length(max=4 * rules.MAX_VERSION))


class AssistanceSaid(Schema):
    """``act`` says what becomes of the request: solve and close may have no text."""

    text = fields.String(load_default="", validate=validate.Length(max=4 * rules.TEXT[1]))
    act = fields.String(load_default=rules.SAY, validate=validate.OneOf(rules.ACTS))
    version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31), metadata=SEEN)


class AssistanceUpload(Schema):
    files = fields.List(Upload(), required=True, validate=validate.Length(1, rules.MAX_FILES))


class AssistanceUploadText(AssistanceSide):
    """Beside the files, in the query."""

    text = fields.String(required=True, validate=validate.Length(max=4 * rules.TEXT[1]))
    version = fields.Integer(required=True, validate=validate.Range(0, 2**31), metadata=SEEN)


class AssistanceAssigned(Schema):
    assignee = fields.Integer(required=True, allow_none=True, validate=validate.Range(1, 2**62))


class AssistanceWords(Schema):
    question = fields.String(required=True, validate=validate.Length(max=4 * rules.QUESTION[1]))
    answer = fields.String(required=True, validate=validate.Length(max=4 * rules.ANSWER[1]))
    named = fields.Boolean(load_default=False, metadata={"description": "Counts from the asking city only"})
    version = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 2**31), metadata=SEEN)


class AssistanceAgreed(Schema):
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31), metadata=SEEN)
    named = fields.Boolean(load_default=None, allow_none=True)


class AssistanceFileShown(Schema):
    id = fields.Integer()
    name = fields.String()
    media = fields.String()
    size = fields.Integer()


class AssistanceMessageShown(Schema):
    id = fields.Integer()
    side = fields.String()
    act = fields.String()
    author = fields.String()
    text = fields.String()
    at = fields.AwareDateTime()
    files = fields.List(fields.Nested(AssistanceFileShown))


class AssistanceShown(Schema):
    id = fields.Integer()
    app = fields.String()
    city = fields.Nested(PublisherSchema)
    helper = fields.Nested(PublisherSchema)
    title = fields.String()
    state = fields.String()
    urgency = fields.String()
    phase = fields.String()
    promised = fields.String()
    covered = fields.Boolean()
    plugin = fields.String()
    app_version = fields.String()
    tried = fields.String()
    assignee = fields.String(allow_none=True)
    version = fields.Integer()
    opened_at = fields.AwareDateTime()
    waiting_since = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    solved_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)


class AssistanceThread(AssistanceShown):
    messages = fields.List(fields.Nested(AssistanceMessageShown))


class AssistanceWordsShown(Schema):
    """``agreed_…`` is whether that side agreed to these words, ``stands`` whether some stand on the app's page."""

    question = fields.String()
    answer = fields.String()
    named = fields.Boolean()
    version = fields.Integer()
    agreed_city = fields.Boolean()
    agreed_helper = fields.Boolean()
    stands = fields.Boolean()


class AssistanceAnswersQuery(paging.PageQuery):
    q = fields.String(load_default="", validate=validate.Length(max=reading.MAX_WORDS))


class AssistanceAnswerShown(Schema):
    """What both sides agreed to; ``city`` only where it wished to be named."""

    id = fields.Integer()
    question = fields.String()
    answer = fields.String()
    city = fields.Nested(PublisherSchema, allow_none=True)
    version = fields.Integer()
    agreed_at = fields.AwareDateTime()


AssistancePageSchema = paging.page_of(AssistanceShown)
AssistanceAnswerPageSchema = paging.page_of(AssistanceAnswerShown)
SAME = ("id", "city", "helper", "title", "state", "urgency", "phase", "promised", "covered", "plugin", "app_version",
        "tried", "version", "opened_at", "waiting_since", "answered_at", "solved_at", "closed_at")  # fmt: skip


def told_request(one: AssistanceRequest) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in SAME}
    return {**told, "app": one.app.slug, "assignee": one.assignee.name if one.assignee else None}


def told_thread(one: AssistanceRequest) -> dict[str, Any]:
    held = attachments.of_request(one)
    return {**told_request(one), "messages": [told_message(said, held) for said in reading.messages(one)]}


def told_message(one: AssistanceMessage, held: dict[int, Any]) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("id", "side", "act", "author", "text", "at")}
    return {**told, "files": held.get(one.id, [])}


def told_words(one: AssistanceRequest) -> dict[str, Any]:
    """Empty while nobody proposed any."""
    draft = knowledge.draft_of(one)
    if draft is None:
        return {}
    told = {name: getattr(draft, name) for name in ("question", "answer", "named", "version")}
    agreed = {name: bool(getattr(draft, name)) for name in ("agreed_city", "agreed_helper")}
    return {**told, **agreed, "stands": draft.answer_id is not None}


def told_answer(one: AssistanceAnswer) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("id", "question", "answer", "city", "version", "agreed_at")}
