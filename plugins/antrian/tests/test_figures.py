import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

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
    assert figures.figures(served, [], MONDAY, MONDAY, ZONE).served == [(8, 2.0)]


def test_days_outside_the_period_do_not_count(served: sqlite3.Connection) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    assert figures.figures(served, [], tomorrow, tomorrow, ZONE).total.taken == 0


def test_the_kpi_counts_numbers_not_given_back(served: sqlite3.Connection, later: Slot, chosen: Settings) -> None:
    gone = tickets.take(served, wish(later, "x"), at("08:30"), chosen).ticket
    tickets.cancel(served, gone.code, at("08:30"))
    told = {figure.name: figure.value for figure in figures.told(served)}
    assert told == {
        "antrian.diambil": 3,
        "antrian.dilayani": 2,
        "antrian.menunggu": 0,
        "antrian.prioritas": 0,
        "antrian.tunggu_median": 20,
        "antrian.tunggu_p90": 30,
        "antrian.tidak_hadir": 33.3,
    }


def test_waiting_is_told_by_the_hour_people_were_due(served: sqlite3.Connection) -> None:
    assert [(hour, tally.median) for hour, tally in figures.figures(served, [], MONDAY, MONDAY, ZONE).hours] == [
        (8, 1200)
    ]


def test_the_usual_wait_of_an_hour_needs_three_people_of_the_weeks_before(served: sqlite3.Connection) -> None:
    assert figures.usual_waits(served, 1, MONDAY + timedelta(days=1)) == {8: 1200}
    assert figures.usual_waits(served, 1, MONDAY) == {}


def test_the_table_has_a_row_for_each_day_hour_and_service(served: sqlite3.Connection) -> None:
    rows = list(figures.table(served, store.services(served), MONDAY, MONDAY))
    assert rows == [("2026-11-23", "08:00", "A", "Kependudukan", 3, 2, 1, 0, 0, 20.0, 30.0)]


@pytest.mark.parametrize("clock", ["03:00", "11:40", "23:30"])
def test_the_demonstration_shows_every_state_today_at_any_hour(empty: pytest.MonkeyPatch, clock: str) -> None:
    migrations.upgrade()
    opened = connect()
    assert demo.fill(opened, at(clock)) and not demo.fill(opened, at(clock))
    assert all(store.in_state(opened, MONDAY.isoformat(), state) for state in State)
    assert store.holds_demo(opened)
    opened.close()


@pytest.mark.parametrize("code", ["64.74", "21.72", "32.73", "99.99"])
def test_each_city_has_a_days_queue_and_four_weeks_of_history(code: str, empty: pytest.MonkeyPatch) -> None:
    empty.setenv("TENANT_CODE", code)
    migrations.upgrade()
    with closing(connect()) as made:
        demo.fill(made, at("10:00"))
        found = figures.figures(made, store.services(made), MONDAY - timedelta(days=30), MONDAY, ZONE)
        assert len(found.days) == 29 and found.total.median and found.total.priority
        assert all(
            store.line(made, MONDAY.isoformat(), service.id) and service.office for service in store.services(made)
        )


def test_the_demonstration_tells_the_same_history_every_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    histories = []
    for name in "ab":
        monkeypatch.setenv("DATA_DIR", str(tmp_path / name))
        migrations.upgrade()
        with closing(connect()) as made:
            demo.fill(made, at("10:00"))
            histories.append([tuple(row) for row in made.execute("SELECT label, day, state, waited FROM ticket")])
    assert histories[0] == histories[1]


def test_a_demonstration_is_alive_again_the_next_day_and_keeps_what_people_did(empty: pytest.MonkeyPatch) -> None:
    migrations.upgrade()
    tomorrow = MONDAY + timedelta(days=1)
    with closing(connect()) as made:
        demo.fill(made, at("10:00"))
        mine = desk.call_next(made, len(store.counters(made)), at("10:00"), "Operator").label
        assert demo.renew(made, at("09:00", tomorrow))
        assert all(store.in_state(made, tomorrow.isoformat(), state) for state in State)
        kept = made.execute("SELECT state FROM ticket WHERE label = ? AND day = ?", (mine, MONDAY.isoformat()))
        assert [row["state"] for row in kept] == ["called"]


def test_what_is_not_made_up_is_never_renewed(connection: sqlite3.Connection) -> None:
    assert not demo.renew(connection, at("10:00"))
