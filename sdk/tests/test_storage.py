import sqlite3

import pytest
from lumbung_plugin import NewerDatabaseError, connect, database, migrate, transaction

FIRST = "CREATE TABLE a (n INTEGER);\nINSERT INTO a VALUES (1);"


@pytest.fixture
def db():
    connection = connect()
    yield connection
    connection.close()


def test_steps_run_once_and_in_order(db):
    assert migrate(db, [FIRST]) == 1
    assert migrate(db, [FIRST, lambda c: c.execute("INSERT INTO a VALUES (2)")]) == 1
    assert migrate(db, [FIRST, lambda c: None]) == 0
    assert [row["n"] for row in db.execute("SELECT n FROM a ORDER BY n")] == [1, 2]


def test_a_failing_step_leaves_nothing_of_itself(db):
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, [FIRST, "CREATE TABLE b (n INTEGER);\nINSERT INTO nowhere VALUES (1);"])
    assert db.execute("PRAGMA user_version").fetchone()[0] == 1
    assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'b'").fetchall()


def test_a_trigger_is_one_statement(db):
    migrate(db, ["CREATE TABLE t (n);\nCREATE TRIGGER x AFTER INSERT ON t BEGIN\n DELETE FROM t;\nEND;\n"])
    db.execute("INSERT INTO t VALUES (1)")
    assert db.execute("SELECT count(*) FROM t").fetchone()[0] == 0


def test_a_step_that_is_cut_off_is_refused(db):
    with pytest.raises(ValueError, match="';'"):
        migrate(db, ["CREATE TABLE a (n INTEGER)"])


def test_a_database_of_a_later_release_is_left_alone(db):
    migrate(db, [FIRST, "SELECT 1;"])
    with pytest.raises(NewerDatabaseError):
        migrate(db, [FIRST])


def test_a_request_has_one_connection_and_loses_what_it_did_not_commit(app, db):
    migrate(db, [FIRST])
    with app.app_context():
        assert database() is database()
        database().execute("INSERT INTO a VALUES (2)")
    assert db.execute("SELECT count(*) FROM a").fetchone()[0] == 1


def test_a_transaction_commits_at_its_end_and_rolls_back_on_an_error(app, db):
    migrate(db, [FIRST])
    with app.app_context(), transaction() as held:
        held.execute("INSERT INTO a VALUES (2)")
    with app.app_context(), pytest.raises(KeyError), transaction() as held:
        held.execute("INSERT INTO a VALUES (3)")
        raise KeyError
    assert [row["n"] for row in db.execute("SELECT n FROM a")] == [1, 2]


def test_connections_enforce_references_and_write_ahead(db):
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_the_database_is_where_the_host_says(environment, tmp_path):
    environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    connect().close()
    assert (tmp_path / "other.sqlite3").is_file()


def test_another_kind_of_database_is_refused(environment):
    environment.setenv("DATABASE_URL", "postgresql://x")
    with pytest.raises(ValueError, match="sqlite"):
        connect()
