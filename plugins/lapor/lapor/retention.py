"""Forgetting: contacts of reporters are kept only as long as the city says."""

import sqlite3

from lumbung_plugin import retention
from lumbung_plugin.retention import Sweep

CONTACT = ("reporter_name", "reporter_phone")


def sweep(db: sqlite3.Connection, days: int) -> int:
    """Delete names and telephone numbers `days` after a report was closed; returns how many reports.

    A report still open after twice that time is treated as closed, so that nothing is kept for ever.
    """
    return retention.run(
        db,
        [
            Sweep("report", "answered_at", days, CONTACT),
            Sweep("report", "created_at", days, CONTACT, only="state IN ('rejected', 'duplicate')"),
            Sweep("report", "created_at", 2 * days, CONTACT),
        ],
    )
