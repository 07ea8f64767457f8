"""Months pass: backups and drills when they are due, what the policy lets go, what is told when they fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.backups import complaints, folders, keeping, reading, scheduling, service
from registry.backups.models import SCHEDULED, Backup
from registry.backups.rules import Policy
from registry.core import clock, scope
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.alerts import Alert
from registry.hosting.models import Deployment
from tests.backups.conftest import ask_backup, backed_up, make, paths_of, serving, work_off


def a_day() -> list[str]:
    """One day later: what is due is asked for, done, and the night's clean-up runs."""
    clock.move(timedelta(days=1))
    scheduling.enqueue_due(clock.now())
    done = work_off()
    keeping.retain(clock.now())
    return done


def kept(deployment: Deployment) -> list[Backup]:
    return [one for one in reading.backups(deployment) if one.state == "kept"]


def open_alerts() -> set[str]:
    return set(db.session.scalars(select(Alert.kind).where(Alert.until.is_(None))))


def test_a_plugin_nobody_configured_is_backed_up_every_day(bontang, papan):
    assert [a_day().count("backups.make") for _day in range(3)] == [1, 1, 1]
    assert {one.reason for one in kept(papan)} == {SCHEDULED}


def test_two_months_leave_days_weeks_and_months_and_the_shelf_holds_just_those(bontang, papan, shelf):
    for _day in range(60):
        a_day()
    held = kept(papan)
    assert 10 <= len(held) <= 7 + 4 + 3
    assert {one.snapshot for one in held} == set(shelf.tags)
    assert shelf.pruned == 60


def test_it_is_drilled_once_a_week(bontang, papan, host):
    days = [a_day().count("backups.drill") for _day in range(16)]
    assert 2 <= sum(days) <= 3
    assert reading.fact(papan).drilled.drilled_well


def test_nothing_is_asked_twice_at_once(bontang, papan):
    for _round in range(3):
        scheduling.enqueue_due(clock.now())
    assert work_off() == ["backups.make"]


def test_a_repository_that_is_down_for_days_is_told_and_nothing_is_lost(bontang, papan, shelf):
    a_day()
    good = kept(papan)
    shelf.broken = complaints.UnreachableError()
    for _day in range(3):
        clock.move(timedelta(days=1))
        scheduling.enqueue_due(clock.now())
        work_off()
    scheduling.enqueue_due(clock.now())
    assert open_alerts() == {"backup_late"}
    assert [one.id for one in kept(papan)] == [one.id for one in good]
    shelf.broken = None
    work_off()
    a_day()
    scheduling.enqueue_due(clock.now())
    assert open_alerts() == set()


def test_a_drill_that_fails_is_told(bontang, papan, host):
    host.drill = {"healthy": False, "integrity": "ok"}
    a_day()
    scheduling.enqueue_due(clock.now())
    work_off()
    scheduling.enqueue_due(clock.now())
    assert open_alerts() == {"drill_failed"}


def test_a_neighbour_that_cannot_be_read_stops_nobody(bontang, papan, settings, shelf):
    other = serving(bontang, settings, "pengumuman")
    with (paths_of(settings, papan).data / "hole").open("wb") as file:
        file.truncate(2**43)
    a_day()
    assert kept(papan) == []
    assert len(kept(other)) == 1


def test_off_is_off_and_hourly_is_every_hour(bontang, papan):
    with unit_of_work():
        service.set_policy(bontang, papan, Policy(every="off"))
    assert a_day() == []
    with unit_of_work():
        service.set_policy(bontang, papan, Policy(every="hourly", drills=False))
    made = 0
    for _hour in range(5):
        clock.move(timedelta(hours=1))
        scheduling.enqueue_due(clock.now())
        made += len(work_off())
    assert made == 5


@pytest.mark.parametrize("policy", [Policy(every="never"), Policy(hour=24), Policy(daily=0), Policy(monthly=999)])
def test_a_policy_is_bounded(bontang, papan, policy):
    with pytest.raises(InvalidError), unit_of_work():
        service.set_policy(bontang, papan, policy)


def test_what_a_killed_worker_left_is_swept(bontang, papan, settings, shelf):
    backup = ask_backup(bontang, papan)
    way = folders.out(settings, papan.id, str(backup.job_id))
    way.make()
    keeping.tidy()
    assert way.folder.exists(), "its job still waits"
    make(backup)
    way.make()
    lost = shelf.backup(way.folder, [], ["plugin", f"job-{backup.job_id}"]).snapshot
    unknown = shelf.backup(way.folder, [], ["plugin", "job-of-nobody-here"]).snapshot
    keeping.tidy()
    assert not way.folder.exists()
    clock.move(timedelta(days=2))
    keeping.retain(clock.now())
    assert lost not in shelf.tags
    assert unknown in shelf.tags, "what this database does not know is left alone"
    assert len(kept(papan)) == 1


def test_one_made_by_hand_outlives_the_policy(bontang, papan):
    with unit_of_work():
        service.set_policy(bontang, papan, Policy(daily=1, weekly=0, monthly=0))
    mine = backed_up(bontang, papan)
    for _day in range(5):
        a_day()
    assert mine.id in {one.id for one in kept(papan)}
    for _day in range(28):
        a_day()
    assert mine.id not in {one.id for one in kept(papan)}


def test_every_city_is_seen_by_the_clock(bontang, papan, app):
    db.session.remove()
    with app.app_context():
        scope.enter_programme()
        scheduling.enqueue_due(clock.now())
        work_off()
        assert len(kept(db.session.get_one(Deployment, papan_id()))) == 1


def papan_id() -> int:
    return db.session.scalars(select(Deployment.id)).one()


def test_of_a_copy_for_trying_and_of_what_was_removed_no_backups_are_made(bontang, papan):
    with unit_of_work():
        papan.trial_of = 1
    scheduling.enqueue_due(clock.now())
    assert work_off() == []
    assert hosting.live_plugins(bontang, "id") == [], "nor does the portal show it"
