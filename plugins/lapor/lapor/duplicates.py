"""Earlier reports an officer should look at before accepting a new one."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung_plugin import settings

from lapor import likeness, store
from lapor.likeness import Likely, Matter

COMPARED = 400


@dataclass(frozen=True)
class Suggestion:
    """An earlier report as a row of `store`, and why it is suggested."""

    report: sqlite3.Row
    why: Likely


def suggestions(db: sqlite3.Connection, report: sqlite3.Row) -> list[Suggestion]:
    """Reports of the same category, near and recent (the city's settings say how near and how recent)."""
    metres, days = settings()["duplicate_metres"], settings()["duplicate_days"]
    since = (datetime.fromisoformat(report["created_at"]) - timedelta(days=days)).isoformat()
    rows = db.execute(
        "SELECT id, title, created_at, kelurahan, latitude, longitude FROM report WHERE category_id = ? "
        "AND created_at >= ? AND state IN ('new', 'accepted', 'assigned', 'answered') "
        "ORDER BY created_at DESC LIMIT ?",
        (report["category_id"], since, COMPARED),
    )
    found = likeness.likely(_matter(report), [_matter(row) for row in rows], metres, days)
    read = [(store.by_id(db, one.id), one) for one in found]
    return [Suggestion(row, why) for row, why in read if row]


def _matter(row: sqlite3.Row) -> Matter:
    place = None if row["latitude"] is None or row["longitude"] is None else (row["latitude"], row["longitude"])
    return Matter(row["id"], row["title"], datetime.fromisoformat(row["created_at"]), row["kelurahan"], place)
