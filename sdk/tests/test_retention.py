from contextlib import closing

import pytest
from lumbung_plugin import connect, migrate
from lumbung_plugin.retention import Sweep, days_ago, run

STEP = "CREATE TABLE report (id INTEGER PRIMARY KEY, closed_at TEXT, name TEXT, phone TEXT, file TEXT, demo INTEGER);"


@pytest.fixture
def db():
    with closing(connect()) as connection:
        migrate(connection, [STEP])
        rows = [
            (days_ago(10), "A", "1", "a.pdf", 0),
            (days_ago(10), "B", None, None, 1),
            (days_ago(1), "C", "3", "c", 0),
            (None, "D", "4", "d", 0),
        ]
        connection.executemany("INSERT INTO report (closed_at, name, phone, file, demo) VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
        yield connection


def names(db) -> list[str | None]:
    return [row["name"] for row in db.execute("SELECT name FROM report ORDER BY id")]


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_of_no_days_is_a_mistake_and_not_the_end_of_everything(days):
    with pytest.raises(ValueError, match="days"):
        Sweep("report", "closed_at", days)


@pytest.mark.parametrize("name", ["a b", "report; DROP TABLE report", "", "Ä"])
def test_names_cannot_carry_sql(name):
    for wrong in ({"table": name}, {"column": name}, {"what": (name,)}):
        with pytest.raises(ValueError, match="names"):
            Sweep(**{"table": "report", "column": "closed_at", "days": 1} | wrong)


def test_rows_past_their_term_are_deleted_and_open_ones_stay(db):
    assert run(db, [Sweep("report", "closed_at", 5, "rows")]) == 2
    assert names(db) == ["C", "D"]


def test_columns_are_emptied_once(db):
    sweep = Sweep("report", "closed_at", 5, ("name", "phone"))
    assert (run(db, [sweep]), run(db, [sweep])) == (2, 0)
    assert names(db) == [None, None, "C", "D"]


def test_a_condition_of_the_plugins_own_holds(db):
    assert run(db, [Sweep("report", "closed_at", 5, "rows", only="demo = 0 OR demo IS NULL")]) == 1
    assert names(db) == ["B", "C", "D"]


def test_files_go_after_their_rows(db):
    gone: list[str] = []
    run(db, [Sweep("report", "closed_at", 5, "rows", files="file", discard=gone.extend)])
    assert gone == ["a.pdf"] and names(db) == ["C", "D"]


def test_files_stay_when_the_change_fails(db):
    gone: list[str] = []
    db.execute("CREATE TRIGGER kept BEFORE DELETE ON report BEGIN SELECT raise(ABORT, 'kept'); END")
    with pytest.raises(Exception, match="kept"):
        run(db, [Sweep("report", "closed_at", 5, "rows", files="file", discard=gone.extend)])
    assert gone == [] and len(names(db)) == 4
