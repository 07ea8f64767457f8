"""What people write: checked before it is public, answered by the office, withdrawn by whoever wrote it."""

import sqlite3
from dataclasses import dataclass

from lumbung_plugin import clock, codes

LONGEST, LONGEST_ANSWER, LONGEST_REASON = 600, 1_000, 200
PER_PAGE = 20

SELECT = (
    "SELECT comment.*, target.kind, target.name, target.name_en, target.number AS badge, target.place, target.code,"
    " target.office_id, office.name AS office"
    " FROM comment JOIN target ON target.id = target_id JOIN office ON office.id = target.office_id"
)


@dataclass(frozen=True)
class Left:
    """What the writer is told: the two things needed to take the words back."""

    number: str
    code: str


def add(db: sqlite3.Connection, target_id: int, text: str, score: int | None) -> Left:
    """Keep the words, unseen by the public; to be called in a transaction."""
    left = Left(codes.number(db, "KMT", clock.today().year), codes.secret_code())
    db.execute(
        "INSERT INTO comment (number, target_id, at, score, text, code_hash) VALUES (?, ?, ?, ?, ?, ?)",
        (left.number, target_id, clock.now().isoformat(), score, text[:LONGEST], codes.hashed(left.code)),
    )
    return left


def withdraw(db: sqlite3.Connection, number: str, code: str) -> bool:
    """Erase the words (and the answer to them) for whoever knows number and code; the score stays."""
    row = db.execute("SELECT id, code_hash FROM comment WHERE number = ? AND state <> 'withdrawn'",
                     (number.strip().upper()[:20],)).fetchone()  # fmt: skip
    if row is None or not codes.matches(code, row["code_hash"]):
        return False
    db.execute("UPDATE comment SET text = NULL, answer = '', state = 'withdrawn', judged_at = ? WHERE id = ?",
               (clock.now().isoformat(), row["id"]))  # fmt: skip
    return True


def found(db: sqlite3.Connection, comment_id: int, office: int | None) -> sqlite3.Row | None:
    """A comment within the office of the one who asks (None: of all offices)."""
    row: sqlite3.Row | None = db.execute(
        f"{SELECT} WHERE comment.id = ? AND (? IS NULL OR target.office_id = ?)", (comment_id, office, office)
    ).fetchone()
    return row


def listed(db: sqlite3.Connection, state: str, office: int | None, after: int | None = None) -> list[sqlite3.Row]:
    """Comments in a state, newest first, those with a smaller id than `after`; one more than fits on a page."""
    return db.execute(
        f"{SELECT} WHERE state = ? AND (? IS NULL OR target.office_id = ?) AND (? IS NULL OR comment.id < ?)"
        " ORDER BY comment.id DESC LIMIT ?",
        (state, office, office, after, after, PER_PAGE + 1),
    ).fetchall()


def counts(db: sqlite3.Connection, office: int | None) -> dict[str, int]:
    """How many comments are in each state."""
    rows = db.execute("SELECT state, count(*) FROM comment JOIN target ON target.id = target_id"
                      " WHERE ? IS NULL OR office_id = ? GROUP BY state", (office, office))  # fmt: skip
    return {row[0]: row[1] for row in rows}


def public(db: sqlite3.Connection, target_id: int, most: int = PER_PAGE) -> list[sqlite3.Row]:
    """The newest comments the public may read."""
    return db.execute(
        f"{SELECT} WHERE target_id = ? AND state = 'shown' AND text IS NOT NULL ORDER BY comment.at DESC LIMIT ?",
        (target_id, most),
    ).fetchall()


def judge(db: sqlite3.Connection, comment_id: int, state: str, reason: str, who: str) -> None:
    """Show or hide; a reason belongs to hiding."""
    db.execute("UPDATE comment SET state = ?, reason = ?, judged_at = ?, judged_by = ? WHERE id = ?",
               (state, reason, clock.now().isoformat(), who, comment_id))  # fmt: skip


def answer(db: sqlite3.Connection, comment_id: int, text: str) -> None:
    """The office's answer, public together with the comment."""
    db.execute("UPDATE comment SET answer = ?, answered_at = ? WHERE id = ?",
               (text, clock.now().isoformat(), comment_id))  # fmt: skip
