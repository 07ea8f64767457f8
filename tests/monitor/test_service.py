"""Figures become alerts and hours; each alert is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.core import clock, mail, scope
from registry.core.db import db
from registry.core.errors import InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.hosting.alerts import Alert, raise_alert, settle_alert
from registry.hosting.models import Deployment, Host
from registry.monitor import jobs, reading, service
from registry.monitor.models import Sample, SampleHour
from tests.hosting.conftest import find

from .conftest import SLOW


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, **more: sent.append((list(to), subject, text)))
    return sent


def open_kinds() -> list[str]:
    return sorted(db.session.scalars(db.select(Alert.kind).where(Alert.until.is_(None))))


def test_many_errors_are_told_to_the_city_s_admin_once(add, letters) -> None:
    for ago in (1, 2, 3):
        add(ago, errors=4)
    service_judges()
    service_judges()
    assert open_kinds() == ["errors"]
    [(to, subject, text)] = letters
    assert to == ["admin@bontang.example"]
    assert "papan.bontang" in subject
    assert "12" in text
    assert "/console/bontang/alerts" in text


def service_judges() -> None:
    for change in service.changes():
        with unit_of_work():
            service.apply(change)


def test_an_alert_ends_when_its_reason_does_and_comes_back_quietly(add, letters) -> None:
    for ago in (1, 2, 3):
        add(ago, histogram=SLOW)
    service_judges()
    assert open_kinds() == ["slow"]
    clock.move(timedelta(minutes=30))
    service_judges()
    assert open_kinds() == []
    for ago in (1, 2, 3):
        add(ago, histogram=SLOW)
    service_judges()
    assert open_kinds() == ["slow"]
    assert len(letters) == 1


def test_a_crash_is_an_alert_until_somebody_acts(programme, letters) -> None:
    plugin = db.session.get_one(Deployment, programme)
    plugin.state = "crashed"
    db.session.commit()
    service_judges()
    assert open_kinds() == ["crashed"]
    db.session.get_one(Deployment, programme).state = "waiting"
    db.session.commit()
    service_judges()
    assert open_kinds() == []


def test_a_full_disk_stays_an_alert_while_the_plugin_sleeps(add, letters) -> None:
    add(1, disk_bytes=2 * 2**30, read_only=True)
    service_judges()
    clock.move(timedelta(hours=5))
    service_judges()
    assert open_kinds() == ["disk_full"]
    add(1, disk_bytes=1000)
    service_judges()
    assert open_kinds() == []


def test_a_plugin_that_was_removed_asks_for_nobody(add, letters) -> None:
    add(1, killed=3)
    service_judges()
    assert open_kinds() == ["memory"]
    db.session.get_one(Deployment, db.session.query(Deployment.id).scalar()).removed_at = clock.now()
    db.session.commit()
    service_judges()
    assert open_kinds() == []


def test_a_silent_host_is_the_publisher_s_alert(programme, letters) -> None:
    with unit_of_work() as session:
        session.add(Host(name="one", beat_at=clock.now() - timedelta(minutes=10), pid=1, facts={}))
    service_judges()
    alert = db.session.scalars(db.select(Alert)).one()
    assert (alert.kind, alert.tenant_id, alert.deployment_id) == ("host_silent", find("bandung").id, None)
    db.session.get_one(Host, "one").beat_at = clock.now()
    db.session.commit()
    service_judges()
    assert open_kinds() == []


def test_an_alert_stays_on_the_page_when_its_mail_cannot_be_written(add, monkeypatch) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise InvalidError("no such address")

    add(1, killed=1, stuck=1)
    monkeypatch.setattr(mail, "send", refuse)
    jobs.judge()
    assert open_kinds() == ["memory", "stuck"]


def test_the_letter_is_really_written(add, app) -> None:
    add(1, killed=1)
    jobs.judge()
    queued = db.session.execute(db.text("select count(*) from procrastinate_jobs where task_name = 'core.mail'"))
    assert queued.scalar() == 1


def test_other_rooms_raise_and_settle_their_own(programme, letters) -> None:
    city = find("bontang")
    with unit_of_work():
        raise_alert(city.id, "backup_late", "Cadangan terakhir sudah tiga hari.", programme)
    with unit_of_work():
        raise_alert(city.id, "backup_late", "Cadangan terakhir sudah empat hari.", programme)
    service_judges()
    assert [alert.message for alert in db.session.scalars(db.select(Alert))] == ["Cadangan terakhir sudah empat hari."]
    with unit_of_work():
        settle_alert(city.id, "backup_late", programme)
    assert open_kinds() == []


def test_hours_hold_what_their_minutes_held(add, at_noon) -> None:
    add(40, requests=10, cpu_seconds=1.5, memory_bytes=5, disk_bytes=100)
    add(55, requests=30, cpu_seconds=0.5, memory_bytes=9, disk_bytes=50, histogram=SLOW)
    with unit_of_work():
        service.roll_up()
    with unit_of_work():
        service.roll_up()
    hour = db.session.scalars(db.select(SampleHour)).one()
    assert (hour.requests, hour.cpu_seconds, hour.memory_bytes, hour.disk_bytes) == (40, 2.0, 9, 100)
    assert (hour.histogram[2], hour.histogram[9]) == (10, 40)
    assert hour.minute == at_noon.replace(hour=11, minute=0)


def test_the_hour_that_runs_is_not_summed_up(add) -> None:
    add(5)
    with unit_of_work():
        service.roll_up()
    assert db.session.query(SampleHour).count() == 0


def test_minutes_go_after_two_days_and_hours_after_four_hundred(add) -> None:
    add(40)
    with unit_of_work():
        service.roll_up()
    clock.move(timedelta(days=2, hours=2))
    with unit_of_work():
        service.roll_up()
    assert (db.session.query(Sample).count(), db.session.query(SampleHour).count()) == (0, 1)
    clock.move(timedelta(days=400))
    with unit_of_work():
        service.roll_up()
    assert db.session.query(SampleHour).count() == 0


def test_a_range_shows_minutes_and_hours_as_one(add) -> None:
    add(90, requests=7)
    with unit_of_work():
        service.roll_up()
    add(10, requests=5)
    plugin = db.session.query(Deployment).one()
    for word in ("24h", "7d", "30d"):
        found = reading.figures(plugin, reading.span(word))
        assert found.whole.requests == 12, word
        assert sum(step.requests for step in found.steps) == 12
    assert reading.figures(plugin, reading.span("1h")).whole.requests == 5


def test_processor_time_is_told_as_processors(add) -> None:
    add(10, cpu_seconds=30.0)
    found = reading.figures(db.session.query(Deployment).one(), reading.span("1h"))
    assert max(step.cpu for step in found.steps) == pytest.approx(0.5)
    assert found.whole.cpu == pytest.approx(30 / 3600)


def test_what_a_disk_held_is_remembered_while_the_plugin_sleeps(add) -> None:
    add(50, disk_bytes=123)
    found = reading.figures(db.session.query(Deployment).one(), reading.span("1h"))
    assert found.steps[-1].disk == 123
    assert found.steps[-1].memory is None
    assert found.steps[0].disk is None


def test_who_has_seen_an_alert_first_stays_noted(app, programme, letters) -> None:
    city = find("bontang").id
    with unit_of_work():
        number = raise_alert(city, "backup_late", "x").id
    db.session.remove()
    with app.test_request_context():
        scope.enter_city(city)
        with unit_of_work():
            service.mark_seen(find("bontang"), number, 3)
            service.mark_seen(find("bontang"), number, 4)
        assert db.session.get_one(Alert, number).seen_by == 3
        with pytest.raises(NotFoundError):
            service.mark_seen(find("bontang"), number + 1, 3)
