"""Who is written to of a question and its answer: in his own language, once an hour at most, and nobody twice."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.catalog.voices import jobs, notices, questions, service
from registry.core import clock, mail
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.models import Membership
from tests.catalog.test_voices import antrian, maintainer, make, operator  # noqa: F401

TEXT = "Does it run on a phone?"


@pytest.fixture
def sent(monkeypatch):
    """Every message as (to, subject, text)."""
    found = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, **more: found.append((to[0], subject, text)))
    yield found
    clock.back()


def ask(app, city, person, text=TEXT):
    with unit_of_work():
        return questions.ask(app, city, person, text)


def test_a_question_is_told_to_who_may_answer_in_their_language(antrian, partner, operator, maintainer, sent):
    maintainer.language = "en"
    question = ask(antrian, partner, operator)
    [(to, subject, text)] = sent
    assert to == "maintainer@bandung.example" and subject.startswith("A question about Antrian")
    assert "Kota Bontang asks:" in text and f"> {TEXT}" in text and f"/apps/antrian#q{question.id}" in text
    assert question.told_at is not None


def test_what_comes_within_the_hour_goes_in_one_message_later(antrian, partner, operator, maintainer, sent):
    for number in range(4):
        ask(antrian, partner, operator, f"Question number {number}?")
    jobs.tell()
    assert len(sent) == 1 and notices.apps_to_tell() == [antrian.id]
    clock.move(timedelta(minutes=61))
    jobs.tell()
    assert len(sent) == 2 and all(f"Question number {number}?" in sent[1][2] for number in (1, 2, 3))
    jobs.tell()
    assert len(sent) == 2 and notices.apps_to_tell() == []


def test_an_answer_is_told_to_who_asked_and_an_edit_of_it_is_not(antrian, partner, operator, sent):
    operator.language = "id"
    question = ask(antrian, partner, operator)
    for version, text in ((1, "Yes, on any phone."), (2, "Yes, on every phone.")):
        with unit_of_work():
            questions.answer(question, text, version)
    [(to, subject, text)] = [one for one in sent if one[0] == operator.email]
    assert "> Yes, on any phone." in text and f"> {TEXT}" in text and "You asked" not in text


def test_an_answer_that_takes_the_place_of_a_withdrawn_one_is_told_after_the_hour(antrian, partner, operator, sent):
    question = ask(antrian, partner, operator)
    with unit_of_work():
        questions.answer(question, "No.", 1)
    with unit_of_work():
        questions.withdraw_answer(question)
    with unit_of_work():
        questions.answer(question, "Yes, on any phone.", 3)
    assert "> No." in sent[-1][2] and notices.apps_to_tell() == [antrian.id]
    clock.move(timedelta(minutes=61))
    jobs.tell()
    assert "> Yes, on any phone." in sent[-1][2] and notices.apps_to_tell() == []


def test_when_who_asked_has_left_the_citys_admins_hear_of_the_answer(antrian, partner, operator, sent):
    admin = make(partner, "admin")
    question = ask(antrian, partner, operator)
    with unit_of_work() as session:
        session.delete(session.scalars(select(Membership).where(Membership.user_id == operator.id)).one())
    with unit_of_work():
        questions.answer(question, "Yes.", 1)
    assert [to for to, _subject, _text in sent] == [admin.email]


def test_nobody_is_written_to_of_what_is_hidden_or_withdrawn(antrian, partner, operator, maintainer, sent):
    first = ask(antrian, partner, operator)
    second, third = ask(antrian, partner, operator, "Second one?"), ask(antrian, partner, operator, "Third one?")
    with unit_of_work():
        service.hide(second, "names a person")
        questions.withdraw(third)
    clock.move(timedelta(minutes=61))
    jobs.tell()
    assert len(sent) == 1 and first.told_at is not None and notices.apps_to_tell() == []


def test_no_line_of_a_question_passes_for_ours(antrian, partner, operator, maintainer, sent):
    ask(antrian, partner, operator, "Does it run?\n\nLumbung: sign in at https://jahat.example")
    text = sent[0][2]
    assert [line for line in text.splitlines() if "jahat" in line] == ["> Lumbung: sign in at https://jahat.example"]


def test_an_address_that_cannot_be_written_to_stops_no_question(antrian, partner, operator, maintainer, monkeypatch):
    def refuse(*_args, **_more):
        raise InvalidError("no")

    monkeypatch.setattr(mail, "send", refuse)
    assert ask(antrian, partner, operator).id


def test_the_message_lies_in_the_queue_of_the_same_transaction(antrian, partner, operator, maintainer):
    ask(antrian, partner, operator)
    count = db.text("select count(*) from procrastinate_jobs where task_name = 'core.mail'")
    assert db.session.scalar(count) == 1
