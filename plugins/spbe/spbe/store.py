"""Years, answers and evidence in the database. Who writes opens the transaction here."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from lumbung_plugin import Person, now, transaction

from spbe import instruments, rules
from spbe.instruments import Instrument
from spbe.rules import Round, Standing, State

Row = sqlite3.Row
MOST_EVIDENCE = 20
"""Of one indicator."""

ANSWER = (
    "SELECT answer.*, office.name AS office, (SELECT count(*) FROM evidence WHERE answer_id = answer.id) AS evidence,"
    " own.level AS level, own.note AS note, own.by_id AS filled_by, own.by_name AS filled_name, own.at AS filled_at,"
    " inner_one.level AS reviewed, inner_one.note AS review_note, inner_one.by_name AS reviewed_name,"
    " inner_one.at AS reviewed_at, outer_one.level AS external, outer_one.note AS external_note,"
    " outer_one.at AS external_at FROM answer LEFT JOIN office ON office.id = answer.office_id"
    " LEFT JOIN score AS own ON own.answer_id = answer.id AND own.round = 'self'"
    " LEFT JOIN score AS inner_one ON inner_one.answer_id = answer.id AND inner_one.round = 'internal'"
    " LEFT JOIN score AS outer_one ON outer_one.answer_id = answer.id AND outer_one.round = 'external'"
)


def years(db: sqlite3.Connection, final: bool = False) -> list[Row]:
    """The latest first; only those the public sees when `final`."""
    where = "WHERE state = 'final'" if final else ""
    return db.execute(f"SELECT * FROM year {where} ORDER BY year DESC").fetchall()  # noqa: S608 - fixed text


def year(db: sqlite3.Connection, value: int) -> Row | None:
    found: Row | None = db.execute("SELECT * FROM year WHERE year = ?", (value,)).fetchone()
    return found


def present(db: sqlite3.Connection) -> Row | None:
    """The year people work on: the latest open one."""
    found: Row | None = db.execute("SELECT * FROM year WHERE state = 'open' ORDER BY year DESC LIMIT 1").fetchone()
    return found


def instrument(row: Row) -> Instrument:
    """The instrument of a year."""
    return instruments.known()[row["instrument"]]


def answers(db: sqlite3.Connection, year_id: int) -> dict[int, Row]:
    """All indicators of a year by number, with office and count of evidence."""
    rows = db.execute(f"{ANSWER} WHERE year_id = ? ORDER BY number", (year_id,))
    return {row["number"]: row for row in rows}


def answer(db: sqlite3.Connection, year_id: int, number: int) -> Row | None:
    found: Row | None = db.execute(f"{ANSWER} WHERE year_id = ? AND number = ?", (year_id, number)).fetchone()
    return found


def rounds(db: sqlite3.Connection, year_id: int) -> dict[str, dict[int, int]]:
    """The levels of each round by number of the indicator."""
    found: dict[str, dict[int, int]] = {one: {} for one in Round}
    query = "SELECT round, number, level FROM score JOIN answer ON answer.id = answer_id WHERE year_id = ?"
    for row in db.execute(query, (year_id,)):
        found[row["round"]][row["number"]] = row["level"]
    return found


def levels(db: sqlite3.Connection, year_id: int) -> dict[int, int]:
    """Levels that count: the latest round's (`rules.final_levels`)."""
    return rules.final_levels(rounds(db, year_id))


def standing(row: Row) -> Standing:
    """Where an indicator stands."""
    if row["returned"]:
        return Standing.RETURNED
    if row["reviewed"] is not None:
        return Standing.AGREED if row["reviewed"] == row["level"] else Standing.CHANGED
    return Standing.CLAIMED if row["level"] is not None else Standing.EMPTY


def open_year(db: sqlite3.Connection, value: int, chosen: Instrument) -> bool:
    """Begin a year; offices keep the indicators they had in the last year of the same instrument.

    False when the year is there already.
    """
    with transaction(db):
        if year(db, value):
            return False
        made = db.execute(
            "INSERT INTO year (year, instrument, state, opened_at) VALUES (?, ?, 'open', ?)",
            (value, chosen.id, now().isoformat()),
        )
        last = db.execute(
            "SELECT id FROM year WHERE instrument = ? AND year < ? ORDER BY year DESC LIMIT 1", (chosen.id, value)
        ).fetchone()
        given = {row["number"]: row["office_id"] for row in answers(db, last["id"]).values()} if last else {}
        rows = [(made.lastrowid, one.number, given.get(one.number)) for one in chosen.indicators]
        db.executemany("INSERT INTO answer (year_id, number, office_id) VALUES (?, ?, ?)", rows)
    return True


