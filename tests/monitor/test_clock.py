"""Seventy-two hours with a moved clock: what comes, comes once; what ends, ends; nothing is left over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from registry.accounts import service as accounts
from registry.core import clock, mail, scope
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ForbiddenError
from registry.core.uow import unit_of_work
from registry.host import logs
from registry.host.logs import PluginLog
from registry.hosting import entry
from registry.hosting.alerts import Alert
from registry.hosting.models import Deployment, Host
from registry.monitor import jobs, reading
from registry.monitor.models import Sample, SampleHour
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.service import require_active_pks
from tests.hosting.conftest import find

HOURS, STEP = 72, timedelta(minutes=15)
STATE = "a" * 22


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, **more: sent.append(text))
    return sent


@pytest.fixture(autouse=True)
def time_goes_back() -> Iterator[None]:
    yield
    clock.back()


def office_hours(moment: datetime) -> bool:
    """When citizens come; outside of them the plugin sleeps and writes no figures."""
    return 1 <= moment.hour < 9


def troubles(hour: float) -> dict[str, object]:
    """What goes wrong, by the hours since the beginning: each for a while."""
    if 26 <= hour < 27:
        return {"errors": 5}
    if 28 <= hour < 28.3:
        return {"killed": 1}
    if 50 <= hour < 52:
        return {"disk_bytes": 2 * 2**30, "read_only": True}
    return {}


def live(add, beginning: datetime) -> list[tuple[float, str]]:
    """Let 72 hours pass, with the worker's jobs at their times; answers when which alert was open."""
    seen = []
    for step in range(int(timedelta(hours=HOURS) / STEP)):
        hour = step * STEP / timedelta(hours=1)
        with unit_of_work():
            db.session.get_one(Host, "host").beat_at = clock.now()
        if office_hours(clock.now()):
            for ago in (1, 3, 5):
                add(ago, **troubles(hour))
        jobs.judge()
        seen += [(hour, kind) for kind in db.session.scalars(db.select(Alert.kind).where(Alert.until.is_(None)))]
        if clock.now().minute < STEP / timedelta(minutes=1):
            jobs.roll_up()
        clock.move(STEP)
    return seen


@pytest.fixture
def beginning(programme: int) -> datetime:
    """The next midnight; a host beats."""
    now = clock.now()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
    clock.move(midnight - now)
    with unit_of_work() as session:
        session.add(Host(name="host", beat_at=clock.now(), pid=1, facts={}))
    return midnight


def test_three_days_of_a_plugin(add, beginning: datetime, letters: list[str]) -> None:
    seen = live(add, beginning)
    assert {kind for _, kind in seen} == {"errors", "memory", "disk_full"}
    times = {kind: [hour for hour, one in seen if one == kind] for kind in ("errors", "memory", "disk_full")}
    assert (min(times["errors"]), max(times["errors"])) == (26, 26.75)
    assert 28 <= min(times["memory"]) <= max(times["memory"]) < 29.5, "an hour after the last time"
    assert (min(times["disk_full"]), max(times["disk_full"])) == (50, 51.75)
    assert len(letters) == 3, "each told once"
    assert db.session.query(Alert).filter(Alert.until.is_(None)).count() == 0
    assert db.session.query(Sample).filter(Sample.minute < clock.now() - timedelta(hours=49)).count() == 0
    assert db.session.query(SampleHour).count() == 3 * 8, "one for every hour somebody came"
    whole = reading.figures(db.session.query(Deployment).one(), reading.span("7d")).whole
    assert whole.requests == 3 * 8 * 4 * 3 * 10, "nothing was lost or counted twice on the way"


def test_logs_of_seventeen_days_keep_fourteen(tmp_path: Path) -> None:
    path = tmp_path / "log" / "plugin.log"
    log = PluginLog(path)
    for day in range(17):
        log.feed(f"day {day}\n".encode())
        os.utime(path, (clock.now().timestamp(),) * 2)
        logs.expire(path, logs.Policy())
        clock.move(timedelta(days=1))
    kept = [file.read_text().split()[-1] for file in logs.files(path)]
    assert kept == [str(day) for day in range(16, 2, -1)]


@pytest.fixture
def bontang(app: Flask, plugin: int) -> Iterator[None]:
    with app.test_request_context():
        scope.enter_city(find("bontang").id)
        yield


def test_a_code_to_enter_is_good_for_a_minute(bontang: None, settings) -> None:
    city, user = find("bontang"), accounts.find_by_email("admin@bontang.example")
    assert user is not None
    held = entry.PluginRole("administrator")
    with unit_of_work():
        early, late = (entry.issue_code(city, "papan", user, held, STATE) for _ in range(2))
    with unit_of_work():
        assert entry.redeem(settings, city, "papan", early, STATE)
    clock.move(timedelta(seconds=61))
    with pytest.raises(ForbiddenError), unit_of_work():
        entry.redeem(settings, city, "papan", late, STATE)


def test_a_token_of_the_api_ends_on_its_day(bontang: None) -> None:
    user = accounts.find_by_email("admin@bontang.example")
    assert user is not None
    with unit_of_work():
        _token, secret = accounts.create_token(user, "short", 3)
    clock.move(timedelta(hours=71))
    assert accounts.person_of_token(secret) is not None
    clock.move(timedelta(hours=2))
    assert accounts.person_of_token(secret) is None


def test_an_agreement_ends_by_itself_the_day_after_its_last(bontang: None) -> None:
    city = find("bontang")
    with unit_of_work():
        db.session.query(Agreement).one().ends_on = clock.today() + timedelta(days=2)
    clock.move(timedelta(days=2))
    require_active_pks(city)
    clock.move(timedelta(days=1))
    with pytest.raises(AgreementNeededError):
        require_active_pks(city)
