"""The matrix of a version of the plan: what may be done in which class.

Only drafts change: the matrix of a version that is or was in force is part of its regulation.
"""

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


def rule(db: sqlite3.Connection, plan_id: int, code: str, use_id: int) -> Rule:
    """What holds in the class of a zone's code for a use."""
    return of_class(db, plan_id, code).get(use_id, UNSAID)


def of_class(db: sqlite3.Connection, plan_id: int | None, code: str) -> dict[int, Rule]:
    """All that a version says of one class, by the number of the use. Without a version: before the first plan."""
    rows = db.execute("SELECT * FROM rule WHERE plan_id IS ? AND class = ?", (plan_id, classes.base(code)))
    return {row["use_id"]: _rule(row) for row in rows}


def of_use(db: sqlite3.Connection, plan_id: int, use_id: int) -> dict[str, Rule]:
    """All that a version says of one use, by class."""
    rows = db.execute("SELECT * FROM rule WHERE plan_id = ? AND use_id = ?", (plan_id, use_id))
    return {row["class"]: _rule(row) for row in rows}


def letters(db: sqlite3.Connection, plan_id: int | None) -> dict[tuple[str, int], str]:
    """The whole matrix of a version: the letter by class and number of the use."""
    rows = db.execute("SELECT class, use_id, letter FROM rule WHERE plan_id IS ?", (plan_id,))
    return {(row["class"], row["use_id"]): row["letter"] for row in rows}


def everything(db: sqlite3.Connection, plan_id: int | None) -> list[Row]:
    """For the file: one row for each rule of a version."""
    return db.execute(
        "SELECT rule.class, land_use.code, rule.letter, rule.conditions, rule.conditions_en"
        " FROM rule JOIN land_use ON land_use.id = rule.use_id WHERE plan_id IS ? ORDER BY land_use.code, rule.class",
        (plan_id,),
    ).fetchall()


def changes(db: sqlite3.Connection, before: int, after: int) -> list[tuple[str, Row, str, str]]:
    """Where two versions differ: class, use, and the letters; empty where one says nothing."""
    then, later = letters(db, before), letters(db, after)
    named = {use["id"]: use for use in uses(db, also_closed=True)}
    differing = sorted(key for key in {*then, *later} if then.get(key, "") != later.get(key, ""))
    return [
        (code, named[use_id], then.get((code, use_id), ""), later.get((code, use_id), "")) for code, use_id in differing
    ]


def save_class(db: sqlite3.Connection, plan_id: int | None, code: str, cells: Mapping[int, Cell]) -> None:
    """Lay down what is said of one class; an empty letter says nothing."""
    with transaction(db):
        for use_id, cell in cells.items():
            _put(db, plan_id, code, use_id, cell)


def take_in(db: sqlite3.Connection, plan_id: int | None, rules: Iterable[tuple[str, int, Cell]], replace: bool) -> int:
    """Rules from a file, as (class, number of the use, cell); `replace` clears the matrix before. Returns how many."""
    taken = 0
    with transaction(db):
        if replace:
            db.execute("DELETE FROM rule WHERE plan_id IS ?", (plan_id,))
        for code, use_id, cell in rules:
            _put(db, plan_id, code, use_id, cell)
            taken += 1
    return taken


def inherit(db: sqlite3.Connection, plan_id: int, source: int | None) -> None:
    """Let a new draft begin with the rules of another version, or of before the first plan. Inside a transaction."""
    db.execute(
        "INSERT INTO rule (plan_id, class, use_id, letter, conditions, conditions_en)"
        " SELECT ?, class, use_id, letter, conditions, conditions_en FROM rule WHERE plan_id IS ?",
        (plan_id, source),
    )


def unsaid_classes(db: sqlite3.Connection, plan_id: int) -> list[str]:
    """Classes a version draws on its map and says nothing of in its matrix."""
    ruled = {row["class"] for row in db.execute("SELECT DISTINCT class FROM rule WHERE plan_id = ?", (plan_id,))}
    drawn = {classes.base(row["code"]) for row in db.execute("SELECT code FROM zone WHERE plan_id = ?", (plan_id,))}
    return sorted(drawn - ruled)


def _put(db: sqlite3.Connection, plan_id: int | None, code: str, use_id: int, cell: Cell) -> None:
    db.execute("DELETE FROM rule WHERE plan_id IS ? AND class = ? AND use_id = ?", (plan_id, code, use_id))
    if cell[0]:
        db.execute(
            "INSERT INTO rule (plan_id, class, use_id, letter, conditions, conditions_en) VALUES (?, ?, ?, ?, ?, ?)",
            (plan_id, code, use_id, *cell),
        )


def _rule(row: Row) -> Rule:
    return Rule(LETTERS[row["letter"]], row["conditions"], row["conditions_en"])
