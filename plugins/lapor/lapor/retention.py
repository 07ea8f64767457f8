"""Forgetting: contacts of reporters are kept only as long as the city says."""

import sqlite3
from datetime import UTC, datetime, timedelta

from lumbung_plugin import transaction

HOUR = timedelta(hours=1)


def sweep(db: sqlite3.Connection, days: int, now: datetime | None = None) -> int:
    """Delete names and telephone numbers `days` after a report was closed; returns how many reports.

    A report still open after twice that time is treated as closed, so that nothing is kept for ever.
    """
    now = now or datetime.now(UTC)
    closed = (now - timedelta(days=days)).isoformat(timespec="seconds")
    stale = (now - timedelta(days=2 * days)).isoformat(timespec="seconds")
    with transaction(db):
        rows = db.execute(
            "SELECT id FROM report WHERE (reporter_name IS NOT NULL OR reporter_phone IS NOT NULL) AND ("
            "coalesce(answered_at, CASE WHEN state IN ('rejected', 'duplicate') THEN created_at END) < ? "
            "OR created_at < ?)",
            (closed, stale),
        ).fetchall()
        for row in rows:
            db.execute("UPDATE report SET reporter_name = NULL, reporter_phone = NULL WHERE id = ?", (row["id"],))
            db.execute(
                "INSERT INTO event (report_id, at, act, public) VALUES (?, ?, 'forgotten', 0)",
                (row["id"], now.isoformat(timespec="seconds")),
            )
        db.execute("INSERT OR REPLACE INTO fact VALUES ('swept', ?)", (now.isoformat(timespec="seconds"),))
    return len(rows)


def due(db: sqlite3.Connection, now: datetime | None = None) -> bool:
    """Whether the last sweep is more than an hour ago. A sandbox has no clock of its own, so pages ask."""
    row = db.execute("SELECT value FROM fact WHERE name = 'swept'").fetchone()
    return row is None or datetime.fromisoformat(row["value"]) < (now or datetime.now(UTC)) - HOUR
