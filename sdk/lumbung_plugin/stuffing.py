"""Against stuffing, without keeping anything about the sender: a field people do not see, and two counters.

The counter of one browser lies in its signed cookie; the one of all senders counts the rows there are.
"""

import re
import sqlite3
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from flask import request

from lumbung_plugin import clock

HONEYPOT = "website"
HOUR = timedelta(hours=1)
# More would not fit a cookie beside everything else.
MOST = 50
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")

Session = MutableMapping[str, Any]


def hidden(field: str = HONEYPOT) -> bool:
    """Whether the field people do not see (macro `honeypot`) was filled in, so by a machine.

    Answer it as if all went well: it should learn nothing.
    """
    return bool(request.form.get(field, ""))


def allowed(session: Session, key: str, most: int = 5, window: timedelta = HOUR) -> bool:
    """Whether this browser may do `key` once more: fewer than `most` times within `window`. At most 50 are counted."""
    if not 0 < most <= MOST:
        raise ValueError(f"{most} times: 1 to {MOST} can be counted in a cookie")
    since = (clock.now() - window).timestamp()
    return sum(moment > since for moment in _counted(session, key)) < most


def count(session: Session, key: str) -> None:
    """Remember, in the signed cookie only, that this browser has done `key` now."""
    session[_name(key)] = [*_counted(session, key), int(clock.now().timestamp())][-MOST:]


def too_many(db: sqlite3.Connection, table: str, column: str, most: int, window: timedelta) -> bool:
    """Whether all senders together have made `most` rows or more within `window`.

    `column` holds ISO moments in UTC and wants an index. Raises ValueError for a name that is none.
    """
    if not IDENTIFIER.fullmatch(table) or not IDENTIFIER.fullmatch(column):
        raise ValueError(f"{table}.{column}: names of small letters, digits and _ only")
    since = (clock.now() - window).isoformat()
    query = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {column} > ? LIMIT ?)"  # noqa: S608 - checked above
    found: int = db.execute(query, (since, most)).fetchone()[0]
    return found >= most


def _counted(session: Session, key: str) -> list[int]:
    kept = session.get(_name(key))
    return [moment for moment in kept if isinstance(moment, int)] if isinstance(kept, list) else []


def _name(key: str) -> str:
    return f"sent.{key}"
