"""Declarations and questions for programs. Reading needs no token; writing needs one of an official or a maintainer."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.schemas import PublisherSchema
from registry.catalog.voices import rules, service
from registry.catalog.voices.models import Declaration, Question
from registry.catalog.voices.rules import Said
from registry.core import paging
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

MODERATION = "app.publish"
APP = "/apps/<string:app>"
ONE_DECLARATION, ONE_QUESTION = f"{APP}/declarations/<string:city>", f"{APP}/questions/<int:question_id>"

blueprint = Blueprint("api_voices", __name__, url_prefix="/api/v1", description="What officials say and ask of apps")


class HiddenSchema(Schema):
    reason = fields.String(required=True, validate=validate.Length(*rules.REASON), attribute="hidden_reason")


class DeclarationSchema(Schema):
    """A hidden one has a reason in ``hidden`` and no words."""

    city = fields.Nested(PublisherSchema, dump_only=True)
    use_case = fields.String(required=True, validate=validate.Length(max=4 * rules.USE_CASE[1]))
    instance_url = fields.String(load_default="", validate=validate.Length(max=2 * rules.MAX_URL))
    experience = fields.String(load_default="", validate=validate.Length(max=4 * rules.EXPERIENCE[1]))
    since = fields.Date(load_default=None, allow_none=True)
    updated_at = fields.AwareDateTime(dump_only=True)
    hidden = fields.String(dump_only=True)


class QuestionSchema(Schema):
    """``answer`` is "" while it waits; a hidden one has a reason in ``hidden`` and no words."""

    id = fields.Integer(dump_only=True)
    city = fields.Nested(PublisherSchema, dump_only=True)
    text = fields.String(dump_only=True)
    answer = fields.String(dump_only=True)
    asked_at = fields.AwareDateTime(dump_only=True)
    answered_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    hidden = fields.String(dump_only=True)


class AskedSchema(Schema):
    """``city`` is the slug of the city that asks."""

    city = fields.String(required=True, validate=validate.Length(1, 40))
    text = fields.String(required=True, validate=validate.Length(max=4 * rules.QUESTION[1]))


class AnswerSchema(Schema):
    answer = fields.String(required=True, validate=validate.Length(max=4 * rules.ANSWER[1]))


DeclarationPageSchema = paging.page_of(DeclarationSchema)
QuestionPageSchema = paging.page_of(QuestionSchema)


@blueprint.get(f"{APP}/declarations")
@blueprint.etag
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, DeclarationPageSchema)
def list_declarations(query: dict[str, Any], app: str) -> dict[str, Any]:
    """What cities say of the app, newest first; whether they run it is in `adoptions` of the app."""
    told = [_declaration(one) for one in service.declarations_of(catalog.get_app(app))]
    return paging.page(told, query, lambda one: str(one["city"].slug))


@blueprint.put(ONE_DECLARATION)
@blueprint.arguments(DeclarationSchema)
@blueprint.response(200, DeclarationSchema)
def declare(given: dict[str, Any], app: str, city: str) -> dict[str, Any]:
    """Write the declaration of a city one has a role in, or write it anew."""
    me = person()
    with unit_of_work():
        written = service.declare(catalog.get_app(app), service.city_of_asker(city), me, Said(**given))
    return _declaration(written)


@blueprint.delete(ONE_DECLARATION)
@blueprint.response(204)
def withdraw(app: str, city: str) -> None:
    """Take the declaration of one's city back."""
    person()
    with unit_of_work():
        service.withdraw(service.standing_declaration(catalog.get_app(app), service.city_of_asker(city)))


@blueprint.put(f"{ONE_DECLARATION}/hidden")
@blueprint.arguments(HiddenSchema)
@blueprint.response(200, DeclarationSchema)
def hide_declaration(given: dict[str, str], app: str, city: str) -> dict[str, Any]:
    """Show the reason in place of the words. For maintainers."""
    enter_programme(MODERATION)
    found = service.declaration_in(catalog.get_app(app), city)
    with unit_of_work():
        service.hide(found, given["hidden_reason"])
    return _declaration(found)


@blueprint.delete(f"{ONE_DECLARATION}/hidden")
@blueprint.response(204)
def show_declaration(app: str, city: str) -> None:
    """Show the words again. For maintainers."""
    enter_programme(MODERATION)
    with unit_of_work():
        service.show(service.declaration_in(catalog.get_app(app), city))


@blueprint.get(f"{APP}/questions")
@blueprint.etag
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, QuestionPageSchema)
def list_questions(query: dict[str, Any], app: str) -> dict[str, Any]:
    """Questions of cities with their answers, newest first."""
    told = [_question(one) for one in service.questions_of(catalog.get_app(app))]
    return paging.page(told, query, lambda one: str(one["id"]))


@blueprint.post(f"{APP}/questions")
@blueprint.arguments(AskedSchema)
@blueprint.response(201, QuestionSchema)
def ask(given: dict[str, str], app: str) -> dict[str, Any]:
    """Ask for a city one has a role in."""
    me = person()
    with unit_of_work():
        asked = service.ask(catalog.get_app(app), service.city_of_asker(given["city"]), me, given["text"])
    return _question(asked)


@blueprint.put(f"{ONE_QUESTION}/answer")
@blueprint.arguments(AnswerSchema)
@blueprint.response(200, QuestionSchema)
def answer(given: dict[str, str], app: str, question_id: int) -> dict[str, Any]:
    """Answer, or answer anew. For maintainers."""
    enter_programme(MODERATION)
    found = service.find_question(catalog.get_app(app), question_id)
    with unit_of_work():
        service.answer(found, given["answer"])
    return _question(found)


@blueprint.put(f"{ONE_QUESTION}/hidden")
@blueprint.arguments(HiddenSchema)
@blueprint.response(200, QuestionSchema)
def hide_question(given: dict[str, str], app: str, question_id: int) -> dict[str, Any]:
    """Show the reason in place of question and answer. For maintainers."""
    enter_programme(MODERATION)
    found = service.find_question(catalog.get_app(app), question_id)
    with unit_of_work():
        service.hide(found, given["hidden_reason"])
    return _question(found)


@blueprint.delete(f"{ONE_QUESTION}/hidden")
@blueprint.response(204)
def show_question(app: str, question_id: int) -> None:
    """Show question and answer again. For maintainers."""
    enter_programme(MODERATION)
    with unit_of_work():
        service.show(service.find_question(catalog.get_app(app), question_id))


def _declaration(one: Declaration) -> dict[str, Any]:
    words = {} if one.hidden_at else {
        "use_case": one.use_case, "instance_url": one.instance_url, "experience": one.experience, "since": one.since,
    }  # fmt: skip
    return {"city": one.city, "updated_at": one.updated_at, "hidden": one.hidden_reason, **words}


def _question(one: Question) -> dict[str, Any]:
    words = {} if one.hidden_at else {"text": one.text, "answer": one.answer, "answered_at": one.answered_at}
    return {"id": one.id, "city": one.city, "asked_at": one.created_at, "hidden": one.hidden_reason, **words}
