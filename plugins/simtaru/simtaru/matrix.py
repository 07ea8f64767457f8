"""The matrix: what may be done in which class. Reading, and changing one class's column or all by a file."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lumbung_plugin import transaction

from simtaru import classes
from simtaru.rules import LETTERS, Verdict

Row = sqlite3.Row
Cell = tuple[str, str, str]
"""Letter, conditions, conditions in English."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is said of one use; `conditions` is empty where the verdict needs none."""

    verdict: Verdict
    conditions: str = ""
    conditions_en: str = ""


UNSAID = Rule(Verdict.UNKNOWN)


def uses(db: sqlite3.Connection, also_closed: bool = False) -> list[Row]:
    """Uses by family and name."""
    where = "" if also_closed else "WHERE active = 1"
    return db.execute(f"SELECT * FROM land_use {where} ORDER BY family, name").fetchall()  # noqa: S608 - fixed text


def use(db: sqlite3.Connection, code: str) -> Row | None:
    found: Row | None = db.execute("SELECT * FROM land_use WHERE code = ?", (code,)).fetchone()
    return found


def rule(db: sqlite3.Connection, code: str, use_id: int) -> Rule:
    """What holds in the class of a zone's code for a use."""
    return of_class(db, code).get(use_id, UNSAID)


def of_class(db: sqlite3.Connection, code: str) -> dict[int, Rule]:
    """All that is said of one class, by the number of the use."""
    rows = db.execute("SELECT * FROM rule WHERE class = ?", (classes.base(code),))
    return {row["use_id"]: _rule(row) for row in rows}


def of_use(db: sqlite3.Connection, use_id: int) -> dict[str, Rule]:
    """All that is said of one use, by class."""
    return {row["class"]: _rule(row) for row in db.execute("SELECT * FROM rule WHERE use_id = ?", (use_id,))}


def letters(db: sqlite3.Connection) -> dict[tuple[str, int], str]:
    """The whole matrix: the letter by class and number of the use."""
    return {
        (row["class"], row["use_id"]): row["letter"] for row in db.execute("SELECT class, use_id, letter FROM rule")
    }


def everything(db: sqlite3.Connection) -> Iterable[Row]:
    """For the file: one row for each rule."""
    return db.execute(
        "SELECT rule.class, land_use.code, rule.letter, rule.conditions, rule.conditions_en"
        " FROM rule JOIN land_use ON land_use.id = rule.use_id ORDER BY land_use.code, rule.class"
    )


def save_class(db: sqlite3.Connection, code: str, cells: Mapping[int, Cell]) -> None:
    """Lay down what is said of one class; an empty letter says nothing."""
    with transaction(db):
        for use_id, cell in cells.items():
            _put(db, code, use_id, cell)


def take_in(db: sqlite3.Connection, rules: Iterable[tuple[str, int, Cell]], replace: bool) -> int:
    """Rules from a file, as (class, number of the use, cell); `replace` clears the matrix before. Returns how many."""
    taken = 0
    with transaction(db):
        if replace:
            db.execute("DELETE FROM rule")
        for code, use_id, cell in rules:
            _put(db, code, use_id, cell)
            taken += 1
    return taken


def is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM rule LIMIT 1").fetchone() is None


def _put(db: sqlite3.Connection, code: str, use_id: int, cell: Cell) -> None:
    if not cell[0]:
        db.execute("DELETE FROM rule WHERE class = ? AND use_id = ?", (code, use_id))
        return
    db.execute(
        "INSERT OR REPLACE INTO rule (class, use_id, letter, conditions, conditions_en) VALUES (?, ?, ?, ?, ?)",
        (code, use_id, *cell),
    )


def _rule(row: Row) -> Rule:
    return Rule(LETTERS[row["letter"]], row["conditions"], row["conditions_en"])
