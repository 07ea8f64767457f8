"""Deadlines in the city's working days, from the holidays kept in the database.

The library of holidays costs a process 40 MB: `lapor.holidays` asks it in migrations and the daily task, pages never.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date

from lumbung_plugin import settings

from lapor import rules


def next_deadline(db: sqlite3.Connection, start: date) -> date:
    """The day by which an office answers: the city's number of working days after `start`."""
    return rules.deadline(start, settings()["deadline_days"], free_days(db))


def reminder_day(db: sqlite3.Connection, today: date) -> date:
    """Deadlines up to this day are near: the city's number of working days ahead."""
    return rules.deadline(today, settings()["remind_days"], free_days(db))


def free_days(db: sqlite3.Connection) -> set[date]:
    """National holidays, and the days of the city's setting."""
    return holidays_of(db, settings()["holidays"])


def holidays_of(db: sqlite3.Connection, own: Iterable[str]) -> set[date]:
    """National holidays, and the ISO days of the city's `own`: for errands, which have no application."""
    national = {date.fromisoformat(row["day"]) for row in db.execute("SELECT day FROM holiday")}
    return national | {date.fromisoformat(day) for day in own}
