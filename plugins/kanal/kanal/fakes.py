"""Accounts citizens take for fake: reported without a name, judged by staff, the confirmed ones public."""

import sqlite3

from lumbung_plugin import clock

from kanal import platforms

LONGEST = 500


def add(db: sqlite3.Connection, url: str, words: str) -> None:
    """Keep a report; nothing about who sent it."""
    found = platforms.of_address(url) or ("", "")
    db.execute("INSERT INTO fake (at, url, platform, handle, words) VALUES (?, ?, ?, ?, ?)",
               (clock.now().isoformat(), url, *found, words[:LONGEST] or None))  # fmt: skip


def listed(db: sqlite3.Connection, state: str, most: int = 100) -> list[sqlite3.Row]:
    """Reports in a state, newest first."""
    return db.execute("SELECT * FROM fake WHERE state = ? ORDER BY at DESC LIMIT ?", (state, most)).fetchall()


def found(db: sqlite3.Connection, fake_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM fake WHERE id = ?", (fake_id,)).fetchone()
    return row


def of_handle(db: sqlite3.Connection, platform: str, handle: str) -> sqlite3.Row | None:
    """The confirmed fake of that handle."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM fake WHERE platform = ? AND handle = ? AND state = 'confirmed'", (platform, handle)
    ).fetchone()
    return row


def judge(db: sqlite3.Connection, fake_id: int, state: str, reason: str, who: str) -> None:
    """Confirm or dismiss; other reports of the same account follow."""
    row = found(db, fake_id)
    if row is None:
        return
    db.execute(
        "UPDATE fake SET state = ?, reason = ?, decided_at = ?, decided_by = ? WHERE id = ?"
        " OR (state = 'waiting' AND platform <> '' AND platform = ? AND handle = ?)",
        (state, reason, clock.now().isoformat(), who, fake_id, row["platform"], row["handle"]),
    )
