"""From one kelurahan to all: the stages with their days, and how far each kelurahan has come."""

import sqlite3
from datetime import date

from lumbung_plugin import today, transaction

from masdarling.catalogue import HOUSEHOLDS
from masdarling.rules import Reach, Refusal, Refused


def stages(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """The stages in order of their days."""
    return db.execute("SELECT * FROM stage ORDER BY begins, id").fetchall()


def kelurahan(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every kelurahan with its number of active groups and their households; the running ones by their start first."""
    return db.execute(
        f"SELECT kelurahan.*, count(rt.id) AS groups, sum({HOUSEHOLDS}) AS households FROM kelurahan"  # noqa: S608
        " LEFT JOIN rt ON rt.kelurahan_id = kelurahan.id AND rt.active = 1 GROUP BY kelurahan.id"
        " ORDER BY CASE reach WHEN 'running' THEN 0 WHEN 'prepared' THEN 1 ELSE 2 END, started, name",
        {"day": today().isoformat()},
    ).fetchall()


def save_kelurahan(
    db: sqlite3.Connection, kelurahan_id: int | None, name: str, reach: str, started: date | None, note: str
) -> None:
    """Add a kelurahan, or say how far it has come; a running one has the day it started."""
    if reach == Reach.RUNNING and started is None:
        raise Refused(Refusal.STARTED_MISSING)
    day = started.isoformat() if started and reach == Reach.RUNNING else None
    with transaction(db):
        taken = db.execute("SELECT id FROM kelurahan WHERE name = ?", (name,)).fetchone()
        if taken is not None and taken["id"] != kelurahan_id:
            raise Refused(Refusal.NAME_TAKEN, name=name)
        if kelurahan_id is None:
            db.execute(
                "INSERT INTO kelurahan (name, reach, started, note) VALUES (?, ?, ?, ?)", (name, reach, day, note)
            )
        else:
            db.execute(
                "UPDATE kelurahan SET name = ?, reach = ?, started = ?, note = ? WHERE id = ?",
                (name, reach, day, note, kelurahan_id),
            )


def save_stage(db: sqlite3.Connection, stage_id: int | None, values: dict[str, object]) -> None:
    """Add or change a stage; ``values`` are name, name_en, begins, ends (ISO days) and aim (how many kelurahan)."""
    if str(values["ends"]) < str(values["begins"]):
        raise Refused(Refusal.STAGE_DAYS)
    with transaction(db):
        taken = db.execute("SELECT id FROM stage WHERE name = ?", (values["name"],)).fetchone()
        if taken is not None and taken["id"] != stage_id:
            raise Refused(Refusal.NAME_TAKEN, name=str(values["name"]))
        if stage_id is None:
            db.execute(
                "INSERT INTO stage (name, name_en, begins, ends, aim) VALUES (:name, :name_en, :begins, :ends, :aim)",
                values,
            )
        else:
            db.execute(
                "UPDATE stage SET name = :name, name_en = :name_en, begins = :begins, ends = :ends, aim = :aim"
                " WHERE id = :id",
                values | {"id": stage_id},
            )
