"""A database of release 1.0.0, filled as that release did, brought to 1.1.0."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from antrian import demo, migrations, store, tickets
from antrian.models import Need, Plan
from antrian.office import plan_week
from antrian.settings import Settings
from lumbung_plugin import connect, migrate
from lumbung_plugin.storage import NewerDatabaseError

from tests.conftest import at, wish

TICKET = """INSERT INTO ticket (id, code, service_id, line_id, day, number, label, slot_start, slot_end, name,
    phone, state, origin, priority, due_at, taken_at, visitor, nonce)
    VALUES (?, ?, 1, 1, ?, ?, ?, '08:00', '09:00', ?, ?, ?, 'online', ?, 1, 1, ?, ?)"""
OLD = (
    # id, code, day, number, label, name, phone, state, priority, visitor, nonce
    (1, "old-code-one", "2026-11-20", 1, "A-001", "Warga", "081234567890", "finished", 1, "v1", "n1"),
    (2, "old-code-two", "2026-11-23", 1, "A-001", "Warga", "0812-3456-7890", "waiting", 0, "v1", "n2"),
    (3, "old-code-tri", "2026-11-23", 2, "A-002", "", "", "waiting", 1, "", "n3"),
    (4, "old-code-for", "2026-11-24", 1, "A-001", "", "08x", "waiting", 0, "v4", "n4"),
    (5, "old-code-fiv", "2026-11-24", 2, "A-002", "", "", "cancelled", 0, "", "n5"),
)


@pytest.fixture
def upgraded(empty: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    with closing(connect()) as opened:
        migrate(opened, migrations.RELEASE_1_0)
        opened.execute("INSERT INTO service (code, name, minutes, day_quota) VALUES ('A', 'Kependudukan', 10, 100)")
        opened.execute("INSERT INTO counter (name) VALUES ('Loket 1')")
        opened.execute("INSERT INTO counter_service VALUES (1, 1)")
        opened.execute("INSERT INTO closed_day VALUES ('2026-12-01', 'Pemeliharaan')")
        opened.executemany(TICKET, OLD)
        opened.execute("INSERT INTO event (ticket_id, at, kind) VALUES (1, 1, 'call')")
        opened.commit()
        migrations.upgrade()
        yield opened


def test_every_ticket_keeps_its_address_number_and_state(upgraded: sqlite3.Connection) -> None:
    found = [store.ticket_by_code(upgraded, row[1]) for row in OLD]
    assert [(one.id, one.day, one.label, one.state, one.priority) for one in found if one] == [
        (row[0], row[2], row[4], row[7], bool(row[8])) for row in OLD
    ]
    assert upgraded.execute("SELECT ticket_id FROM event").fetchone()[0] == 1


def test_who_held_a_number_moves_to_a_table_of_its_own_and_past_days_are_forgotten(
    upgraded: sqlite3.Connection,
) -> None:
    kept = {
        one.id: (one.name, one.phone, one.visitor, one.need)
        for one in (store.ticket(upgraded, number) for number in range(1, 6))
        if one
    }
    assert kept == {
        1: ("", "", "", None),
        2: ("Warga", "+6281234567890", "v1", None),
        3: ("", "", "", Need.UNSTATED),
        4: ("", "", "v4", None),
        5: ("", "", "", None),
    }


def test_no_column_of_a_ticket_holds_personal_data_any_more(upgraded: sqlite3.Connection) -> None:
    columns = {row["name"] for row in upgraded.execute("PRAGMA table_info(ticket)")}
    assert not columns & {"name", "phone", "visitor"}
    assert upgraded.execute("PRAGMA foreign_key_check").fetchall() == []


def test_closed_days_stay_closed(upgraded: sqlite3.Connection) -> None:
    assert store.special_days(upgraded, "2026-11-23") == {"2026-12-01": ("closed", "Pemeliharaan")}


def test_the_next_number_follows_the_old_ones(upgraded: sqlite3.Connection) -> None:
    plan_week(upgraded, 1, Plan((0,), "08:00", "09:00", "", "", 60, 9))
    taken = tickets.take(upgraded, wish(store.slots(upgraded, 1)[0], "new"), at("08:30"), Settings())
    assert taken.ticket.label == "A-003"


def test_the_earlier_release_refuses_what_the_later_one_made(upgraded: sqlite3.Connection) -> None:
    with pytest.raises(NewerDatabaseError):
        migrate(upgraded, migrations.RELEASE_1_0)


def test_a_demonstration_of_the_earlier_release_is_brought_up_to_the_hour_too(
    upgraded: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENANT_CODE", "64.74")
    assert not demo.renew(upgraded, at("10:00"))
    upgraded.execute("INSERT INTO fact VALUES ('demo', '2026-11-20')")
    upgraded.commit()
    assert demo.renew(upgraded, at("10:00"))
    labels = [ticket.label for ticket in store.line(upgraded, "2026-11-23", 1)]
    assert {"A-001", "A-002"} < set(labels) and len(labels) == len(set(labels)) > 3
