"""From 1.0.0 to this release and back, with a database that 1.0.0 itself has made."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lapor import create_app
from lapor.migrations import STEPS, upgrade
from lumbung_plugin import connect, migrate, offices
from lumbung_plugin.storage import NewerDatabaseError, database_path

MADE_BY_1_0_0 = Path(__file__).parent / "data" / "1.0.0.sql"
STEPS_OF_1_0_0 = 2
STEPS_OF_EARLY_1_1_0 = 8
# What its test sent by hand: a report with contact, answered and rated, and its code.
NUMBER, CODE = "LP-2611-0013", "2XC2-44XK-GN3A"
KEPT = (
    "id, number, kind, category_id, title, body, kelurahan, address, latitude, longitude, reporter_name, confidential"
)
KEPT += ", state, deadline, duplicate_of, created_at, answered_at, reopened, rating, rating_note, demo"


def read(db: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.execute(query)]


@pytest.fixture
def old(tmp_path) -> Iterator[sqlite3.Connection]:
    """The database as 1.0.0 left it, in a file of its own."""
    with closing(sqlite3.connect(tmp_path / "1.0.0.sqlite3")) as db:
        db.executescript(MADE_BY_1_0_0.read_text())
        db.row_factory = sqlite3.Row
        yield db


@pytest.fixture
def upgraded(old, tmp_path, host) -> Iterator[sqlite3.Connection]:
    """The same after the upgrade, where the plugin keeps it."""
    for path in database_path().parent.glob("data.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "1.0.0.sqlite3", database_path())
    upgrade()
    with closing(connect()) as db:
        yield db


def test_no_report_is_lost_or_changed(old, upgraded):
    query = f"SELECT {KEPT} FROM report ORDER BY id"
    assert read(upgraded, query) == read(old, query) and len(read(old, query)) == 27


def test_opd_are_offices_everywhere_under_the_same_names(old, upgraded):
    assert read(upgraded, "SELECT id, name, active FROM office") == read(old, "SELECT id, name, active FROM opd")
    for table in ("report", "event", "category"):
        query = "SELECT {0}.id, {1}.name FROM {0} JOIN {1} ON {1}.id = {0}.{1}_id ORDER BY {0}.id"
        found = read(upgraded, query.format(table, "office"))
        assert found == read(old, query.format(table, "opd")) and found


def test_histories_and_photos_are_whole(old, upgraded):
    events = "SELECT id, report_id, at, act, actor, text, public FROM event"
    assert read(upgraded, events) == read(old, events)
    assert read(upgraded, "SELECT * FROM photo") == read(old, "SELECT * FROM photo")


def test_telephone_numbers_get_one_spelling_and_what_is_none_stays(upgraded):
    query = "SELECT reporter_phone FROM report WHERE demo = 0 AND reporter_phone IS NOT NULL ORDER BY id"
    assert read(upgraded, query) == [("+6281234567890",), ("112-112-1",)]


def test_nothing_points_at_nothing(upgraded):
    assert read(upgraded, "PRAGMA foreign_key_check") == []
    assert read(upgraded, "PRAGMA integrity_check") == [("ok",)]
    with pytest.raises(sqlite3.IntegrityError):
        upgraded.execute("UPDATE report SET office_id = 999 WHERE id = 1")


def test_the_offices_are_as_the_library_wants_them(upgraded):
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(offices.TABLE)
        for table in ("office", "office_refreshed"):
            assert _columns(upgraded, table) == _columns(fresh, table)


def _columns(db: sqlite3.Connection, table: str) -> set[tuple[object, ...]]:
    return {(row[1], row[2], row[3], row[5]) for row in db.execute(f"PRAGMA table_info({table})")}


def test_old_reports_are_searched_and_counted(upgraded):
    client = _client()
    assert NUMBER in client.get("/laporan?q=lampu").text
    assert upgraded.execute("SELECT count(*) FROM report WHERE tenths IS NOT NULL").fetchone()[0] > 10


def test_a_code_of_1_0_0_still_opens_its_report(upgraded):
    client = _client()
    assert "Lampu sudah diganti." in client.get(f"/ikuti/{NUMBER}/2XC2-44XK-GN3A").text
    assert client.get(f"/ikuti/{NUMBER}/AAAA-AAAA-AAAA").status_code == 404


def test_the_first_number_after_the_upgrade_is_a_new_one(upgraded):
    from .conftest import REPORT  # noqa: PLC0415 shared only here

    answer = _client().post("/lapor", data=REPORT | {"kelurahan": "Kanaan"})
    assert "/ikuti/LP-20" in answer.headers["Location"] and "-000001/" in answer.headers["Location"]


def test_1_0_0_refuses_the_upgraded_database_and_finds_its_own_restored_as_it_was(old, upgraded, tmp_path):
    """What a roll-back does: the host puts the snapshot back, and the old release starts on it."""
    with pytest.raises(NewerDatabaseError):
        migrate(upgraded, STEPS[:STEPS_OF_1_0_0])
    with closing(sqlite3.connect(tmp_path / "1.0.0.sqlite3", isolation_level=None)) as restored:
        assert migrate(restored, STEPS[:STEPS_OF_1_0_0]) == 0
        assert list(restored.iterdump()) == list(old.iterdump())


def test_a_killed_upgrade_goes_on_where_it_stopped(old, host, tmp_path):
    for path in database_path().parent.glob("data.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "1.0.0.sqlite3", database_path())
    with closing(connect()) as db:
        migrate(db, STEPS[:4])
    upgrade()
    with closing(connect()) as db:
        assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 27


def test_the_calendar_an_early_1_1_0_kept_goes_and_its_reports_stay(old, host, tmp_path):
    shutil.copy(tmp_path / "1.0.0.sqlite3", database_path())
    with closing(connect()) as db:
        migrate(db, STEPS[:STEPS_OF_EARLY_1_1_0])
        db.execute("INSERT INTO holiday (day, name) VALUES ('2026-12-25', 'Hari Raya Natal')")
        db.commit()
        before = read(db, "SELECT * FROM report ORDER BY id")
    upgrade()
    with closing(connect()) as db:
        assert read(db, "SELECT * FROM report ORDER BY id") == before and len(before) == 27
        assert not read(db, "SELECT 1 FROM sqlite_schema WHERE name = 'holiday'")


def _client():
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app.test_client()


def test_how_long_answers_took_is_kept_for_old_and_new_reports(upgraded):
    days = "CAST(round((julianday(answered_at) - julianday(created_at)) * 10) AS INTEGER)"
    query = f"SELECT count(*), sum(tenths IS {days}) FROM report WHERE answered_at IS NOT NULL"
    count, right = upgraded.execute(query).fetchone()
    assert count == right > 0
    upgraded.execute("UPDATE report SET answered_at = NULL WHERE number = ?", (NUMBER,))
    assert upgraded.execute("SELECT tenths FROM report WHERE number = ?", (NUMBER,)).fetchone()[0] is None
