"""Who is at work, as the budget knows them."""

import sqlite3

from lumbung_plugin import offices, settings, staff

from anggaran.rules import Actor


def actor(db: sqlite3.Connection) -> Actor:
    """The member of staff of this request; 403 for everybody else."""
    who = staff()
    administrator = who.may("administrator")
    office_id = offices.of(db, who)
    return Actor(who.id, who.name, office_id, administrator or _reviews(db, office_id), administrator)


def _reviews(db: sqlite3.Connection, office_id: int | None) -> bool:
    row = db.execute("SELECT name FROM office WHERE id = ?", (office_id,)).fetchone()
    reviewing = {name.casefold() for name in settings()["reviewing_opd"]}
    return row is not None and row["name"].casefold() in reviewing
