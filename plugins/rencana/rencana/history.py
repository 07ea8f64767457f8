"""What happened to a programme: who did what, when."""

import sqlite3
from enum import StrEnum

from lumbung_plugin import now


class Act(StrEnum):
    """What can happen to a programme."""

    CREATED = "created"
    CHANGED = "changed"
    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    EVIDENCE = "evidence"
    DONE = "done"
    REOPENED = "reopened"
    REACHED = "reached"
    BLOCKED = "blocked"
    RESOLVED = "resolved"


# Blockers name another office: citizens see them only where the city says so.
ABOUT_BLOCKERS = (Act.BLOCKED, Act.RESOLVED)


def record(db: sqlite3.Connection, programme_id: int, act: Act, actor: str, text: str = "") -> None:
    """Add a row; call it in the transaction that does the act."""
    db.execute(
        "INSERT INTO event (programme_id, at, act, actor, text) VALUES (?, ?, ?, ?, ?)",
        (programme_id, now().isoformat(), act, actor, text[:400]),
    )


def of(db: sqlite3.Connection, programme_id: int, blockers: bool, most: int = 100) -> list[sqlite3.Row]:
    """The newest first, at most `most`."""
    hidden = () if blockers else ABOUT_BLOCKERS
    marks = ", ".join("?" * len(hidden))
    return db.execute(
        f"SELECT * FROM event WHERE programme_id = ? AND act NOT IN ({marks}) ORDER BY id DESC LIMIT ?",  # noqa: S608
        (programme_id, *hidden, most),
    ).fetchall()
