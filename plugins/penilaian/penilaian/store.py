"""What is rated, and the offices it belongs to."""

import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

from lumbung_plugin import offices, person
from lumbung_plugin.codes import LETTERS

from penilaian.rules import Kind

CODE_LENGTH = 6
MOST_TARGETS = 3_000
NOBODY = 0
"""An office nobody has: for staff whose office is not known."""

TARGET = "SELECT target.*, office.name AS office FROM target JOIN office ON office.id = office_id"


def by_code(db: sqlite3.Connection, code: str) -> sqlite3.Row | None:
    """A rated thing by the code of its address; case does not count."""
    row: sqlite3.Row | None = db.execute(f"{TARGET} WHERE code = ?", (code[:40].lower(),)).fetchone()
    return row


def target(db: sqlite3.Connection, target_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(f"{TARGET} WHERE target.id = ?", (target_id,)).fetchone()
    return row


def targets(db: sqlite3.Connection, office: int | None = None, also_closed: bool = False, wanted: str = "",
            officials: bool = True) -> list[sqlite3.Row]:  # fmt: skip
    """What is rated, by office, units before services before officials. `wanted` is looked for in names and places."""
    query = f"{TARGET} WHERE (? IS NULL OR office_id = ?) AND (? OR target.active) AND (? OR kind <> 'official')"
    given: list[object] = [office, office, also_closed, officials]
    for word in wanted.split()[:5]:
        query += " AND instr(lower(target.name || ' ' || name_en || ' ' || place || ' ' || office.name), ?)"
        given.append(word.lower())
    query += " ORDER BY office.name, CASE kind WHEN 'unit' THEN 0 WHEN 'service' THEN 1 ELSE 2 END, target.name, number"
    return db.execute(query, given).fetchall()


def save(db: sqlite3.Connection, values: Mapping[str, Any], target_id: int | None = None) -> int | None:
    """Add or change what is rated; its code stays for ever, since it is printed. None: there is one like it already."""
    names = ["office_id", "kind", "name", "name_en", "number", "place", "survey", "token_only", "active"]
    given = [values[name] for name in names]
    try:
        if target_id is None:
            marks = ", ".join("?" * (len(names) + 1))
            added = db.execute(f"INSERT INTO target ({', '.join(names)}, code) VALUES ({marks})",  # noqa: S608
                               (*given, new_code(db)))  # fmt: skip
            return added.lastrowid
        changes = ", ".join(f"{name} = ?" for name in names)
        db.execute(f"UPDATE target SET {changes} WHERE id = ?", (*given, target_id))  # noqa: S608 - fixed names
    except sqlite3.IntegrityError:
        return None
    return target_id


def new_code(db: sqlite3.Connection) -> str:
    """A code no other has; short, since people may type it from a poster."""
    while True:
        code = "".join(secrets.choice(LETTERS.lower()) for _ in range(CODE_LENGTH))
        if by_code(db, code) is None:
            return code


def staff_office(db: sqlite3.Connection) -> int | None:
    """The office whose matters the present member of staff sees; None is all of them.

    Administrators and operators of no office see all; an operator of an office that is not known here sees nothing.
    """
    who = person()
    if who is None or who.may("administrator") or not (who.opd or who.opd_id):
        return None if who else NOBODY
    offices.listing(db)
    return offices.of(db, who) or NOBODY


def rateable(row: sqlite3.Row, officials: bool) -> bool:
    """Whether it is open for ratings: in use, and not an official where the city does not rate officials."""
    return bool(row["active"]) and (officials or row["kind"] != Kind.OFFICIAL)