def assign(db: sqlite3.Connection, year_id: int, offices: Mapping[int, int | None]) -> None:
    """Say which office answers which indicator."""
    with transaction(db):
        for number, office in offices.items():
            values = (office, year_id, number)
            db.execute("UPDATE answer SET office_id = ? WHERE year_id = ? AND number = ?", values)


def fill(db: sqlite3.Connection, answer_id: int, level: int, note: str, who: Person) -> bool:
    """Claim a level; a review of an earlier claim falls away. False when the year is final."""
    with transaction(db):
        if not _is_open(db, answer_id):
            return False
        _score(db, answer_id, Round.SELF, level, note, who)
        db.execute("DELETE FROM score WHERE answer_id = ? AND round = 'internal'", (answer_id,))
        _returned(db, answer_id, "", None)
    return True


def review(db: sqlite3.Connection, answer_id: int, level: int | None, note: str, who: Person) -> bool:
    """Lay down the assessor's level, or send the claim back (`level` None). False when the year is final."""
    with transaction(db):
        if not _is_open(db, answer_id):
            return False
        if level is None:
            db.execute("DELETE FROM score WHERE answer_id = ? AND round = 'internal'", (answer_id,))
            _returned(db, answer_id, note, who)
        else:
            _score(db, answer_id, Round.INTERNAL, level, note, who)
            _returned(db, answer_id, "", None)
    return True


def lay_external(db: sqlite3.Connection, year_id: int, told: Mapping[int, tuple[int, str]], who: Person) -> None:
    """The ministry's levels in the place of those there were, by number: level and note. Also for a final year."""
    with transaction(db):
        held = db.execute("SELECT id, number FROM answer WHERE year_id = ?", (year_id,)).fetchall()
        db.executemany("DELETE FROM score WHERE answer_id = ? AND round = 'external'", [(row["id"],) for row in held])
        for row in held:
            if row["number"] in told:
                _score(db, row["id"], Round.EXTERNAL, *told[row["number"]], who)


def _score(db: sqlite3.Connection, answer_id: int, one: Round, level: int, note: str, who: Person) -> None:
    db.execute(
        "INSERT OR REPLACE INTO score (answer_id, round, level, note, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (answer_id, one, level, note, who.id, who.name, now().isoformat()),
    )


def _returned(db: sqlite3.Connection, answer_id: int, note: str, who: Person | None) -> None:
    """Note that a claim was sent back by somebody, or that it is not any more."""
    told = (int(who is not None), note, who.name if who else "", now().isoformat() if who else "", answer_id)
    db.execute(
        "UPDATE answer SET returned = ?, returned_note = ?, returned_name = ?, returned_at = ? WHERE id = ?", told
    )


def turn(db: sqlite3.Connection, year_id: int, to: State, official: str, note: str) -> None:
    """Make a year final, or open it again."""
    closed = now().isoformat() if to is State.FINAL else ""
    with transaction(db):
        db.execute(
            "UPDATE year SET state = ?, official = ?, note = ?, closed_at = ? WHERE id = ?",
            (to, official, note, closed, year_id),
        )


def evidence(db: sqlite3.Connection, answer_id: int) -> list[Row]:
    return db.execute("SELECT * FROM evidence WHERE answer_id = ? ORDER BY id", (answer_id,)).fetchall()


def add_evidence(db: sqlite3.Connection, answer_id: int, values: Mapping[str, Any], who: Person) -> bool:
    """Add a link or a kept file (keys title, url, file, kind, size); False when the year is final or it is enough."""
    with transaction(db):
        held = db.execute("SELECT count(*) FROM evidence WHERE answer_id = ?", (answer_id,)).fetchone()[0]
        if held >= MOST_EVIDENCE or not _is_open(db, answer_id):
            return False
        told = tuple(values.get(key, "") for key in ("title", "url", "file", "kind"))
        db.execute(
            "INSERT INTO evidence (answer_id, title, url, file, kind, size, added_name, added_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (answer_id, *told, values.get("size", 0), who.name, now().isoformat()),
        )
    return True


def drop_evidence(db: sqlite3.Connection, answer_id: int, evidence_id: int) -> str | None:
    """Delete one piece of an open year; returns the name of its file ("" for a link), None when nothing was deleted."""
    with transaction(db):
        key = (evidence_id, answer_id)
        row = db.execute("SELECT file FROM evidence WHERE id = ? AND answer_id = ?", key).fetchone()
        if row is None or not _is_open(db, answer_id):
            return None
        db.execute("DELETE FROM evidence WHERE id = ?", (evidence_id,))
    return str(row["file"])


def _is_open(db: sqlite3.Connection, answer_id: int) -> bool:
    query = "SELECT state FROM year JOIN answer ON answer.year_id = year.id WHERE answer.id = ?"
    row = db.execute(query, (answer_id,)).fetchone()
    return row is not None and row["state"] == State.OPEN
