"""The demo's one request: marked, within the bounds of what people may write, and nobody is written to."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from registry.catalog.assistance import knowledge, rules
from registry.catalog.assistance.models import AssistanceRequest
from registry.catalog.models import App
from registry.catalog.voices.rules import length_problem
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.operate import demo, demo_assistance
from registry.tenants.models import City


@pytest.fixture
def lapor(context) -> App:
    with unit_of_work() as session:
        cities = [City(**one, state="admitted", demo=True) for one in demo.CITIES]
        session.add_all(cities)
        session.flush()
        app = App(slug="lapor", name="Lapor", publisher_id=cities[0].id, publiccode="", facts={}, maturity="stable",
                  licence="MIT")  # fmt: skip
        session.add(app)
    return app


def test_every_text_is_marked_and_could_have_been_written_by_people():
    texts = [text for _side, _act, _hours, text in demo_assistance.SAID]
    assert all("(contoh)" in text and length_problem(text, rules.TEXT) is None for text in texts)
    assert length_problem(demo_assistance.TITLE, rules.TITLE) is None and "(contoh)" in demo_assistance.NOTE
    for text, bounds in ((demo_assistance.QUESTION, rules.QUESTION), (demo_assistance.ANSWER, rules.ANSWER)):
        assert length_problem(text, bounds) is None and rules.private_problem(text, {"Bontang"}) is None


def test_a_second_start_asks_nothing_twice_and_nobody_is_written_to(lapor):
    demo_assistance.fill()
    demo_assistance.fill()
    assert db.session.scalar(select(func.count()).select_from(AssistanceRequest)) == 1
    assert [one.demo for one in knowledge.answers_of(lapor)] == [True]
    assert db.session.scalar(db.text("select count(*) from procrastinate_jobs")) == 0


def test_without_the_app_nothing_is_asked(context):
    demo_assistance.fill()
    scope.enter_programme()
    assert db.session.scalar(select(func.count()).select_from(AssistanceRequest)) == 0
