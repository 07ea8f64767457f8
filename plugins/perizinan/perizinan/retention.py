"""Forgetting: drafts nobody touches, and the people behind what is long closed."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from lumbung_plugin import transaction
from lumbung_plugin.retention import Sweep, days_ago
from lumbung_plugin.retention import run as swept

from perizinan import filing

AT_ONCE = 200
"""Applications forgotten in one transaction, so that nobody waits for it."""

_DUE = """
SELECT a.id FROM application a LEFT JOIN permit p ON p.application_id = a.id
WHERE a.erased = 0 AND ((a.state IN ('refused', 'withdrawn') AND a.closed_at < :moment)
  OR (a.state = 'issued' AND coalesce(p.revoked_on, p.valid_until) < :moment))
LIMIT :most
"""


def run(db: sqlite3.Connection, settings: Mapping[str, Any]) -> int:
    """Forget what is due; returns how many applications. A permit's own row stays: it is a public record."""
    gone = _drafts(db, settings["draft_days"])
    while found := _closed(db, settings["retention_days"]):
        gone += found
    swept(db, [Sweep("wrong_code", "at", 1)])
    return gone


def _drafts(db: sqlite3.Connection, days: int) -> int:
    where = "state = 'draft' AND touched_at < ?"
    with transaction(db):
        names = db.execute(
            f"SELECT name FROM file WHERE application_id IN (SELECT id FROM application WHERE {where})",  # noqa: S608
            (days_ago(days),),
        ).fetchall()
        gone = db.execute(f"DELETE FROM application WHERE {where}", (days_ago(days),)).rowcount  # noqa: S608
    filing.discard(row["name"] for row in names)
    return gone


def _closed(db: sqlite3.Connection, days: int) -> int:
    names: list[str] = []
    with transaction(db):
        due = db.execute(_DUE, {"moment": days_ago(days), "most": AT_ONCE}).fetchall()
        for row in due:
            names += filing.held(db, row["id"])
            filing.empty(db, row["id"])
    filing.discard(names)
    return len(due)
