"""Against stuffing, without keeping anything about the sender: a field people do not see, and two counters."""

import sqlite3
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lapor import store

KEY = "sent"
PER_SESSION = 5
WINDOW = timedelta(hours=1)
# All senders together: above what any city's people type, far below what a script does.
TOGETHER = 60
TOGETHER_WINDOW = timedelta(minutes=10)


def allowed(db: sqlite3.Connection, session: MutableMapping[str, Any], now: datetime | None = None) -> bool:
    """Whether one more report may come in now, from this browser and in all."""
    now = now or datetime.now(UTC)
    if len(_recent(session, now)) >= PER_SESSION:
        return False
    return store.recent_count(db, (now - TOGETHER_WINDOW).isoformat(timespec="seconds")) < TOGETHER


def count(session: MutableMapping[str, Any], now: datetime | None = None) -> None:
    """Remember, in the signed cookie only, that this browser has sent a report."""
    now = now or datetime.now(UTC)
    session[KEY] = [*_recent(session, now), int(now.timestamp())]


def _recent(session: MutableMapping[str, Any], now: datetime) -> list[int]:
    since = (now - WINDOW).timestamp()
    return [moment for moment in session.get(KEY, []) if moment > since]
