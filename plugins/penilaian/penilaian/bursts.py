"""Ratings that came suspiciously fast: set aside at once, judged by people, always said on the results."""

import sqlite3

from lumbung_plugin import clock

SELECT = (
    "SELECT burst.*, target.kind, target.name, target.name_en, target.number AS badge, target.place, target.code,"
    " target.office_id, office.name AS office,"
    " (SELECT count(*) FROM rating WHERE burst_id = burst.id)"
    " + (SELECT count(*) FROM response WHERE burst_id = burst.id) AS size"
    " FROM burst JOIN target ON target.id = target_id JOIN office ON office.id = target.office_id"
)


def listed(db: sqlite3.Connection, office: int | None, target_id: int | None = None, most: int = 100,
           waiting: bool = False) -> list[sqlite3.Row]:  # fmt: skip
    """Bursts, those waiting to be judged first, then the newest."""
    return db.execute(
        f"{SELECT} WHERE (? IS NULL OR office_id = ?) AND (? IS NULL OR target_id = ?) AND (NOT ? OR state = 'waiting')"
        " ORDER BY state <> 'waiting', began DESC LIMIT ?",
        (office, office, target_id, target_id, waiting, most),
    ).fetchall()


def found(db: sqlite3.Connection, burst_id: int, office: int | None) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        f"{SELECT} WHERE burst.id = ? AND (? IS NULL OR office_id = ?)", (burst_id, office, office)
    ).fetchone()
    return row


def judge(db: sqlite3.Connection, burst_id: int, state: str, reason: str, who: str) -> None:
    """Count them after all, or leave them out for good; the reason is public."""
    db.execute("UPDATE burst SET state = ?, reason = ?, judged_at = ?, judged_by = ? WHERE id = ?",
               (state, reason, clock.now().isoformat(), who, burst_id))  # fmt: skip
