"""A database of release 1.0.0, filled as that release did, brought to 1.1.0; and what 1.1.0 does with checks."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape

import pytest
from kanal import accounts
from kanal.migrations import RELEASE_1_0, upgrade
from lumbung_plugin import connect, migrate, today

OLD = (
    # handle, how, verified on, by, checked on
    ("satu", "letter", "2026-01-05", "Administrator (demo)", "2026-06-01"),
    ("dua", "post", "2026-03-01", "Operator (demo)", "2026-03-01"),
    ("tiga", "", None, "", "2026-02-02"),
    ("empat", "", None, "", None),
)
ADD = """INSERT INTO account (office_id, platform, handle, url, answerable, deputy, verified_how, verified_on,
    verified_by, checked_on, active)
    VALUES (1, 'x', ?, 'https://x.com/a', 'Kasubbag Umum', 'Pranata Humas', ?, ?, ?, ?, ?)"""


def text(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


@pytest.fixture
def upgraded(empty) -> Iterator[sqlite3.Connection]:
    with closing(connect()) as db:
        migrate(db, RELEASE_1_0)
        db.execute("INSERT INTO office (name) VALUES ('Diskominfo')")
        db.executemany(ADD, [(*row, int(row[0] != "dua")) for row in OLD])
        db.execute("INSERT INTO mention (platform, external, account_id, at, received_at, source)"
                   " VALUES ('x', '1', 2, '', '', 'csv')")  # fmt: skip
        db.commit()
    upgrade()
    with closing(connect()) as db:
        yield db


def test_each_verification_and_check_becomes_a_row(upgraded: sqlite3.Connection) -> None:
    rows = upgraded.execute("SELECT account_id, day, outcome, how, who, valid FROM checkup ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [
        (1, "2026-01-05", "good", "letter", "Administrator (demo)", 1),
        (2, "2026-03-01", "good", "post", "Operator (demo)", 1),
        (3, "2026-02-02", "good", "", "", 1), (1, "2026-06-01", "good", "", "", 1),
    ]  # fmt: skip


def test_every_account_says_what_it_said_before(upgraded: sqlite3.Connection) -> None:
    known = {row["handle"]: row for row in accounts.listed(upgraded, None, True)}
    for handle, how, verified, by, checked in OLD:
        row = known[handle]
        assert (row["verified_how"], row["verified_on"], row["verified_by"], row["checked_on"]) == (
            how, verified, by, checked)  # fmt: skip
        assert row["active"] == int(handle != "dua") and row["outcome"] != "problem"


def test_the_old_columns_are_gone_and_every_reference_holds(upgraded: sqlite3.Connection) -> None:
    columns = {row["name"] for row in upgraded.execute("PRAGMA table_info(account)")}
    assert not columns & {"verified_how", "verified_on", "verified_by", "checked_on"}
    assert upgraded.execute("PRAGMA foreign_key_check").fetchall() == []
    assert upgraded.execute("SELECT account_id FROM mention").fetchone()[0] == 2


def test_a_problem_warns_the_public_until_all_is_well(client, staff, db) -> None:
    own = staff("operator", "Dinas PUPR")
    own.post("/kerja/akun/1", data={"how": "letter"})
    assert own.post("/kerja/akun/1/masalah", data={"problem": "taken"}).status_code == 303
    page = text(client.get("/?q=@puprbontang"))
    assert "Careful: @puprbontang" in page and "taken over" in page and "Official: @" not in page
    assert {one["name"]: one["value"] for one in client.get("/_kpi").json["figures"]}["kanal.bermasalah"] == 1
    own.post("/kerja/akun/1/periksa")
    assert "Official: @puprbontang" in text(client.get("/?q=@puprbontang"))
    assert [row["outcome"] for row in accounts.history(db, 1)] == ["good", "problem", "good"]


def test_a_problem_is_due_at_once_and_named(staff) -> None:
    staff().post("/kerja/akun/1/masalah", data={"problem": "silent"})
    assert "does not answer" in text(staff().get("/kerja/akun")).split("Due now")[1]
    assert staff().post("/kerja/akun/1/masalah", data={"problem": "bad mood"}).status_code == 422
    assert staff("operator", "Diskominfo").post("/kerja/akun/1/masalah", data={"problem": "gone"}).status_code == 404


def test_checks_of_an_earlier_name_stay_but_prove_nothing(staff, db) -> None:
    staff().post("/kerja/akun/1", data={"how": "letter"})
    staff("administrator").post("/admin/akun/1", data={
        "office_id": "1", "platform": "x", "handle": "baru", "answerable": "Kasubbag", "deputy": "Humas", "active": "y",
    })  # fmt: skip
    row = accounts.found(db, 1)
    assert row is not None and row["verified_on"] is None and row["checked_on"] is None
    assert "under an earlier name" in text(staff().get("/kerja/akun/1"))
    assert accounts.history(db, 1)[0]["day"] == today().isoformat()
