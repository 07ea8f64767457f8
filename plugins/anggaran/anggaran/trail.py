"""The audit trail: who changed what, when, from which amount to which. Rows are only ever added."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from lumbung_plugin import now

from anggaran.rules import Actor

PAGE = 50


class Act(StrEnum):
    """What can be done to a budget."""

    CREATED = "created"
    CHANGED = "changed"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    DELETED = "deleted"
    IMPORTED = "imported"
    SCORED = "scored"
    COMMENT = "comment"
    PROPOSED = "proposed"
    STRUCK = "struck"
    REDUCED = "reduced"
    RESTORED = "restored"
    DECLINED = "declined"
    CEILING = "ceiling"
    OPENED = "opened"
    FROZEN = "frozen"
    LISTS = "lists"


PUBLIC = (Act.SUBMITTED, Act.STRUCK, Act.REDUCED, Act.RESTORED)


@dataclass(frozen=True)
class Wanted:
    """Which part of the trail: of a version, an act, words of a name or text."""

    version: int | None = None
    act: str = ""
    q: str = ""


def record(
    db: sqlite3.Connection,
    actor: Actor,
    act: Act,
    version_id: int | None = None,
    item_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    text: str = "",
) -> None:
    """Add a row; call it in the transaction that does the act. Amounts are rupiah."""
    db.execute(
        "INSERT INTO event (version_id, item_id, at, actor, actor_name, act, before, after, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (version_id, item_id, now().isoformat(), actor.id, actor.name, act, before, after, text),
    )


def of_item(db: sqlite3.Connection, item_id: int, public: bool = False) -> list[sqlite3.Row]:
    """What happened to a sub-activity, oldest first; for citizens only what is decided."""
    allowed = PUBLIC if public else tuple(Act)
    marks = ", ".join("?" * len(allowed))
    return db.execute(
        f"SELECT * FROM event WHERE item_id = ? AND act IN ({marks}) ORDER BY id",  # noqa: S608 only marks
        (item_id, *allowed),
    ).fetchall()


def page(db: sqlite3.Connection, wanted: Wanted, after: int | None) -> tuple[list[sqlite3.Row], int | None]:
    """The newest rows first, and the key that leads on to older ones."""
    where, values = ["1 = 1"], list[object]()
    for clause, value in (
        ("event.version_id = ?", wanted.version),
        ("event.act = ?", wanted.act or None),
        ("event.id < ?", after),
    ):
        if value is not None:
            where.append(clause)
            values.append(value)
    if wanted.q:
        where.append("(event.actor_name LIKE ? OR event.text LIKE ? OR item.code LIKE ? OR item.name LIKE ?)")
        values += [f"%{wanted.q}%"] * 4
    rows = db.execute(
        "SELECT event.*, version.stage, year.year, item.code, item.name FROM event"  # noqa: S608 clauses of our own
        " LEFT JOIN version ON version.id = event.version_id LEFT JOIN year ON year.id = version.year_id"
        f" LEFT JOIN item ON item.id = event.item_id WHERE {' AND '.join(where)} ORDER BY event.id DESC LIMIT ?",
        (*values, PAGE + 1),
    ).fetchall()
    return rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else None
