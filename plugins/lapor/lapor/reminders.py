"""Deadlines told to the offices by mail: numbers and days only, nothing of what citizens wrote."""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lumbung_plugin import mail, transaction, workdays

MOST_LISTED = 30


@dataclass(frozen=True)
class Due:
    """One office's reports that are late or nearly so: (number, deadline) by deadline, and how many there are."""

    office_id: int
    email: str
    late: int
    count: int
    listed: tuple[tuple[str, date], ...]


def send(db: sqlite3.Connection, settings: Mapping[str, Any], today: date) -> int:
    """Write to every office that has something due and an address, once a working day; returns how many."""
    if not workdays.is_working(today):
        return 0
    until = workdays.add_working_days(today, settings["remind_days"])
    sent = 0
    for due in waiting(db, today, until):
        subject = f"{settings['title']}: {due.late} lewat tenggat, {due.count - due.late} segera jatuh tempo"
        if mail.send(due.email, subject, letter(due, today, os.environ.get("PLUGIN_ORIGIN", ""))):
            _remember(db, due.office_id, today)
            sent += 1
    return sent


def waiting(db: sqlite3.Connection, today: date, until: date) -> list[Due]:
    """What each office with an address, not yet written to today, should answer by `until`."""
    addressed = db.execute(
        "SELECT office_id, email FROM reminder WHERE sent_on IS NULL OR sent_on < ?", (today.isoformat(),)
    ).fetchall()
    found = (_due(db, row["office_id"], row["email"], today, until) for row in addressed)
    return [due for due in found if due.count]


def letter(due: Due, today: date, origin: str) -> str:
    """The text of a reminder, in Indonesian: it goes to officers."""
    lines = [f"- {number}, tenggat {_day(day)}{' (LEWAT)' if day < today else ''}" for number, day in due.listed]
    if due.count > len(due.listed):
        lines.append(f"- dan {due.count - len(due.listed)} laporan lagi")
    head = "Laporan warga berikut menunggu jawaban OPD Anda:"
    foot = f"Jawab di {origin}/kerja" if origin else "Jawab di halaman Kerja."
    return "\n".join([head, "", *lines, "", foot])


def _due(db: sqlite3.Connection, office_id: int, email: str, today: date, until: date) -> Due:
    where = "office_id = ? AND state = 'assigned' AND deadline <= ?"
    values = (office_id, until.isoformat())
    rows = db.execute(
        f"SELECT number, deadline FROM report WHERE {where} ORDER BY deadline, id LIMIT {MOST_LISTED}",  # noqa: S608
        values,
    )
    listed = tuple((row["number"], date.fromisoformat(row["deadline"])) for row in rows)
    count, late = db.execute(
        f"SELECT count(*), coalesce(sum(deadline < ?), 0) FROM report WHERE {where}",  # noqa: S608 fixed text
        (today.isoformat(), *values),
    ).fetchone()
    return Due(office_id, email, late, count, listed)


def _remember(db: sqlite3.Connection, office_id: int, today: date) -> None:
    with transaction(db):
        db.execute("UPDATE reminder SET sent_on = ? WHERE office_id = ?", (today.isoformat(), office_id))


def _day(day: date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year}"
