"""Public reports on the map."""

import sqlite3
from typing import Any

from flask import url_for
from flask_babel import format_date
from lumbung_plugin import local

from lapor import store
from lapor.words import STATES, TONES

# What a phone draws without stuttering, and a page carries within 100 kB.
MOST = 300


def spots(db: sqlite3.Connection, start: str, category: int | None) -> list[sqlite3.Row]:
    """The newest public reports with a place that came in since `start`, at most `MOST`."""
    where = "AND report.category_id = ?" if category else ""
    index = "report_near" if category else "public_place"
    return db.execute(
        f"SELECT number, title, state, latitude, longitude, created_at FROM report INDEXED BY {index} "  # noqa: S608 fixed text
        f"WHERE {store.IS_PUBLIC} AND report.latitude IS NOT NULL AND report.created_at >= ? {where} "
        f"ORDER BY report.created_at DESC LIMIT {MOST}",
        (start, category) if category else (start,),
    ).fetchall()


def feature(row: sqlite3.Row, linked: bool = True) -> dict[str, Any]:
    """A report as a point for `map_of`: its title, its state and day, its page."""
    note = f"{STATES[row['state']]}, {format_date(local(row['created_at']), 'd MMM y', rebase=False)}"
    url = url_for("public.show", number=row["number"]) if linked else ""
    return {
        "type": "Feature",
        "properties": {"name": row["title"], "note": note, "url": url, "tone": TONES[row["state"]]},
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
    }
