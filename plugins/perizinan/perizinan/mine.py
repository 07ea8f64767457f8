"""Which applications this browser has opened: by number and secret code, remembered in its signed cookie only.

So no address carries a secret, and none ends in a log or in somebody's history.
"""

import re
import sqlite3
from datetime import timedelta

from flask import session
from lumbung_plugin import city, codes, now

from perizinan import store

KEY, MOST = "mine", 20
TRIES, ALL_TRIES, WINDOW = 10, 300, timedelta(hours=1)
DEMO_CODE = "DEMO-2026"
"""Opens the made-up applications of a demonstration, and nothing else."""


def remember(number: str) -> None:
    """This browser may see the application from now on."""
    session[KEY] = [*[one for one in session.get(KEY, []) if one != number], number][-MOST:]


def is_mine(number: str) -> bool:
    """Whether this browser has opened it."""
    return number in session.get(KEY, [])


def numbers() -> list[str]:
    """What this browser has opened, the latest first."""
    return list(reversed(session.get(KEY, [])))


def leave() -> None:
    """Forget all of it: for shared computers."""
    session.pop(KEY, None)


def opened(db: sqlite3.Connection, number: str, code: str) -> sqlite3.Row | None:
    """The application of a number and its code."""
    found = store.by_number(db, number)
    if found is None:
        return None
    if found["demo"] and city().demo:
        return found if _plain(code) == _plain(DEMO_CODE) else None
    return found if codes.matches(code, found["code_hash"]) else None


def guessing(db: sqlite3.Connection, number: str) -> bool:
    """Whether too many wrong codes came within the hour: for this number, or for all together."""
    since = (now() - WINDOW).isoformat()
    row = db.execute(
        "SELECT count(*) AS everybody, coalesce(sum(number = ?), 0) AS here FROM"
        " (SELECT number FROM wrong_code WHERE at > ? LIMIT ?)",
        (_number(number), since, ALL_TRIES),
    ).fetchone()
    return row["here"] >= TRIES or row["everybody"] >= ALL_TRIES


def count_wrong(db: sqlite3.Connection, number: str) -> None:
    """Remember a wrong try, without who tried."""
    db.execute("INSERT INTO wrong_code (number, at) VALUES (?, ?)", (_number(number), now().isoformat()))


def _number(number: str) -> str:
    return number.strip().upper()[:40]


def _plain(code: str) -> str:
    return re.sub(r"[\s\-]", "", code[:100]).upper()
