"""Permit types and their requirements, as the administrator keeps them."""

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

_TYPE = "SELECT t.*, o.name AS office FROM permit_type t LEFT JOIN office o ON o.id = t.office_id"
COLUMNS = ("code", "name", "name_en", "about", "about_en", "legal", "office_id", "days", "fee", "fee_en",
           "valid_months", "place", "zoning", "zoning_use", "zoning_blocks", "survey", "active")  # fmt: skip
NEED = ("name", "name_en", "hint", "hint_en", "accept", "needed", "position")


def types(db: sqlite3.Connection, also_closed: bool = False) -> list[sqlite3.Row]:
    """Permit types by name, each with its `office`."""
    where = "" if also_closed else "WHERE t.active = 1"
    return db.execute(f"{_TYPE} {where} ORDER BY t.name").fetchall()


def by_slug(db: sqlite3.Connection, slug: str) -> sqlite3.Row | None:
    """An open type."""
    found: sqlite3.Row | None = db.execute(f"{_TYPE} WHERE t.slug = ? AND t.active = 1", (slug[:80],)).fetchone()
    return found


def by_id(db: sqlite3.Connection, type_id: int) -> sqlite3.Row | None:
    """A type, open or closed."""
    found: sqlite3.Row | None = db.execute(f"{_TYPE} WHERE t.id = ?", (type_id,)).fetchone()
    return found


def requirements(db: sqlite3.Connection, type_id: int) -> list[sqlite3.Row]:
    """What a type asks for now, in order."""
    query = "SELECT * FROM requirement WHERE type_id = ? AND active = 1 ORDER BY position, id"
    return db.execute(query, (type_id,)).fetchall()


def save_type(db: sqlite3.Connection, values: Mapping[str, Any], type_id: int | None = None) -> int | None:
    """Add or change a type; None when code or name is taken. The address (slug) of a type never changes."""
    given = [values[column] for column in COLUMNS]
    try:
        if type_id is None:
            names, marks = ", ".join(("slug", *COLUMNS)), ", ".join("?" * (len(COLUMNS) + 1))
            query = f"INSERT INTO permit_type ({names}) VALUES ({marks})"  # noqa: S608 names are ours
            return db.execute(query, (_slug(db, values["name"]), *given)).lastrowid
        changes = ", ".join(f"{column} = ?" for column in COLUMNS)
        db.execute(f"UPDATE permit_type SET {changes} WHERE id = ?", (*given, type_id))  # noqa: S608 as above
    except sqlite3.IntegrityError:
        return None
    return type_id


def requirement(db: sqlite3.Connection, requirement_id: int) -> sqlite3.Row | None:
    """One requirement, in use or not."""
    found: sqlite3.Row | None = db.execute("SELECT * FROM requirement WHERE id = ?", (requirement_id,)).fetchone()
    return found


def save_requirement(db: sqlite3.Connection, type_id: int, values: Mapping[str, Any], id: int | None = None) -> None:
    """Add a requirement to a type, or change one of it."""
    given = [values[column] for column in NEED]
    if id is None:
        query = f"INSERT INTO requirement ({', '.join(NEED)}, type_id) VALUES (?,?,?,?,?,?,?,?)"  # noqa: S608
        db.execute(query, (*given, type_id))
        return
    changes = ", ".join(f"{column} = ?" for column in NEED)
    db.execute(f"UPDATE requirement SET {changes} WHERE id = ? AND type_id = ?", (*given, id, type_id))  # noqa: S608


def drop_requirement(db: sqlite3.Connection, type_id: int, id: int) -> None:
    """Ask for it no more. Files already sent for it stay with their applications."""
    db.execute("UPDATE requirement SET active = 0 WHERE id = ? AND type_id = ?", (id, type_id))


def _slug(db: sqlite3.Connection, name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "izin"
    slug, count = stem, 1
    while db.execute("SELECT 1 FROM permit_type WHERE slug = ?", (slug,)).fetchone():
        count += 1
        slug = f"{stem}-{count}"
    return slug
