"""National holidays, kept in the database by migrations and the daily task. Only they import this: see `lapor.days`."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from lumbung_plugin import settings, today, transaction, workdays

BUNDLE = Path(__file__).parent.parent
AHEAD = 2


def keep(db: sqlite3.Connection) -> None:
    """Replace what is kept by what the library knows now, from last month's year to `AHEAD` years from now."""
    first = (today() - timedelta(days=31)).year
    own = set(settings(BUNDLE)["holidays"])
    found = [
        (day.isoformat(), name)
        for year in range(first, today().year + AHEAD + 1)
        for day, name in workdays.holidays_of(year).items()
        if day.isoformat() not in own
    ]
    with transaction(db):
        db.execute("DELETE FROM holiday")
        db.executemany("INSERT INTO holiday (day, name) VALUES (?, ?)", found)
