"""The content of a plugin's database as a file, and back: by the server's own programs, as the plugin's own role.

Both programs read what a stranger wrote (names, functions, a file brought from elsewhere), so they run as the
deployment's user and not as root, log in as its role and not as the admin, have an environment of their own and a
limit of time. A function that waits in the data for whoever restores it finds no rights but those it had before.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import IO

import psycopg
from psycopg import conninfo

from registry.host.postgres import Database, StoreError

SECONDS = 900
_LOST = re.compile(r"connection to server|server closed the connection|terminating connection|recovery mode")
_MAX_WORDS = 500


def dump(database: Database, target: Path, user: int | None) -> None:
    """All of it in PostgreSQL's custom format, in place of an older file, whole or not at all. Raises OSError."""
    database.ready_to_copy()
    beside = target.with_name(f"{target.name}.new")
    with open(beside, "wb", opener=_private) as file:
        _run(database, ("pg_dump", "--format=custom", "--no-owner", "--no-privileges", database.name), user, out=file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def restore(database: Database, source: Path, user: int | None) -> None:
    """Make the database what the file holds; as it was if that fails. Raises OSError, FileNotFoundError."""
    with source.open("rb") as file:
        made = database.fresh("_new")
        try:
            fill(database, made, file, user)
        except StoreError:
            database.settle()
            raise
    database.replace(made)


def fill(database: Database, name: str, file: IO[bytes], user: int | None) -> None:
    """Put the file's content into the empty database ``name``; in one transaction."""
    words = ("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname", name)
    _run(database, words, user, given=file)


def _run(database: Database, words: tuple[str, ...], user: int | None, **streams: IO[bytes]) -> None:
    database.server.copying.add(database.name)
    try:
        _run_program(database, words, user, **streams)
    finally:
        database.server.copying.discard(database.name)


def _run_program(
    database: Database, words: tuple[str, ...], user: int | None, given: IO[bytes] | None = None,
    out: IO[bytes] | None = None,
) -> None:  # fmt: skip
    try:
        done = subprocess.run(
            [str(database.server.programs / words[0]), "--no-password", *words[1:]],
            env=_environment(database), cwd="/", timeout=SECONDS, stdin=given or subprocess.DEVNULL,
            stdout=out or subprocess.DEVNULL, stderr=subprocess.PIPE,
            user=user, group=user, extra_groups=None if user is None else [],
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise StoreError(f"{words[0]} took more than {SECONDS} seconds") from None
    if done.returncode == 0:
        return
    said = done.stderr[-10 * _MAX_WORDS :].decode("utf-8", "replace").strip()[:_MAX_WORDS]
    if _LOST.search(said):
        raise psycopg.OperationalError(said)
    raise StoreError(f"{words[0]}: {said}")


def _environment(database: Database) -> dict[str, str]:
    told = conninfo.conninfo_to_dict(database.server.admin)
    return {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "PGHOST": database.server.host,
        "PGPORT": str(told.get("port") or 5432),
        "PGUSER": database.name,
        "PGPASSWORD": database.password,
        "PGSSLMODE": str(told.get("sslmode") or "prefer"),
        "PGCONNECT_TIMEOUT": "10",
        "PGPASSFILE": os.devnull,
        "PGSERVICEFILE": os.devnull,
    }


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
