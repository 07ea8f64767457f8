"""Where a plugin keeps things: its data folder and one SQLite database in it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from flask import g

Step = str | Callable[[sqlite3.Connection], None]


class NewerDatabaseError(RuntimeError):
    """The database was made by a later release of the plugin; it is left untouched."""


def data_dir() -> Path:
    """The one writable folder: `DATA_DIR`, or `./instance` when the plugin runs alone."""
    folder = Path(os.environ.get("DATA_DIR") or "instance").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database_path() -> Path:
    """The file behind `DATABASE_URL` (`sqlite:////absolute/path`), else `data.sqlite3` in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return data_dir() / "data.sqlite3"
    if not url.startswith("sqlite:///"):
        raise ValueError("DATABASE_URL must start with sqlite:/// for a plugin whose store is sqlite")
    return Path(unquote(url.removeprefix("sqlite:///")))


def connect() -> sqlite3.Connection:
    """A new connection, for `migrate` callables and commands; views use `database()`.

    Rows are `sqlite3.Row`. Writing opens an IMMEDIATE transaction that must be committed; what is not
    committed is rolled back on close. Waits up to five seconds for another writer.
    """
    connection = sqlite3.connect(database_path(), timeout=5, isolation_level="IMMEDIATE")
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def database() -> sqlite3.Connection:
    """The connection of the present request, opened on first use and closed with it."""
    if "lumbung_database" not in g:
        g.lumbung_database = connect()
    return g.lumbung_database


def close_database(_error: BaseException | None = None) -> None:
    """Teardown: whatever the request left uncommitted is rolled back."""
    connection = g.pop("lumbung_database", None)
    if connection is not None:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection | None = None) -> Iterator[sqlite3.Connection]:
    """Read, decide and write as one: takes the write lock first, commits at the end, rolls back on an error."""
    held = connection or database()
    held.execute("BEGIN IMMEDIATE")
    try:
        yield held
    except BaseException:
        held.rollback()
        raise
    held.commit()


def migrate(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """Bring the database to `len(steps)` and return how many steps were done now (0 = nothing to do).

    A step is SQL (several statements, each ended by `;`) or a callable taking the connection; it must not
    commit. Each runs in a transaction of its own together with its number (`PRAGMA user_version`), so a kill
    leaves a whole number of steps done. Raises `NewerDatabaseError` when the database is ahead of `steps`.
    """
    done = 0
    while True:
        with transaction(connection):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(steps):
                raise NewerDatabaseError(f"database is at step {version}, this release knows {len(steps)}")
            if version == len(steps):
                return done
            _run(connection, steps[version])
            connection.execute(f"PRAGMA user_version = {version + 1}")
        done += 1


def _run(connection: sqlite3.Connection, step: Step) -> None:
    if callable(step):
        step(connection)
        return
    # executescript() would commit the surrounding transaction.
    statement = ""
    for line in step.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"a migration step does not end with ';': {statement.strip()[:60]}")
