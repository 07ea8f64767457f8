"""What the API takes and tells of declarations and questions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from registry.catalog.schemas import PublisherSchema
from registry.catalog.voices import questions, rules
from registry.catalog.voices.models import Declaration, Question
from registry.core import paging

SEEN = {"description": "The one you saw: 409 when somebody was faster"}


class HiddenSchema(Schema):
    reason = fields.String(required=True, validate=validate.Length(*rules.REASON), attribute="hidden_reason")


class DeclarationSchema(Schema):
    """A hidden one has a reason in ``hidden`` and no words. To write it anew give the ``version`` that stands there."""

    city = fields.Nested(PublisherSchema, dump_only=True)
    use_case = fields.String(required=True, validate=validate.Length(max=4 * rules.USE_CASE[1]))
    instance_url = fields.String(load_default="", validate=validate.Length(max=2 * rules.MAX_URL))
    experience = fields.String(load_default="", validate=validate.Length(max=4 * rules.EXPERIENCE[1]))
    since = fields.Date(load_default=None, allow_none=True)
    version = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 2**31), metadata=SEEN)
    updated_at = fields.AwareDateTime(dump_only=True)
    hidden = fields.String(dump_only=True)


class QuestionSchema(Schema):
    """``answer`` is "" while it waits; a hidden or withdrawn one has no words."""

    id = fields.Integer(dump_only=True)
    app = fields.String(dump_only=True)
    city = fields.Nested(PublisherSchema, dump_only=True)
    text = fields.String(dump_only=True)
    answer = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True, metadata={"description": "Give it when you change question or answer"})
    asked_at = fields.AwareDateTime(dump_only=True)
    edited_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    answered_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    answer_edited_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    hidden = fields.String(dump_only=True)


class AskedSchema(Schema):
    """``city`` is the slug of the city that asks."""

    city = fields.String(required=True, validate=validate.Length(1, 40))
    text = fields.String(required=True, validate=validate.Length(max=4 * rules.QUESTION[1]))


class VersionSeenSchema(Schema):
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31), metadata=SEEN)


class EditedQuestionSchema(VersionSeenSchema):
    text = fields.String(required=True, validate=validate.Length(max=4 * rules.QUESTION[1]))


class AnswerSchema(VersionSeenSchema):
    answer = fields.String(required=True, validate=validate.Length(max=4 * rules.ANSWER[1]))


class QuestionsQuerySchema(paging.PageQuery):
    state = fields.String(load_default=questions.WAITING, validate=validate.OneOf(questions.STATES))
    q = fields.String(
        load_default="", validate=validate.Length(max=questions.MAX_WORDS),
        metadata={"description": "Words of the question or of the app's name"},
    )  # fmt: skip


DeclarationPageSchema = paging.page_of(DeclarationSchema)
QuestionPageSchema = paging.page_of(QuestionSchema)


def told_declaration(one: Declaration) -> dict[str, Any]:
    words = {} if one.hidden_at else {
        "use_case": one.use_case, "instance_url": one.instance_url, "experience": one.experience, "since": one.since,
    }  # fmt: skip
    return {"city": one.city, "version": one.version, "updated_at": one.updated_at, "hidden": one.hidden_reason} | words


def told_question(one: Question) -> dict[str, Any]:
    """What everybody may read of it."""
    answered = one.answered
    words = {} if one.hidden_at or one.withdrawn_at else {
        "text": one.text, "edited_at": one.edited_at, "answer": one.answer if answered else "",
        "answered_at": one.answered_at if answered else None,
        "answer_edited_at": one.answer_edited_at if answered else None,
    }  # fmt: skip
    same = {name: getattr(one, name) for name in ("id", "city", "version", "withdrawn_at")}
    return {**same, "app": one.app.slug, "asked_at": one.created_at, "hidden": one.hidden_reason, **words}
