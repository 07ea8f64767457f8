"""The registry's database as one file, by the server's own programs.

The role that owns the tables is bound by their row-level security, as everybody is: it reads them as the programme
(``app.programme``), which sees every row. Nobody needs to be superuser, on an own server neither.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from registry.core import postgresql
from registry.operate.backup.errors import BackupError

SECONDS = 6 * 3600
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
         "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip


@dataclass(frozen=True)
class Dumped:
    """``serving`` maps deployments to the revision that served each in the very moment the dump shows."""

    server: int
    schema: str
    serving: dict[int, int | None]


def dump(url: str, target: Path) -> Dumped:
    """Write the database of ``url`` (its owner's) to ``target``. Raises BackupError."""
    with reading(url) as connection:
        snapshot = _one(connection, "select pg_export_snapshot()")
        found = Dumped(
            server=connection.info.server_version // 10000,
            schema=_one(connection, "select version_num from alembic_version"),
            serving=dict(connection.execute("select id, serving_revision_id from deployments").fetchall()),
        )
        _run(
            _program("pg_dump", found.server), url, "--format=custom", "--no-owner", "--no-comments",
            "--enable-row-security", f"--snapshot={snapshot}", f"--file={target}",
        )  # fmt: skip
    return found


def load(url: str, source: Path) -> None:
    """Fill the empty database of ``url`` (its owner's), wholly or not at all. Raises BackupError."""
    with reading(url) as connection:
        tables = _one(connection, "select count(*) from pg_tables where schemaname = 'public'")
        server = connection.info.server_version // 10000
    if tables:
        raise BackupError("the database is not empty: a backup is restored into an empty one only")
    options = ("--no-owner", "--exit-on-error", "--single-transaction", "--dbname", "")
    _run(_program("pg_restore", server), url, *options, str(source))


def check(source: Path, server: int) -> None:
    """Whether the file can be read to its end. Raises BackupError."""
    _run(_program("pg_restore", server), "", "--file=/dev/null", str(source))


@contextmanager
def reading(url: str) -> Iterator[psycopg.Connection[Any]]:
    """One moment of the whole database, every city's rows. Raises BackupError."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("select set_config('app.programme', 'on', true)")
            yield connection
    except psycopg.Error as error:
        raise BackupError(f"the database does not answer: {str(error).splitlines()[0]}") from error


@contextmanager
def writing(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Changes to every city's rows, committed together."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute("select set_config('app.programme', 'on', true)")
        yield connection


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _program(name: str, server: int) -> Path:
    """Of the oldest release that is not older than the server: what it writes is understood there too."""
    found = {_major(path): path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")}
    own = postgresql.binaries() / name
    found.setdefault(_version(own), own)
    fit = [major for major in sorted(found) if major >= server]
    if not fit:
        raise BackupError(f"{name} {server} or newer is missing: apt-get install postgresql-client-{server}")
    return found[fit[0]]


def _major(path: Path) -> int:
    number = re.search(r"/(\d+)/", str(path))
    return int(number[1]) if number else 0


def _version(program: Path) -> int:
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=30).stdout
    number = re.search(r"(\d+)(\.\d+)?", told)
    return int(number[1]) if number else 0


def _run(program: Path, url: str, *arguments: str) -> None:
    """The password travels in the environment: a command line can be read by everybody."""
    told = {NAMES[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in NAMES} if url else {}
    words = [word if word else told.get("PGDATABASE", "") for word in arguments]
    env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGOPTIONS": "-c app.programme=on", **told}
    done = subprocess.run(
        [str(program), *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise BackupError(f"{program.name} failed: {done.stderr.strip()[-2000:]}")
