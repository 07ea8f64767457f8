"""The lists an administrator keeps: categories, and who is reminded. Nothing is deleted, only taken out of use."""

import sqlite3


def categories(db: sqlite3.Connection, all_of_them: bool = False) -> list[sqlite3.Row]:
    where = "" if all_of_them else "WHERE category.active = 1"
    return db.execute(
        "SELECT category.*, office.name AS office FROM category "  # noqa: S608 fixed text
        f"LEFT JOIN office ON office.id = category.office_id {where} ORDER BY category.id"
    ).fetchall()


def save_category(
    db: sqlite3.Connection, row_id: int | None, name: str, name_en: str, office_id: int | None, active: bool
) -> bool:
    """Add or change a category; false when another one has this name."""
    values = (name, name_en, office_id, int(active))
    try:
        if row_id is None:
            db.execute("INSERT INTO category (name, name_en, office_id, active) VALUES (?, ?, ?, ?)", values)
        else:
            db.execute(
                "UPDATE category SET name = ?, name_en = ?, office_id = ?, active = ? WHERE id = ?", (*values, row_id)
            )
    except sqlite3.IntegrityError:
        return False
    return True


def reminders(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every office in use with the address its reminders go to, empty when it has none."""
    return db.execute(
        "SELECT office.id, office.name, coalesce(reminder.email, '') AS email FROM office "
        "LEFT JOIN reminder ON reminder.office_id = office.id WHERE office.active = 1 ORDER BY office.name"
    ).fetchall()


def save_reminder(db: sqlite3.Connection, office_id: int, email: str) -> None:
    """Set an office's address; an empty one ends its reminders."""
    if not email:
        db.execute("DELETE FROM reminder WHERE office_id = ?", (office_id,))
        return
    db.execute(
        "INSERT INTO reminder (office_id, email) VALUES (?, ?) "
        "ON CONFLICT (office_id) DO UPDATE SET email = excluded.email",
        (office_id, email),
    )
