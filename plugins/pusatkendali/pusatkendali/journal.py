"""What administrators changed: thresholds, released figures, alerts read. Only ever added to."""

import sqlite3

from lumbung_plugin import clock

from pusatkendali.models import Actor

LAST = 60


def write(db: sqlite3.Connection, actor: Actor, what: str, text: str = "") -> None:
    """In the caller's transaction; `what` is a key of `words.JOURNAL`."""
    db.execute(
        "INSERT INTO journal (at, actor, what, text) VALUES (?, ?, ?, ?)",
        (clock.now().isoformat(), actor.name, what, text[:300]),
    )


def last(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM journal ORDER BY id DESC LIMIT ?", (LAST,)).fetchall()
