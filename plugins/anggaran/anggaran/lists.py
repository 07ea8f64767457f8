"""The lists an administrator keeps: criteria, kinds of reasons, programmes and activities."""

import sqlite3
from collections.abc import Mapping

from flask_babel import gettext as _

from anggaran import review, trail
from anggaran.rules import ACTIVITY, PROGRAMME, Actor, programme_of
from anggaran.trail import Act

COLUMNS = {"criterion": ("name", "name_en", "weight", "active"), "cause": ("name", "name_en", "active"),
           "place": ("name", "active")}  # fmt: skip


def rows(db: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    """All of a list by name, also what is not in use."""
    return db.execute(f"SELECT * FROM {_known(table)} ORDER BY active DESC, name").fetchall()  # noqa: S608


def row(db: sqlite3.Connection, table: str, row_id: int | None) -> sqlite3.Row | None:
    query = f"SELECT * FROM {_known(table)} WHERE id = ?"  # noqa: S608 a table of our own
    found: sqlite3.Row | None = db.execute(query, (row_id,)).fetchone()
    return found


def taken(db: sqlite3.Connection, table: str, name: str, own: int | None) -> bool:
    """Whether another row has this name."""
    found = db.execute(f"SELECT id FROM {_known(table)} WHERE name = ?", (name,)).fetchone()  # noqa: S608
    return found is not None and found["id"] != own


def save(db: sqlite3.Connection, actor: Actor, table: str, row_id: int | None, values: Mapping[str, object]) -> None:
    """Add or change a row. New weights count at once for every version that is open."""
    columns = COLUMNS[_known(table)]
    given = [values.get(column) if values.get(column) is not None else "" for column in columns]
    if row_id is None:
        marks = ", ".join("?" * len(columns))
        db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", given)  # noqa: S608
    else:
        setting = ", ".join(f"{column} = ?" for column in columns)
        db.execute(f"UPDATE {table} SET {setting} WHERE id = ?", [*given, row_id])  # noqa: S608
    if table == "criterion":
        review.rescore_open(db)
    trail.record(db, actor, Act.LISTS, text=str(values.get("name") or ""))


def programmes(db: sqlite3.Connection) -> list[tuple[sqlite3.Row, list[sqlite3.Row]]]:
    """Programmes by code, each with its activities."""
    grouped: dict[int, list[sqlite3.Row]] = {}
    for found in db.execute("SELECT * FROM activity ORDER BY code"):
        grouped.setdefault(found["programme_id"], []).append(found)
    return [(found, grouped.get(found["id"], [])) for found in db.execute("SELECT * FROM programme ORDER BY code")]


def code_refusal(db: sqlite3.Connection, code: str) -> str | None:
    """Why this is no code of a programme or an activity one could enter."""
    if PROGRAMME.fullmatch(code):
        return None
    if not ACTIVITY.fullmatch(code):
        return _("Write the code of a programme (1.03.10) or of an activity (1.03.10.2.01).")
    programme = programme_of(code)
    if db.execute("SELECT 1 FROM programme WHERE code = ?", (programme,)).fetchone() is None:
        return _("Enter the programme %(code)s first.", code=programme)
    return None


def save_code(db: sqlite3.Connection, actor: Actor, code: str, name: str) -> None:
    """Enter a programme or activity, or rename the one with this code."""
    programme = programme_of(code)
    if programme is None:
        db.execute(
            "INSERT INTO programme (code, name) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            (code, name),
        )
    else:
        db.execute(
            "INSERT INTO activity (programme_id, code, name) SELECT id, ?, ? FROM programme WHERE code = ?"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            (code, name, programme),
        )
    trail.record(db, actor, Act.LISTS, text=f"{code} {name}")


def _known(table: str) -> str:
    if table not in COLUMNS:
        raise ValueError(f"{table} is no list an administrator keeps")
    return table
