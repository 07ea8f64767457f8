"""What the demo's officials say: every text marked, within the bounds of what people may write."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from registry.catalog.models import App
from registry.catalog.voices import notices, questions, rules, service
from registry.catalog.voices.models import Question
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.operate import demo, demo_described, demo_plugins, demo_voices
from registry.tenants.models import City

TOLD, ASKED = demo_voices.read()


@pytest.fixture
def lapor(context) -> App:
    """One app of all that are spoken of, and the demo's cities."""
    with unit_of_work() as session:
        cities = [City(**one, state="admitted", demo=True) for one in demo.CITIES]
        session.add_all(cities)
        session.flush()
        app = App(slug="lapor", name="Lapor", publisher_id=cities[0].id, publiccode="", facts={}, maturity="stable",
                  licence="MIT")  # fmt: skip
        session.add(app)
    return app


@pytest.mark.parametrize("one", TOLD, ids=lambda one: f"{one.app}-{one.city}")
def test_every_declaration_could_have_been_written_by_an_official(one):
    assert rules.problems(one.said, clock.today()) == {}
    assert one.said.use_case.endswith("(contoh).") and one.said.experience.endswith(("(contoh).", ""))


@pytest.mark.parametrize("one", ASKED, ids=lambda one: f"{one.app}-{one.days}")
def test_every_question_and_answer_could_have_been_written_by_people(one):
    assert rules.length_problem(one.text, rules.QUESTION) is None and "(contoh)" in one.text
    assert not one.answer or (
        rules.length_problem(one.answer, rules.ANSWER) is None and one.answer.endswith("(contoh).")
    )
    assert one.after <= one.days


def test_the_apps_and_cities_spoken_of_are_those_of_the_demo():
    known = {*demo_plugins.names(), *(path.stem for path in demo_described.FOLDER.glob("*.yml"))}
    assert {one.app for one in (*TOLD, *ASKED)} <= known
    assert {one.city for one in (*TOLD, *ASKED)} <= set(demo_voices.SPEAKERS) <= {one["slug"] for one in demo.CITIES}


def test_a_citys_own_declaration_stands_once_for_each_app():
    assert len({(one.app, one.city) for one in TOLD}) == len(TOLD)


def test_the_page_shows_answers_and_an_open_question_and_nobody_is_written_to(lapor):
    demo_voices.fill()
    found = questions.questions_of(lapor)
    assert [one.answered for one in found] == [False, True, True] and len(service.declarations_of(lapor)) == 2
    assert notices.apps_to_tell() == []
    assert db.session.scalar(db.text("select count(*) from procrastinate_jobs")) == 0


def test_a_second_start_says_nothing_twice(lapor):
    demo_voices.fill()
    demo_voices.fill()
    assert db.session.scalar(select(func.count()).select_from(Question)) == 3
