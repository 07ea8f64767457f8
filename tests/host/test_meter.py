"""The meter by itself: readings become rows, rows wait for the database, looks become orders."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.config import Settings
from registry.core import clock
from registry.host import meter as module
from registry.host import quota, tally
from registry.host.limits import NO_GROUP, Use
from registry.host.meter import Meter
from registry.host.quota import Look, Watch
from registry.host.samples import Samples
from registry.host.shim.stats import BUCKETS, Counts
from registry.host.tally import Row, Tally
from registry.hosting.plain import City, DeploymentPaths, Limits, Manifest, RunSpec

LIMITS = Limits(disk=10 * 2**20, files=100)
BUSY = "stats " + json.dumps({"n": 3, "e": 1, "slow": 0, "h": [1, 2, *[0] * 11]})


class FakeGroup:
    def __init__(self) -> None:
        self.now = Use()

    def use(self) -> Use:
        return self.now

    def pids(self) -> set[int]:
        return set()


class FakeSandbox:
    def __init__(self) -> None:
        self.group = FakeGroup()
        self.started = time.monotonic()


class Desk:
    """A meter whose thread is not started: the test turns it."""

    def __init__(self, root: Path) -> None:
        self.orders: list[tuple[int, bool, str]] = []
        self.written: list[Row] = []
        self.meter = Meter(Settings(data=root), lambda call: call(), lambda *order: self.orders.append(order))
        self.meter._samples = self
        paths = DeploymentPaths(root, 7)
        paths.data.mkdir(parents=True)
        city = City("64.74", "bontang", "Kota Bontang", locale="en")
        self.spec = RunSpec(7, "lapor", city, "http://x", 1, "1", Manifest("a:b"), LIMITS, root, root, paths.data)
        self.sandbox = FakeSandbox()

    def add(self, row: Row) -> None:
        self.written.append(row)

    def write(self) -> None:
        return

    def start(self) -> None:
        self.sandbox = FakeSandbox()
        self.meter.started(7, self.sandbox, self.spec)  # type: ignore[arg-type]

    def look_again(self) -> None:
        for one in self.meter._awake.values():
            one.look_at = one.use_at = 0
        self.meter.turn()

    def minute(self) -> Tally:
        """What was written for the minute that ends now."""
        self.look_again()
        clock.move(timedelta(minutes=1))
        self.meter.turn()
        return self.written[-1].tally


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A minute has just begun: none ends unless the test lets it."""
    now = clock.now()
    clock.move(now.replace(second=0, microsecond=0) + timedelta(minutes=1) - now)
    yield Desk(tmp_path)
    clock.back()


def test_a_minute_holds_what_was_told_and_read(desk: Desk) -> None:
    desk.start()
    desk.meter.heard(7, "ready")
    desk.meter.heard(7, BUSY)
    desk.meter.heard(7, BUSY)
    desk.sandbox.group.now = Use(memory=500, cpu=1.5, tasks=4)
    desk.look_again()
    desk.sandbox.group.now = Use(memory=300, cpu=2.0, tasks=2)
    found = desk.minute()
    assert (found.requests, found.errors, found.histogram[:3]) == (6, 2, [2, 4, 0])
    assert (found.memory_bytes, found.cpu_seconds, found.processes, found.wakes) == (500, 2.0, 4, 1)


def test_a_sleeper_writes_nothing(desk: Desk) -> None:
    desk.start()
    desk.minute()
    desk.meter.ended(7)
    clock.move(timedelta(minutes=1))
    desk.meter.turn()
    count = len(desk.written)
    clock.move(timedelta(minutes=5))
    desk.meter.turn()
    assert len(desk.written) == count


def test_what_was_taken_over_is_no_wake_and_its_past_is_not_counted_again(desk: Desk) -> None:
    desk.sandbox.started -= 100
    desk.sandbox.group.now = Use(cpu=50.0, killed=2)
    desk.meter.started(7, desk.sandbox, desk.spec)  # type: ignore[arg-type]
    found = desk.minute()
    assert (found.wakes, found.cpu_seconds, found.killed) == (0, 0.0, 0)


def test_who_passed_the_memory_limit_is_told_so(desk: Desk) -> None:
    desk.start()
    desk.sandbox.group.now = Use(killed=1)
    assert desk.meter.ended(7) == "memory_limit"
    desk.start()
    assert desk.meter.ended(7) == ""


