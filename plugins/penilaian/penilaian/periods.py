"""Periods as they are kept: which there are, how many people were served in them, and closing them for good."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from lumbung_plugin import clock

from penilaian import rules
from penilaian.rules import Period

MOST = 12
COLUMNS = ", ".join(f"u{at}" for at in range(1, 10))
SUMS = ", ".join(f"sum(u{at})" for at in range(1, 10))


def ensured(db: sqlite3.Connection, day: date, kind: str) -> str:
    """The code of the period a day belongs to; the period is there afterwards. To be called in a transaction."""
    one = rules.period_of(day, kind)
    db.execute('INSERT OR IGNORE INTO period (code, start, "end") VALUES (?, ?, ?)',
               (one.code, one.start.isoformat(), one.end.isoformat()))  # fmt: skip
    return one.code


def all(db: sqlite3.Connection, most: int = MOST) -> list[sqlite3.Row]:
    """Periods, newest first, with the number of answers in each."""
    return db.execute(
        "SELECT period.*, (SELECT count(*) FROM response WHERE period = period.code) AS answers"
        " FROM period ORDER BY start DESC LIMIT ?",
        (most,),
    ).fetchall()


def found(db: sqlite3.Connection, code: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM period WHERE code = ?", (code[:8],)).fetchone()
    return row


def plain(row: sqlite3.Row) -> Period:
    """The period as the rules know it."""
    return Period(row["code"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))


def served(db: sqlite3.Connection, code: str) -> dict[int, int]:
    """People served in a period, by rated thing."""
    return {row[0]: row[1] for row in db.execute("SELECT target_id, people FROM served WHERE period = ?", (code,))}


def save_served(db: sqlite3.Connection, code: str, people: Mapping[int, int | None]) -> None:
    """Keep how many were served; None forgets it."""
    for target_id, number in people.items():
        db.execute("DELETE FROM served WHERE period = ? AND target_id = ?", (code, target_id))
        if number:
            db.execute("INSERT INTO served (period, target_id, people) VALUES (?, ?, ?)", (code, target_id, number))


def may_close(row: sqlite3.Row) -> bool:
    """A period is closed once, after its last day."""
    return row["closed_at"] is None and row["end"] < clock.today().isoformat()


def close(db: sqlite3.Connection, code: str, who: str) -> None:
    """Keep the sums as they are now: bursts judged later, or another setting, no longer change what was published."""
    db.execute(
        f"INSERT INTO frozen (period, target_id, respondents, {COLUMNS})"  # noqa: S608 - fixed names
        f" SELECT period, target_id, count(*), {SUMS} FROM counted_response WHERE period = ? GROUP BY target_id",
        (code,),
    )
    db.execute("UPDATE period SET closed_at = ?, closed_by = ? WHERE code = ?",
               (clock.now().isoformat(), who, code))  # fmt: skip


def sums(db: sqlite3.Connection, code: str) -> list[sqlite3.Row]:
    """(target, respondents, sum of each element): as they were closed, else as they are now."""
    row = found(db, code)
    if row is not None and row["closed_at"]:
        return db.execute(f"SELECT target_id, respondents, {COLUMNS} FROM frozen WHERE period = ?", (code,)).fetchall()  # noqa: S608
    return db.execute(
        f"SELECT target_id, count(*), {SUMS} FROM counted_response WHERE period = ? GROUP BY target_id",  # noqa: S608
        (code,),
    ).fetchall()
