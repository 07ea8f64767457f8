"""What an office will do about its weak elements: the follow-up PermenPANRB 14/2017 asks for, public with its date."""

import sqlite3
from datetime import date

from lumbung_plugin import clock

LONGEST_ACTION = 300
MOST = 200


def add(db: sqlite3.Connection, office_id: int, period: str, element: str, action: str, due: date) -> bool:
    """Keep a plan; False when the same stands there already."""
    try:
        db.execute("INSERT INTO plan (office_id, period, element, action, due, made_at) VALUES (?, ?, ?, ?, ?, ?)",
                   (office_id, period, element, action, due.isoformat(), clock.now().isoformat()))  # fmt: skip
    except sqlite3.IntegrityError:
        return False
    return True


def listed(db: sqlite3.Connection, office: int | None, most: int = MOST) -> list[sqlite3.Row]:
    """Plans, those still to do first, by their date. `late` is 1 when the date has passed."""
    return db.execute(
        "SELECT plan.*, office.name AS office, done_at IS NULL AND due < ? AS late"
        " FROM plan JOIN office ON office.id = office_id WHERE ? IS NULL OR office_id = ?"
        " ORDER BY done_at IS NOT NULL, due LIMIT ?",
        (clock.today().isoformat(), office, office, most),
    ).fetchall()


def turn(db: sqlite3.Connection, plan_id: int, office: int | None, done: bool) -> bool:
    """Mark as done, or as still to do; False when it is not one of the office."""
    changed = db.execute("UPDATE plan SET done_at = ? WHERE id = ? AND (? IS NULL OR office_id = ?)",
                         (clock.now().isoformat() if done else None, plan_id, office, office))  # fmt: skip
    return changed.rowcount == 1
