"""What was asked and answered is changed, taken back and brought back; of two at the same time one wins."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import g
from flask_babel import refresh
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.catalog.voices import questions, service
from registry.catalog.voices.models import Question
from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from tests.catalog.test_voices import antrian, maintainer, make, operator, page, sign_in  # noqa: F401

TEXT, OTHER = "Does it run on a phone?", "Does it run on an old phone?"
YES, ALSO = "Yes, on any phone.", "Yes, on any phone of the last ten years."


@pytest.fixture
def asked(antrian, partner, operator):
    with unit_of_work():
        return questions.ask(antrian, partner, operator, TEXT)


@pytest.fixture
def answered(asked):
    with unit_of_work():
        questions.answer(asked, YES, 1)
    return asked


def before() -> list[str]:
    """What the log keeps of earlier words."""
    scope.enter_programme()
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [one.detail["before"] for one in found if "before" in one.detail]


def at(question, path: str = "") -> str:
    return f"/apps/antrian/questions/{question.id}{path}"


def test_who_asked_changes_the_question_while_it_waits(asked, client):
    assert client.post(at(asked, "/edit"), data={"text": OTHER, "version": 1}).status_code == 303
    shown = page(client)
    assert OTHER in shown and TEXT not in shown and "edited on" in shown
    assert before() == [TEXT]


def test_an_answered_question_is_not_changed(answered, client):
    answer = client.post(at(answered, "/edit"), data={"text": OTHER, "version": 2})
    assert answer.status_code == 409 and questions.find_question(answered.app, answered.id).text == TEXT


def test_a_colleague_changes_nothing_and_the_admin_of_the_city_may(asked, partner, client):
    for role, status in (("auditor", 403), ("admin", 303)):
        sign_in(client, make(partner, role))
        assert client.post(at(asked, "/edit"), data={"text": OTHER, "version": 1}).status_code == status


def test_who_left_the_city_changes_nothing_more(asked, operator, client):
    with unit_of_work() as session:
        session.execute(db.text("delete from memberships"))
    g.pop("memberships", None)
    assert client.post(at(asked, "/edit"), data={"text": OTHER, "version": 1}).status_code == 403


def test_a_withdrawn_question_is_seen_by_who_asked_and_comes_back(asked, maintainer, operator, client):
    client.post(at(asked, "/withdraw"))
    mine = page(client)
    assert "withdrew this question" in mine and "Bring it back" in mine
    sign_in(client, maintainer)
    assert TEXT not in page(client), "nobody answered it, so it concerns nobody else"
    with client.session_transaction() as session:
        session.clear()
    g.pop("memberships", None)
    assert TEXT not in page(client)
    sign_in(client, operator)
    client.post(at(asked, "/restore"))
    assert "Waits for an answer." in page(client)


def test_who_answered_still_sees_a_question_that_was_withdrawn(answered, maintainer, client):
    client.post(at(answered, "/withdraw"))
    sign_in(client, maintainer)
    shown = page(client)
    assert "withdrew this question" in shown and YES in shown and "Bring it back" not in shown


def test_a_withdrawn_question_takes_no_answer(asked, maintainer, client):
    client.post(at(asked, "/withdraw"))
    sign_in(client, maintainer)
    refresh()
    late = client.post(at(asked, "/answer") + "?lang=en", data={"answer": YES, "version": 1})
    assert late.status_code == 409 and "withdrew this question meanwhile" in late.text and YES in late.text


def test_an_answer_is_changed_and_says_so(answered, maintainer, client):
    sign_in(client, maintainer)
    client.post(at(answered, "/answer"), data={"answer": ALSO, "version": 2})
    shown = page(client)
    assert ALSO in shown and "edited on" in shown and before() == [YES]


def test_of_two_answers_the_slower_reads_the_other_first(asked, maintainer, client):
    sign_in(client, maintainer)
    client.post(at(asked, "/answer"), data={"answer": YES, "version": 1})
    refresh()
    late = client.post(at(asked, "/answer") + "?lang=en", data={"answer": ALSO, "version": 1})
    assert late.status_code == 409 and "What stands there now" in late.text and YES in late.text and ALSO in late.text
    assert questions.find_question(asked.app, asked.id).answer == YES


def test_a_withdrawn_answer_leaves_the_question_waiting_and_its_words_to_who_answers(answered, maintainer, client):
    sign_in(client, maintainer)
    client.post(at(answered, "/answer/withdraw"))
    shown = page(client)
    assert YES not in shown and "Waits for an answer." in shown
    assert YES in client.get(at(answered, "/answer")).text
    assert client.post(at(answered, "/answer/withdraw")).status_code == 303
    with pytest.raises(ConflictError):
        questions.withdraw_answer(answered)


def test_what_is_hidden_is_neither_changed_nor_answered(asked, maintainer, client):
    with unit_of_work():
        service.hide(asked, "names a person")
    assert client.post(at(asked, "/edit"), data={"text": OTHER, "version": 1}).status_code == 409
    sign_in(client, maintainer)
    assert client.post(at(asked, "/answer"), data={"answer": YES, "version": 1}).status_code == 409


def test_maintainers_see_what_waits_oldest_first_and_find_by_words(asked, partner, operator, maintainer, client):
    with unit_of_work():
        questions.ask(asked.app, partner, operator, "How many counters at once?")
    assert client.get("/programme/questions").status_code == 403
    sign_in(client, maintainer)
    refresh()
    shown = client.get("/programme/questions?lang=en").text
    assert shown.index(TEXT) < shown.index("How many counters")
    assert TEXT not in client.get("/programme/questions?q=counters").text
    assert TEXT not in client.get("/programme/questions?state=answered").text
    assert client.get("/programme/questions?q=%00%25&state=x&page=999999").status_code == 200


@pytest.fixture
def bearers(operator, maintainer):
    with unit_of_work():
        return [
            {"Authorization": f"Bearer {accounts.create_token(user, 'test')[1]}"} for user in (operator, maintainer)
        ]


def test_programs_change_and_take_back_too(asked, bearers, client):
    one, (theirs, ours) = f"/api/v1{at(asked)}", bearers
    stale = client.patch(one, json={"text": OTHER, "version": 7}, headers=theirs)
    assert stale.status_code == 409
    assert client.patch(one, json={"text": OTHER, "version": 1}, headers=theirs).json["version"] == 2
    g.pop("memberships", None)
    assert client.get("/api/v1/questions", headers=ours).json["items"][0]["app"] == "antrian"
    assert client.put(f"{one}/answer", json={"answer": YES, "version": 2}, headers=ours).json["answer"] == YES
    assert client.delete(f"{one}/answer", headers=ours).status_code == 204
    g.pop("memberships", None)
    assert client.get("/api/v1/questions", headers=theirs).status_code == 403
    assert client.delete(one, headers=theirs).status_code == 204
    assert client.get("/api/v1/apps/antrian/questions").json["items"] == []
    assert client.post(f"{one}/restore", headers=theirs).json["text"] == OTHER
    g.pop("memberships", None)
    assert client.delete(one, headers=ours).status_code == 403


def test_of_two_answers_at_the_very_same_time_one_is_published(app, asked):
    number, start, came = asked.id, Barrier(2), []

    def write(text: str) -> None:
        with app.app_context():
            found = db.session.get_one(Question, number)
            start.wait()
            try:
                with unit_of_work():
                    questions.answer(found, text, 1)
                came.append("published")
            except ConflictError:
                came.append("told")

    with ThreadPoolExecutor(2) as both:
        list(both.map(write, (YES, ALSO)))
    assert sorted(came) == ["published", "told"]
