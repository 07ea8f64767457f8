"""Milestones that follow a figure of another app: asked every hour, reached when the figure says so."""

import sqlite3

from lumbung_plugin import OutsideError, now, peers, transaction

from rencana import history
from rencana.history import Act
from rencana.rules import Direction, reached

APPS = ("lapor", "antrian", "perizinan", "penilaian", "anggaran", "masdarling", "spbe")
"""The apps whose figures may be followed; lumbung.toml asks for the same."""

ABSENT = "figure-absent"


def update(db: sqlite3.Connection) -> int:
    """Ask each app that is followed once and keep what it says; returns how many milestones were reached now.

    What cannot be asked keeps its last value and says why (`problem`, a code).
    """
    rows = db.execute("SELECT * FROM milestone WHERE done_at IS NULL AND follow_app <> ''").fetchall()
    told = {app: _asked(app) for app in {row["follow_app"] for row in rows}}
    with transaction(db):
        return sum(_kept(db, row, *told[row["follow_app"]]) for row in rows)


def _asked(app: str) -> tuple[dict[str, float], str]:
    """The figures of an app by name, and the code of what is wrong."""
    try:
        return {figure.name: figure.value for figure in peers.figures_of(app)}, ""
    except OutsideError as error:
        return {}, error.code


def _kept(db: sqlite3.Connection, row: sqlite3.Row, figures: dict[str, float], problem: str) -> bool:
    value = figures.get(row["follow_name"])
    if value is None:
        db.execute("UPDATE milestone SET problem = ? WHERE id = ?", (problem or ABSENT, row["id"]))
        return False
    moment = now().isoformat()
    db.execute("UPDATE milestone SET value = ?, value_at = ?, problem = '' WHERE id = ?", (value, moment, row["id"]))
    if row["target"] is None or not reached(value, row["target"], Direction(row["direction"])):
        return False
    db.execute("UPDATE milestone SET done_at = ? WHERE id = ?", (moment, row["id"]))
    history.record(db, row["programme_id"], Act.REACHED, row["follow_app"], f"{row['title']}: {value:g}")
    return True
