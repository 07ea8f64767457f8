"""Questions for programs. Reading an app's needs no token; who asks, answers or hides needs one."""

from __future__ import annotations

from typing import Any

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.voices import doors, questions, schemas, service
from registry.catalog.voices.api import APP, blueprint
from registry.catalog.voices.doors import MODERATION
from registry.catalog.voices.schemas import told_question
from registry.core import paging
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

ALL = f"{APP}/questions"
ONE = f"{ALL}/<int:question_id>"


@blueprint.get("/questions")
@blueprint.arguments(schemas.QuestionsQuerySchema, location="query")
@blueprint.response(200, schemas.QuestionPageSchema)
def list_all_questions(query: dict[str, Any]) -> dict[str, Any]:
    """Of all apps: those that wait, oldest first; or those answered, or all, newest first. For maintainers."""
    enter_programme(MODERATION)
    told = [told_question(one) for one in questions.listed(query["state"], query["q"])]
    return paging.page(told, query, lambda one: str(one["id"]))


@blueprint.get(ALL)
@blueprint.etag
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.QuestionPageSchema)
def list_questions(query: dict[str, Any], app: str) -> dict[str, Any]:
    """Questions of cities with their answers, newest first; the withdrawn ones not."""
    told = [told_question(one) for one in questions.questions_of(catalog.get_app(app)) if not one.withdrawn_at]
    return paging.page(told, query, lambda one: str(one["id"]))


@blueprint.post(ALL)
@blueprint.arguments(schemas.AskedSchema)
@blueprint.response(201, schemas.QuestionSchema)
def ask(given: dict[str, str], app: str) -> dict[str, Any]:
    """Ask for a city one has a role in. The publisher's maintainers are written to."""
    me = person()
    with unit_of_work():
        asked = questions.ask(catalog.get_app(app), service.city_of_asker(given["city"]), me, given["text"])
    return told_question(asked)


@blueprint.patch(ONE)
@blueprint.arguments(schemas.EditedQuestionSchema)
@blueprint.response(200, schemas.QuestionSchema)
def edit(given: dict[str, Any], app: str, question_id: int) -> dict[str, Any]:
    """Change one's own question while nobody answered it."""
    found = doors.asked(app, question_id)
    with unit_of_work():
        questions.edit(found, given["text"], given["version"])
    return told_question(found)


@blueprint.delete(ONE)
@blueprint.response(204)
def withdraw_question(app: str, question_id: int) -> None:
    """Take one's own question off the page, with its answer; restore brings it back."""
    found = doors.asked(app, question_id)
    with unit_of_work():
        questions.withdraw(found)


@blueprint.post(f"{ONE}/restore")
@blueprint.response(200, schemas.QuestionSchema)
def restore(app: str, question_id: int) -> dict[str, Any]:
    """Bring one's own question back."""
    found = doors.asked(app, question_id)
    with unit_of_work():
        questions.restore(found)
    return told_question(found)


@blueprint.put(f"{ONE}/answer")
@blueprint.arguments(schemas.AnswerSchema)
@blueprint.response(200, schemas.QuestionSchema)
def answer(given: dict[str, Any], app: str, question_id: int) -> dict[str, Any]:
    """Answer, or answer anew. For maintainers. Who asked is written to."""
    found = doors.answered(app, question_id)
    with unit_of_work():
        questions.answer(found, given["answer"], given["version"])
    return told_question(found)


@blueprint.delete(f"{ONE}/answer")
@blueprint.response(204)
def withdraw_answer(app: str, question_id: int) -> None:
    """Take the answer back: the question waits again. For maintainers."""
    found = doors.answered(app, question_id)
    with unit_of_work():
        questions.withdraw_answer(found)


@blueprint.put(f"{ONE}/hidden")
@blueprint.arguments(schemas.HiddenSchema)
@blueprint.response(200, schemas.QuestionSchema)
def hide_question(given: dict[str, str], app: str, question_id: int) -> dict[str, Any]:
    """Show the reason in place of question and answer. For maintainers."""
    found = doors.answered(app, question_id)
    with unit_of_work():
        service.hide(found, given["hidden_reason"])
    return told_question(found)


@blueprint.delete(f"{ONE}/hidden")
@blueprint.response(204)
def show_question(app: str, question_id: int) -> None:
    """Show question and answer again. For maintainers."""
    found = doors.answered(app, question_id)
    with unit_of_work():
        service.show(found)
