"""Uploaded files between their preview and the moment they are taken in, in the plugin's own folder."""

import secrets
import sqlite3
from pathlib import Path
from typing import IO

from lumbung_plugin import data_dir, now, transaction

MOST_BYTES = 10 * 1024 * 1024
MOST_KEPT = 50


def folder() -> Path:
    found = data_dir() / "imports"
    found.mkdir(exist_ok=True)
    return found


def path_of(token: str) -> Path:
    """Where a kept file lies; `token` comes from the table, never from an address."""
    return folder() / f"{token}.csv"


def keep(db: sqlite3.Connection, owner: str, version_id: int, title: str, submit: bool, stream: IO[bytes]) -> str:
    """Keep a file for its preview and return its token. An owner's earlier file is replaced."""
    token = secrets.token_urlsafe(16)
    path_of(token).write_bytes(stream.read(MOST_BYTES + 1))
    with transaction(db):
        old = [row["token"] for row in db.execute("SELECT token FROM upload WHERE owner = ?", (owner,))]
        old += [row["token"] for row in db.execute("SELECT token FROM upload ORDER BY at DESC LIMIT -1 OFFSET ?",
                                                   (MOST_KEPT,))]  # fmt: skip
        _forget(db, old)
        db.execute(
            "INSERT INTO upload (token, version_id, owner, title, submit, at) VALUES (?, ?, ?, ?, ?, ?)",
            (token, version_id, owner, title[:120], int(submit), now().isoformat()),
        )
    _remove(old)
    return token


def of(db: sqlite3.Connection, token: str, owner: str) -> sqlite3.Row | None:
    """What is known of a kept file, for the person who brought it."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM upload WHERE token = ? AND owner = ?", (token, owner)
    ).fetchone()
    return row if row is not None and path_of(row["token"]).is_file() else None


def discard(db: sqlite3.Connection, token: str) -> None:
    """Forget a file that was taken in or is not wanted."""
    with transaction(db):
        _forget(db, [token])
    _remove([token])


def sweep(db: sqlite3.Connection, before: str) -> None:
    """Forget files brought before that moment (ISO), and those the table does not know."""
    with transaction(db):
        due = [row["token"] for row in db.execute("SELECT token FROM upload WHERE at < ?", (before,))]
        _forget(db, due)
        known = {row["token"] for row in db.execute("SELECT token FROM upload")}
    _remove(due)
    _remove([path.stem for path in folder().glob("*.csv") if path.stem not in known])


def _forget(db: sqlite3.Connection, tokens: list[str]) -> None:
    db.executemany("DELETE FROM upload WHERE token = ?", [(token,) for token in tokens])


def _remove(tokens: list[str]) -> None:
    for token in tokens:
        path_of(token).unlink(missing_ok=True)
