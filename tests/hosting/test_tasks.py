"""Tasks by the clock: once when due, never piled up, never while the plugin is off."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from registry.core import scope
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.core.uow import unit_of_work
from registry.hosting import tasks
from registry.hosting.models import Errand
from tests.hosting.conftest import find
from tests.hosting.serving import plugin

REMIND = {"name": "remind", "call": "papan.tasks:remind", "cron": "0 6 * * *"}
FIVE = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
"""Five in the morning in Jakarta."""


@pytest.fixture
def papan(world, app):
    with app.app_context(), force_locale("en"):
        scope.enter_programme()
        yield plugin(find("bontang"), [REMIND])


def tick(at: datetime) -> int:
    with unit_of_work():
        return tasks.enqueue_due(at)


def end_runs(code: int = 0) -> None:
    with unit_of_work():
        for run in db.session.scalars(select(Errand)):
            run.state, run.result, run.finished_at = "done", {"exit": code, "seconds": 1.5, "tail": ["ok"]}, FIVE


def test_a_task_runs_once_when_its_time_has_come(papan):
    assert [tick(FIVE), tick(FIVE + timedelta(minutes=59))] == [0, 0]
    assert [tick(FIVE + timedelta(hours=1)), tick(FIVE + timedelta(hours=1, minutes=1))] == [1, 0]
    run = db.session.scalars(select(Errand)).one()
    assert (run.kind, run.argument["call"], run.argument["name"]) == ("task", "papan.tasks:remind", "remind")


def test_the_time_is_that_of_the_citys_zone(papan):
    with unit_of_work():
        find("bontang").timezone = "Asia/Makassar"
    tick(FIVE - timedelta(minutes=30))
    assert tick(FIVE) == 1


def test_times_missed_together_run_once(papan):
    tick(FIVE)
    assert tick(FIVE + timedelta(days=3)) == 1


def test_a_run_that_is_not_over_is_not_overtaken(papan):
    tick(FIVE)
    tick(FIVE + timedelta(hours=1))
    assert tick(FIVE + timedelta(days=1, hours=1)) == 0
    end_runs()
    assert tick(FIVE + timedelta(days=1, hours=2)) == 1


@pytest.mark.parametrize(
    "columns", [{"enabled": False}, {"maintenance": "Ditutup sampai besok."}, {"trial_of": 1}, {"state": "crashed"}]
)
def test_nothing_runs_while_off_closed_or_a_copy_and_nothing_is_made_up_for(papan, columns):
    tick(FIVE)
    before = {name: getattr(papan, name) for name in columns}
    with unit_of_work():
        for name, value in columns.items():
            setattr(papan, name, value)
    assert tick(FIVE + timedelta(hours=1)) == 0
    with unit_of_work():
        for name, value in before.items():
            setattr(papan, name, value)
    assert tick(FIVE + timedelta(hours=2)) == 0


def test_a_paused_task_waits_for_its_next_time_after_the_pause(papan):
    bontang = find("bontang")
    with unit_of_work():
        tasks.set_paused(bontang, papan, "remind", True, FIVE)
    assert tick(FIVE + timedelta(hours=1)) == 0
    with unit_of_work():
        tasks.set_paused(bontang, papan, "remind", False, FIVE + timedelta(hours=2))
    assert tick(FIVE + timedelta(hours=3)) == 0
    assert tick(FIVE + timedelta(days=1, hours=1)) == 1


def test_run_now_starts_one_run(papan):
    bontang = find("bontang")
    with unit_of_work():
        tasks.run_now(bontang, papan, "remind")
    with pytest.raises(ConflictError, match="running already"), unit_of_work():
        tasks.run_now(bontang, papan, "remind")
    with pytest.raises(NotFoundError), unit_of_work():
        tasks.run_now(bontang, papan, "destroy")


def test_what_runs_said_is_shown_and_forgotten_after_its_time(papan):
    with unit_of_work():
        tasks.run_now(find("bontang"), papan, "remind")
    end_runs(code=3)
    shown = tasks.planned(find("bontang"), papan, FIVE)[0]
    assert shown.next_at == FIVE + timedelta(hours=1) and shown.last.result["exit"] == 3
    assert [run.id for run in tasks.last_runs([papan])] == [shown.last.id] and not tasks.well(shown.last)
    with unit_of_work():
        tasks.forget_old(FIVE + tasks.KEPT + timedelta(hours=1))
    assert tasks.runs(papan, "remind", 5) == []
