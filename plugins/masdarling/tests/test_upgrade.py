"""A database of release 1.0.0, filled as that release did, brought to 1.1.0."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from lumbung_plugin import connect, migrate
from lumbung_plugin.storage import NewerDatabaseError
from masdarling import bank, catalogue, migrations, numbers, rollout

from tests.conftest import TODAY


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "old"))
    with closing(connect()) as db:
        migrate(db, migrations.RELEASE_1_0)
        db.execute("INSERT INTO kelurahan (name, reach, started) VALUES ('Telihan', 'running', '2025-01-04')")
        groups = [
            (1, "RT 05", 40, "2025-01-04", 1),
            (2, "RT 06", 10, "2025-03-01", 1),
            (3, "RT 07", 25, "2025-05-05", 0),
        ]
        db.executemany(
            "INSERT INTO rt (id, kelurahan_id, name, households, since, active) VALUES (?, 1, ?, ?, ?, ?)", groups
        )
        db.execute("INSERT INTO post (kelurahan_id, name) VALUES (1, 'Bank Sampah Telihan')")
        db.execute("INSERT INTO kind (name, family) VALUES ('Plastik', 'plastik')")
        for customer_id, rt_id, grams in ((1, 1, 8000), (2, 2, 6000)):
            db.execute(
                "INSERT INTO customer (id, number, code_hash, rt_id, name, joined)"
                " VALUES (?, ?, 'x', ?, 'Warga (demo)', ?)",
                (customer_id, f"BS-2026-00000{customer_id}", rt_id, "2026-01-01"),
            )
            db.execute(
                "INSERT INTO entry (id, customer_id, kind, day, at, post_id, amount, actor, nonce)"
                " VALUES (?, ?, 'deposit', '2026-11-20', '2026-11-20T01:00:00+00:00', 1, ?, 'Petugas (demo)', ?)",
                (customer_id, customer_id, grams * 3, f"n{customer_id}"),
            )
            db.execute("INSERT INTO line VALUES (?, 1, ?, 3000, ?)", (customer_id, grams, grams * 3))
        db.commit()
        migrations.upgrade()
        yield db


def test_every_rt_keeps_its_households_from_the_day_it_joined(upgraded: sqlite3.Connection) -> None:
    rows = [tuple(row) for row in upgraded.execute("SELECT * FROM census ORDER BY rt_id")]
    assert rows == [(1, "2025-01-04", 40), (2, "2025-03-01", 10), (3, "2025-05-05", 25)]
    assert [(row["name"], row["households"]) for row in catalogue.groups(upgraded, also_closed=True)] == [
        ("RT 05", 40), ("RT 06", 10), ("RT 07", 25)]  # fmt: skip
    assert rollout.kelurahan(upgraded)[0]["households"] == 50


def test_the_ledger_and_the_order_by_weight_stay(upgraded: sqlite3.Connection) -> None:
    assert [bank.balance(upgraded, number) for number in (1, 2)] == [24000, 18000]
    assert [one.name for one in numbers.standings(upgraded, date(2026, 11, 1), TODAY)] == ["RT 05", "RT 06"]
    assert upgraded.execute("PRAGMA foreign_key_check").fetchall() == []


def test_per_household_the_small_rt_wins(upgraded: sqlite3.Connection) -> None:
    found = numbers.standings(upgraded, date(2026, 11, 1), TODAY, each=True)
    assert [(one.name, one.each, one.place) for one in found] == [("RT 06", 600, 1), ("RT 05", 200, 2)]


def test_a_new_count_changes_no_ranking_of_the_past(upgraded: sqlite3.Connection) -> None:
    catalogue.save_group(upgraded, 2, 1, "RT 06", 60, True)
    assert [row["households"] for row in catalogue.census(upgraded, 2)] == [60, 10]
    past = numbers.standings(upgraded, date(2026, 11, 1), date(2026, 11, 22), each=True)
    now = numbers.standings(upgraded, date(2026, 11, 1), TODAY, each=True)
    assert ([one.name for one in past], [one.name for one in now]) == (["RT 06", "RT 05"], ["RT 05", "RT 06"])


def test_the_same_count_again_is_no_new_count(upgraded: sqlite3.Connection) -> None:
    catalogue.save_group(upgraded, 1, 1, "RT 05", 40, True)
    assert len(catalogue.census(upgraded, 1)) == 1


def test_the_earlier_release_refuses_what_the_later_one_made(upgraded: sqlite3.Connection) -> None:
    with pytest.raises(NewerDatabaseError):
        migrate(upgraded, migrations.RELEASE_1_0)
