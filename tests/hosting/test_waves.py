"""Upgrades of many cities: only who agreed, canaries first, stopped by failures, ended by a maintainer."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from registry.core import clock, scope
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import forking
from registry.hosting import driving, service, waves
from registry.hosting.models_operations import Wave, WaveMember
from registry.hosting.wave_rules import Course, course, step_of
from registry.tenants.models import City
from tests.hosting.conftest import active_pks, find
from tests.hosting.serving import end_jobs, plugin

CITIES = ("bontang", "madiun", "salatiga", "tarakan", "ternate")
OLD = "0" * 40


@pytest.fixture
def papan(world, app, monkeypatch):
    """Five cities with papan on an old commit, all of which follow the programme."""
    with app.app_context(), force_locale("en"):
        scope.enter_programme()
        catalog_app = waves.db.session.scalars(select(waves.App)).one()
        for number, slug in enumerate(CITIES[1:]):
            with unit_of_work() as session:
                city = City(code=f"35.{70 + number}", slug=slug, name=f"Kota {slug.title()}", province="Jawa Timur",
                            state="admitted")  # fmt: skip
                session.add(city)
                session.flush()
                session.add(active_pks(city))
            with unit_of_work():
                forking.create_fork(city, catalog_app, None)
        for slug in CITIES:
            deployment = plugin(find(slug), follows=True)
            with unit_of_work():
                service.serving(deployment).commit = OLD
        yield catalog_app


def start(app_, **plan):
    with unit_of_work():
        return waves.start(app_, waves.Plan(**{"canary": 1, "size": 2, "pause_minutes": 0, **plan}))


def states(wave: Wave) -> list[str]:
    db.session.expire_all()
    return [member.state for member, _deployment, _city in waves.members(wave)]


def go_on(wave: Wave, times: int = 1) -> None:
    for _time in range(times):
        driving.drive_all()


def fail(job: Job) -> None:
    with unit_of_work():
        job.state, job.message, job.finished_at = "failed", "Probe failed.", job.created_at


def open_jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.finished_at.is_(None))))


def test_steps_are_the_canaries_and_then_groups():
    assert [step_of(position, 2, 3) for position in range(8)] == [0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("states_", "failures", "last", "what"),
    [
        (["waiting", "waiting"], 0, False, Course.BEGIN),
        (["running", "done"], 0, False, Course.WAIT),
        (["done", "skipped"], 0, False, Course.NEXT),
        (["done", "failed"], 1, False, Course.NEXT),
        (["done", "failed"], 1, True, Course.END),
        (["failed", "failed"], 2, True, Course.STOP),
        (["failed", "running"], 2, False, Course.WAIT),
        (["failed", "waiting"], 2, False, Course.STOP),
    ],
)
def test_what_follows_when_one_failure_is_tolerated(states_, failures, last, what):
    assert course(states_, failures, 1, last) is what


def test_only_plugins_whose_admins_agreed_take_part(papan):
    with unit_of_work():
        waves.candidates(papan)[CITIES.index("madiun")].deployment.follows = False
    wave = start(papan)
    assert [city.slug for _member, _deployment, city in waves.members(wave)] == ["bontang", "salatiga", "tarakan",
                                                                                "ternate"]  # fmt: skip


def test_nothing_newer_is_no_wave(papan):
    with unit_of_work():
        for one in waves.candidates(papan):
            service.serving(one.deployment).commit = one.newer
    with pytest.raises(ConflictError, match="newer"):
        start(papan)


def test_the_canary_goes_first_and_alone(papan):
    wave = start(papan)
    go_on(wave, 3)
    assert states(wave) == ["running", "waiting", "waiting", "waiting", "waiting"]
    assert [job.kind for job in open_jobs()] == ["upgrade"]


def test_after_the_canary_the_rest_go_in_groups_to_the_end(papan):
    wave = start(papan)
    for expected in (1, 3, 5):
        go_on(wave, 2)
        assert states(wave).count("running") + states(wave).count("done") == expected
        end_jobs()
    go_on(wave, 2)
    assert states(wave) == ["done"] * 5 and wave.state == "done" and wave.finished_at is not None


def test_a_pause_lies_between_two_steps(papan):
    wave = start(papan, pause_minutes=30)
    go_on(wave)
    end_jobs()
    go_on(wave, 3)
    assert states(wave).count("running") == 0 and wave.step == 1
    with unit_of_work():
        wave.resume_at = clock.now() - timedelta(seconds=1)
    go_on(wave)
    assert states(wave).count("running") == 2


def test_too_many_failures_stop_it_by_itself_and_the_maintainer_goes_on(papan):
    wave = start(papan)
    go_on(wave)
    fail(open_jobs()[0])
    go_on(wave, 3)
    assert wave.state == "stopped" and states(wave) == ["failed"] + ["waiting"] * 4
    with unit_of_work():
        waves.resume(wave)
    go_on(wave, 2)
    assert wave.state == "running" and states(wave).count("running") == 2


def test_an_ended_wave_begins_nobody_but_hears_of_those_that_began(papan):
    wave = start(papan)
    go_on(wave)
    with unit_of_work():
        waves.abort(wave)
    end_jobs()
    go_on(wave, 2)
    assert states(wave) == ["done"] + ["skipped"] * 4


def test_who_changes_their_mind_is_left_out(papan):
    wave = start(papan)
    with unit_of_work():
        waves.candidates(papan)[0].deployment.follows = False
    go_on(wave)
    assert states(wave)[0] == "skipped" and open_jobs() == []


def test_a_city_that_is_changing_by_itself_is_left_out(papan):
    wave = start(papan)
    with unit_of_work():
        service.upgrade(find("bontang"), waves.candidates(papan)[0].deployment)
    go_on(wave)
    assert states(wave)[0] == "skipped" and len(open_jobs()) == 1


def test_one_city_without_a_pks_does_not_hold_up_the_others(papan):
    wave = start(papan, canary=5, tolerated=5)
    with unit_of_work() as session:
        session.execute(db.text("update agreements set state = 'terminated' where tenant_id = :t"),
                        {"t": find("bontang").id})  # fmt: skip
    go_on(wave)
    assert sorted(states(wave)) == ["failed"] + ["running"] * 4


def test_a_wave_looked_at_twice_begins_nobody_twice(papan):
    wave = start(papan, canary=5)
    go_on(wave, 4)
    assert len(open_jobs()) == 5 and len({member.job_id for member in db.session.scalars(select(WaveMember))}) == 5


def test_one_wave_of_an_app_at_a_time(papan):
    start(papan)
    with pytest.raises(ConflictError, match="under way"):
        start(papan)