def test_a_child_that_was_killed_long_ago_did_not_end_the_plugin(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.start()
    desk.sandbox.group.now = Use(killed=1)
    desk.look_again()
    monkeypatch.setattr(module, "JUST_NOW", 0.0)
    assert desk.meter.ended(7) == ""
    assert desk.meter._tallies[7].killed == 1


def test_stuck_is_counted_once_per_life(desk: Desk) -> None:
    desk.start()
    for _ in range(5):
        desk.meter.heard(7, "stuck")
    assert desk.meter.ended(7) == "stuck"
    assert desk.meter._tallies[7].stuck == 1


@pytest.mark.parametrize(
    "word",
    ["stats", "stats []", "stats {}", "stats null", "stats " + "[" * 1900, "nonsense", "",
     BUSY.replace("3", "4"), BUSY.replace("3", "-3"), BUSY.replace("3", "3.0"), BUSY.replace('"e": 1', '"e": 9'),
     BUSY.replace("3", "1" * 30), BUSY.replace('"n"', '"m"'), BUSY.replace("[1, 2, 0", "[true, 2, 0")],
)  # fmt: skip
def test_a_lie_that_cannot_be_true_is_not_counted(word: str) -> None:
    assert tally.read(word) is None


def test_what_the_shim_tells_is_understood() -> None:
    counts = Counts()
    assert counts.take() is None
    counts.add(200, BUCKETS[0], False)
    counts.add(503, 1000.0, True)
    told = tally.read(counts.take() or "")
    assert told is not None
    assert (told.requests, told.errors, told.slow) == (2, 1, 1)
    assert (told.histogram[0], told.histogram[-1]) == (1, 1)
    assert counts.take() is None


def test_too_much_data_is_read_only_and_told_until_there_is_room(desk: Desk) -> None:
    desk.start()
    desk.look_again()
    desk.orders.clear()
    big = desk.spec.data / "big"
    big.write_bytes(b"x" * 11 * 2**20)
    desk.look_again()
    [(deployment, read_only, message)] = desk.orders
    assert (deployment, read_only) == (7, True)
    assert "11 MB / 10 MB" in message
    desk.look_again()
    assert len(desk.orders) == 1, "told once"
    big.unlink()
    desk.look_again()
    assert desk.orders[-1] == (7, False, "")


def test_the_first_look_says_how_it_stands_whatever_a_predecessor_said(desk: Desk) -> None:
    desk.start()
    desk.look_again()
    assert desk.orders == [(7, False, "")]


def test_a_nearly_full_disk_stops_who_grows_fastest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    full = True
    monkeypatch.setattr(quota, "disk_is_nearly_full", lambda folder, spare: full)
    desk.start()
    desk.look_again()
    (desk.spec.data / "x").write_bytes(b"x" * 2**20)
    desk.look_again()
    desk.meter._floor_at = 0
    desk.meter.turn()
    assert desk.orders[-1][1] is True
    assert "platform operator" in desk.orders[-1][2]
    full = False
    desk.meter._floor_at = 0
    desk.meter.turn()
    assert desk.orders[-1] == (7, False, "")


def test_between_the_limit_and_below_nothing_flaps() -> None:
    watch = Watch()
    found = []
    for size in (9.9, 10.1, 9.9, 9.6, 9.4, 9.9):
        watch = quota.after(watch, Look(int(size * 2**20), 1, True, 0.0), LIMITS)
        found.append(watch.read_only)
    assert found == [False, True, True, True, False, False]


def test_the_less_room_the_sooner_the_next_look() -> None:
    roomy, tight = (quota.after(Watch(), Look(size, 1, True, 0), Limits(files=10**6)) for size in (0, 1000 * 2**20))
    assert quota.SOONEST <= quota.wait(tight, Limits()) < quota.wait(roomy, Limits(files=10**6)) <= quota.LATEST


def test_who_writes_faster_than_believed_is_looked_at_sooner() -> None:
    watch = quota.after(Watch(), Look(0, 1, True, at=0), Limits())
    fast = quota.after(watch, Look(400 * 2**20, 1, True, at=1), Limits())
    assert fast.bytes_rate == 400 * 2**20
    assert quota.wait(fast, Limits()) < 2


def test_counting_does_not_become_the_load() -> None:
    watch = quota.after(Watch(), Look(0, 99, True, at=0, took=1.0), LIMITS)
    assert quota.wait(watch, LIMITS) >= quota.COST


def test_a_task_that_adds_nothing_may_tidy_up_what_is_too_much(tmp_path: Path) -> None:
    for number in range(150):
        (tmp_path / str(number)).touch()
    guard = quota.Guard(tmp_path, LIMITS)
    assert guard.over(NO_GROUP) is None, "over before it began"
    guard._next = 0
    (tmp_path / "0").unlink()
    assert guard.over(NO_GROUP) is None
    for number in range(150, 200):
        (tmp_path / str(number)).touch()
    assert guard.over(NO_GROUP) is None, "it is not looked at all the time"
    guard._next = 0
    assert guard.over(NO_GROUP) is not None


class AwayDatabase:
    def __init__(self) -> None:
        self.away = True
        self.rows: list[dict[str, Any]] = []

    @contextmanager
    def transaction(self) -> Iterator[AwayDatabase]:
        if self.away:
            raise psycopg.OperationalError("away")
        yield self

    def executemany(self, _query: str, rows: list[dict[str, Any]]) -> None:
        self.rows += rows


def test_rows_wait_for_the_database_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    database = AwayDatabase()
    samples = Samples(database)  # type: ignore[arg-type]
    for number in range(25_000):
        samples.add(Row(number, clock.now(), Tally()))
    samples.write()
    database.away = False
    samples.write()
    samples.write()
    assert len(database.rows) == 20_000
    assert database.rows[-1]["deployment"] == 24_999, "the newest stay"


def test_a_minute_written_twice_is_added_up(database: str) -> None:
    settings = Settings(data=Path("/nowhere"), database_url=database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("insert into deployments (tenant_id, name, secret_key_sealed) values (1, 'x', '')")
        row = connection.execute("select id from deployments").fetchone()
        assert row is not None
        samples = Samples(module.Database(settings))
        minute = clock.now().replace(second=0, microsecond=0)
        for memory in (50, 20):
            mine = replace(Tally(requests=2, memory_bytes=memory, disk_bytes=memory), histogram=[1] * 13)
            samples.add(Row(row[0], minute, mine))
            samples.write()
        found = connection.execute("select requests, memory_bytes, disk_bytes, histogram[1] from samples").fetchall()
    assert found == [(4, 50, 20, 2)]


def test_nobody_waits_for_the_meter(desk: Desk) -> None:
    """The reactor's calls only note: even a thousand of them take no time worth telling."""
    desk.start()
    began = time.thread_time()
    for _ in range(1000):
        desk.meter.heard(7, BUSY)
    assert time.thread_time() - began < 0.5
