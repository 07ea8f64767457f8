from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from registry.catalog.models import Adoption, App
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.programme import adoption, rules


@pytest.fixture
def inside(app, partners):
    with app.app_context():
        scope.enter_programme()
        yield


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2026, 3, 31), [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]),
     (date(2026, 1, 1), [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)])],
)  # fmt: skip
def test_months_are_counted_back_from_a_day(day, months):
    assert rules.months_to(day, 3) == months
    assert rules.month_after(months[0]) == months[1]


def test_who_has_an_app_and_who_runs_it(inside):
    (lapor,) = adoption.by_app()
    assert (lapor.slug, lapor.taken, lapor.running) == ("lapor", 10, 5)
    assert len(adoption.by_city()) == 10


def test_before_anything_was_kept_the_course_follows_from_when_it_began(inside):
    course = adoption.course()
    assert course.taken[-1] == 10 and course.running[-1] == 5
    assert list(course.taken) == sorted(course.taken) and course.taken[0] < 10


def test_a_month_that_is_over_stays_as_it_was(inside):
    with unit_of_work():
        adoption.note_month()
    today = clock.today()
    clock.move(timedelta(days=(rules.month_after(rules.month_of(today)) - today).days))
    try:
        with unit_of_work():
            db.session.execute(update(Adoption).values(running=False))
            adoption.note_month()
        assert adoption.course().running[-2:] == (5, 0)
        assert adoption.course().taken[-2:] == (10, 10)
    finally:
        clock.back()


def test_noting_a_month_twice_keeps_it_once(inside):
    for _again in range(2):
        with unit_of_work():
            adoption.note_month()
    assert len(list(adoption.months_table())) == 10


def test_one_app_and_one_city_have_courses_of_their_own(inside):
    lapor = db.session.scalar(select(App.id).where(App.slug == "lapor"))
    holder = adoption.by_city()[0]
    assert adoption.course(app=lapor).taken[-1] == 10
    assert adoption.course(city=holder.id).taken[-1] == 1
    assert adoption.course(app=lapor + 1).taken[-1] == 0
