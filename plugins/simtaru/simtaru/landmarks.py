"""The gazetteer: names and addresses the city has given a place, so that people need no coordinates."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from lumbung_plugin import transaction

MOST_FOUND = 20
MOST_ROWS = 20_000

Row = sqlite3.Row


def plain(text: str) -> str:
    """Words as they are compared: small, without signs; `Jl.` and `Jalan` are one."""
    words = re.sub(r"[^0-9a-z]+", " ", text.casefold()).split()
    return " ".join("jalan" if word in ("jl", "jln") else word for word in words)


def search(db: sqlite3.Connection, text: str) -> list[Row]:
    """Places that hold all words of the text, those that begin with it first; at most 20."""
    words = plain(text).split()[:8]
    if not words:
        return []
    where = " AND ".join("words LIKE ?" for _ in words)
    query = f"SELECT * FROM landmark WHERE {where} ORDER BY words LIKE ? DESC, name LIMIT ?"  # noqa: S608 - marks only
    return db.execute(query, (*(f"%{word}%" for word in words), f"{' '.join(words)}%", MOST_FOUND)).fetchall()


def listing(db: sqlite3.Connection, after: int = 0, most: int = 50) -> list[Row]:
    return db.execute("SELECT * FROM landmark WHERE id > ? ORDER BY id LIMIT ?", (after, most)).fetchall()


def count(db: sqlite3.Connection) -> int:
    found: int = db.execute("SELECT count(*) FROM landmark").fetchone()[0]
    return found


def replace(db: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put these in the place of all there are."""
    with transaction(db):
        db.execute("DELETE FROM landmark")
        add(db, rows)


def add(db: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Inside a transaction. Keys: name, kind, address, kelurahan, lat, lon."""
    db.executemany(
        "INSERT INTO landmark (name, kind, address, kelurahan, lat, lon, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (_values(row) for row in rows),
    )


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    name, kind, address, kelurahan = (row[key] or "" for key in ("name", "kind", "address", "kelurahan"))
    return name, kind, address, kelurahan, row["lat"], row["lon"], plain(f"{name} {address} {kelurahan} {kind}")
