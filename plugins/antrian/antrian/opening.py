"""Which days the counters are open: the administrator's word first, then the national holidays, then the week."""

import sqlite3
from datetime import date

from lumbung_plugin import workdays

from antrian import rules, store


def closed_because(connection: sqlite3.Connection, day: date) -> str | None:
    """Why nobody is served on a day, or None; a public holiday is named in the page's language."""
    said = store.special_day(connection, day.isoformat())
    kind, reason = said or ("", "")
    return rules.day_reason(
        reason if kind == "closed" else None, kind == "open", workdays.holidays_of(day.year).get(day)
    )


def holidays_ahead(today: date, until: date) -> dict[date, str]:
    """The public holidays of a stretch of days, by name."""
    years = range(today.year, until.year + 1)
    found = {day: name for year in years for day, name in workdays.holidays_of(year).items()}
    return {day: name for day, name in sorted(found.items()) if today <= day <= until}
