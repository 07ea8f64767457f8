"""One mail a day to those the city names: what is due, what is late, what is blocked on whom."""

import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lumbung_plugin import mail

from rencana import plan

MOST_LINES = 60


def text(db: sqlite3.Connection, today: date, days: int) -> str:
    """The mail in Indonesian; empty when there is nothing to remind of."""
    due = plan.upcoming(db, today + timedelta(days=days))
    waiting = plan.blockers(db)
    if not due and not waiting:
        return ""
    lines = ["Tonggak yang terlambat atau segera jatuh tempo:"] if due else []
    lines += [
        f"- {row['due']}{' (TERLAMBAT)' if row['due'] < today.isoformat() else ''}: {row['title']}"
        f" ({row['programme']}, {row['owner']})"
        for row in due[:MOST_LINES]
    ]
    lines += ["", "Hambatan yang menunggu OPD:"] if waiting else []
    lines += [
        f"- {row['office']}, sejak {row['since']}: {row['need']} ({row['programme']})" for row in waiting[:MOST_LINES]
    ]
    return "\n".join(lines)


def send(db: sqlite3.Connection, settings: Mapping[str, Any], today: date) -> bool:
    """Send it; False when nobody is named or nothing is due. Raises OutsideError."""
    people = list(settings["remind_to"])
    body = text(db, today, settings["remind_days"]) if people else ""
    return bool(body) and mail.send(people, f"Pengingat rencana {today.isoformat()}", body)
