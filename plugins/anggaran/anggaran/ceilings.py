"""Ceilings: the most an office, a programme, or an office within a programme may ask for in a version."""

import sqlite3

from anggaran import trail, years
from anggaran.rules import Actor, Ceiling, Refusal, Refused, crossed
from anggaran.trail import Act

_USED = """SELECT ifnull(sum(amount), 0) FROM item WHERE version_id = ceiling.version_id AND state = 'submitted'
  AND (ceiling.office_id IS NULL OR office_id = ceiling.office_id)
  AND (ceiling.programme_id IS NULL OR programme_id = ceiling.programme_id)"""

_SELECT = f"""SELECT ceiling.*, office.name AS office, programme.code AS code, programme.name AS programme,
  ({_USED}) AS used FROM ceiling LEFT JOIN office ON office.id = ceiling.office_id
  LEFT JOIN programme ON programme.id = ceiling.programme_id"""  # noqa: S608 text of our own


def listing(db: sqlite3.Connection, version_id: int) -> list[sqlite3.Row]:
    """All ceilings of a version with what is `used` of each: offices first, then programmes."""
    return db.execute(
        f"{_SELECT} WHERE ceiling.version_id = ? ORDER BY office.name IS NULL, office.name, programme.code IS NOT NULL,"
        " programme.code",
        (version_id,),
    ).fetchall()


def over(
    db: sqlite3.Connection, version_id: int, office_id: int, programme_id: int | None, without: int | None = None
) -> list[Ceiling]:
    """The ceilings a proposal of this office in this programme lies under.

    `without` leaves a sub-activity's own amount out of what is used. Without a programme: those of the office alone.
    """
    own = db.execute(
        "SELECT amount FROM item WHERE id = ? AND version_id = ? AND state = 'submitted'", (without, version_id)
    ).fetchone()
    rows = db.execute(
        f"{_SELECT} WHERE ceiling.version_id = ? AND (ceiling.office_id IS NULL OR ceiling.office_id = ?)"
        " AND (ceiling.programme_id IS NULL OR ceiling.programme_id = ?)",
        (version_id, office_id, programme_id),
    ).fetchall()
    return [Ceiling(named(row), row["amount"], row["used"] - (own["amount"] if own else 0)) for row in rows]


def named(row: sqlite3.Row) -> str:
    """`Dinas PUPR · 1.03.10 Program Penyelenggaraan Jalan`, or the part of it there is."""
    programme = f"{row['code']} {row['programme']}" if row["code"] else None
    return " · ".join(part for part in (row["office"], programme) if part)


def hold(db: sqlite3.Connection, item: sqlite3.Row, amount: int) -> None:
    """Raises Refused when `amount` for this sub-activity would break a ceiling."""
    found = over(db, item["version_id"], item["office_id"], item["programme_id"], without=item["id"])
    broken = crossed(found, amount)
    if broken is not None:
        raise Refused(Refusal.OVER_CEILING, name=broken.name, left=broken.left, over=amount - broken.left)


def settle(
    db: sqlite3.Connection, actor: Actor, version_id: int, office_id: int | None, programme_id: int | None, amount: int
) -> None:
    """Set a ceiling, or change the one of the same scope. One below what is asked for already is allowed, and shown."""
    years.checked_open(db, version_id)
    scope = (version_id, office_id or 0, programme_id or 0)
    old = db.execute(
        "SELECT * FROM ceiling WHERE version_id = ? AND ifnull(office_id, 0) = ? AND ifnull(programme_id, 0) = ?", scope
    ).fetchone()
    if old is None:
        made = db.execute(
            "INSERT INTO ceiling (version_id, office_id, programme_id, amount) VALUES (?, ?, ?, ?)",
            (version_id, office_id, programme_id, amount),
        )
        ceiling_id = made.lastrowid
    else:
        ceiling_id = old["id"]
        db.execute("UPDATE ceiling SET amount = ? WHERE id = ?", (amount, ceiling_id))
    row = db.execute(f"{_SELECT} WHERE ceiling.id = ?", (ceiling_id,)).fetchone()
    trail.record(
        db, actor, Act.CEILING, version_id, before=old["amount"] if old else None, after=amount, text=named(row)
    )


def remove(db: sqlite3.Connection, actor: Actor, ceiling_id: int) -> None:
    """Take a ceiling away; nothing when it is gone already."""
    row = db.execute(f"{_SELECT} WHERE ceiling.id = ?", (ceiling_id,)).fetchone()
    if row is None:
        return
    years.checked_open(db, row["version_id"])
    db.execute("DELETE FROM ceiling WHERE id = ?", (ceiling_id,))
    trail.record(db, actor, Act.CEILING, row["version_id"], before=row["amount"], text=named(row))
