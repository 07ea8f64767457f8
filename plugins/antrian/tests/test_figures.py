import sqlite3
from datetime import timedelta

import pytest
from antrian import demo, desk, figures, migrations, store, tickets
from antrian.models import Slot, State
from antrian.settings import Settings
from lumbung_plugin import connect

from tests.conftest import MONDAY, ZONE, at, wish


@pytest.fixture
def served(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> sqlite3.Connection:
    """Three taken before opening and called at 08:10, 08:20 and 08:30; the third did not come."""
    for nonce, minute in zip("abc", ("10", "20", "30"), strict=True):
        tickets.take(connection, wish(slot, nonce), at("07:00"), chosen)
        called = desk.call_next(connection, 1, at(f"08:{minute}"), "Operator")
        end = desk.skip if nonce == "c" else desk.finish
        end(connection, 1, called.id, at(f"08:{minute}"), "Operator")
    return connection


def test_waiting_time_is_reported_as_median_and_ninetieth_percentile(served: sqlite3.Connection) -> None:
    total = figures.figures(served, store.services(served), MONDAY, MONDAY, ZONE).total
    assert (total.taken, total.served, total.absent, total.median, total.p90) == (3, 2, 1, 1200, 1800)


def test_served_per_hour_counts_those_finished(served: sqlite3.Connection) -> None:
    assert figures.figures(served, [], MONDAY, MONDAY, ZONE).hours == [(8, 2.0)]


def test_days_outside_the_period_do_not_count(served: sqlite3.Connection) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    assert figures.figures(served, [], tomorrow, tomorrow, ZONE).total.taken == 0


def test_the_kpi_counts_numbers_not_given_back(
    served: sqlite3.Connection, later: Slot, chosen: Settings
) -> None:
    gone = tickets.take(served, wish(later, "x"), at("08:30"), chosen).ticket
    tickets.cancel(served, gone.code, at("08:30"))
    assert figures.today_figures(served, MONDAY) == {
        "taken": 3, "served": 2, "waiting": 0, "median_wait_seconds": 1200}


@pytest.mark.parametrize("clock", ["03:00", "11:40", "23:30"])
def test_the_demonstration_shows_every_state_today_at_any_hour(
    monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    migrations.upgrade()
    opened = connect()
    assert demo.fill(opened, at(clock)) and not demo.fill(opened, at(clock))
    assert all(store.in_state(opened, MONDAY.isoformat(), state) for state in State)
    assert store.holds_demo(opened)
    opened.close()


def test_the_demonstration_has_two_weeks_of_history(connection: sqlite3.Connection) -> None:
    other = sqlite3.connect(":memory:")
    other.row_factory = sqlite3.Row
    other.executescript(migrations.FIRST)
    demo.fill(other, at("10:00"))
    found = figures.figures(other, [], MONDAY - timedelta(days=30), MONDAY, ZONE)
    assert len(found.days) == 15 and found.total.median


def test_the_demonstration_tells_the_same_history_every_time() -> None:
    histories = []
    for _ in range(2):
        made = sqlite3.connect(":memory:")
        made.row_factory = sqlite3.Row
        made.executescript(migrations.FIRST)
        demo.fill(made, at("10:00"))
        histories.append([tuple(row) for row in made.execute("SELECT label, day, state, waited FROM ticket")])
    assert histories[0] == histories[1]


def test_migrating_twice_changes_nothing(connection: sqlite3.Connection) -> None:
    before = connection.execute("SELECT count(*) FROM service").fetchone()[0]
    migrations.upgrade()
    assert connection.execute("SELECT count(*) FROM service").fetchone()[0] == before
