"""The lists an administrator keeps: categories and OPD. Nothing is deleted, only taken out of use."""

import sqlite3


def categories(db: sqlite3.Connection, all_of_them: bool = False) -> list[sqlite3.Row]:
    where = "" if all_of_them else "WHERE category.active = 1"
    return db.execute(
        "SELECT category.*, opd.name AS opd FROM category LEFT JOIN opd ON opd.id = category.opd_id "  # noqa: S608 fixed
        f"{where} ORDER BY category.id"
    ).fetchall()


def offices(db: sqlite3.Connection, all_of_them: bool = False) -> list[sqlite3.Row]:
    where = "" if all_of_them else "WHERE active = 1"
    return db.execute(f"SELECT * FROM opd {where} ORDER BY name").fetchall()  # noqa: S608 fixed text


def save_category(
    db: sqlite3.Connection, row_id: int | None, name: str, name_en: str, opd_id: int | None, active: bool
) -> bool:
    """Add or change a category; false when another one has this name."""
    values = (name, name_en, opd_id, int(active))
    try:
        if row_id is None:
            db.execute("INSERT INTO category (name, name_en, opd_id, active) VALUES (?, ?, ?, ?)", values)
        else:
            db.execute(
                "UPDATE category SET name = ?, name_en = ?, opd_id = ?, active = ? WHERE id = ?", (*values, row_id)
            )
    except sqlite3.IntegrityError:
        return False
    return True


def save_office(db: sqlite3.Connection, row_id: int | None, name: str, active: bool) -> bool:
    """Add or change an OPD; false when another one has this name."""
    try:
        if row_id is None:
            db.execute("INSERT INTO opd (name, active) VALUES (?, ?)", (name, int(active)))
        else:
            db.execute("UPDATE opd SET name = ?, active = ? WHERE id = ?", (name, int(active), row_id))
    except sqlite3.IntegrityError:
        return False
    return True


def office_named(db: sqlite3.Connection, name: str | None) -> int | None:
    """The OPD a member of staff works for, if it is on the list."""
    row = db.execute("SELECT id FROM opd WHERE name = ?", (name or "",)).fetchone()
    return row["id"] if row else None
