"""Reading applications. Writing is in `filing` (applicants), `desk` (officers) and `permits`."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from perizinan.rules import Kind

PAGE = 20
_APPLICATION = """
SELECT a.*, t.name AS type, t.name_en AS type_en, t.slug, t.code AS type_code, t.office_id, t.place AS wants_place,
  t.zoning AS wants_zoning, t.zoning_use, t.zoning_blocks, t.active AS type_active, t.valid_months,
  t.survey AS wants_survey,
  o.name AS office, p.number AS permit
FROM application a JOIN permit_type t ON t.id = a.type_id
LEFT JOIN office o ON o.id = t.office_id LEFT JOIN permit p ON p.application_id = a.id
"""
CLOCK_RUNS = "a.state IN ('checking', 'surveying', 'deciding')"
LATE = f"{CLOCK_RUNS} AND a.deadline < ?"


@dataclass(frozen=True)
class Filters:
    """What a list of applications is narrowed down to."""

    state: str = ""
    type_id: int | None = None
    office: int | None = None
    q: str = ""
    late_on: date | None = None


@dataclass(frozen=True)
class Page:
    """Rows of a list and the keys of its neighbours."""

    rows: list[sqlite3.Row]
    before: int | None
    after: int | None


def by_number(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    """An application by its number, however it is typed."""
    query = f"{_APPLICATION} WHERE a.number = ?"
    found: sqlite3.Row | None = db.execute(query, (number.strip().upper()[:40],)).fetchone()
    return found


def files(db: sqlite3.Connection, application_id: int) -> dict[int, sqlite3.Row]:
    """The files that count, by requirement."""
    query = "SELECT * FROM file WHERE application_id = ? AND replaced = 0"
    return {row["requirement_id"]: row for row in db.execute(query, (application_id,))}


def file(db: sqlite3.Connection, application_id: int, file_id: int) -> sqlite3.Row | None:
    """One file of an application, replaced ones too."""
    query = "SELECT * FROM file WHERE application_id = ? AND id = ?"
    found: sqlite3.Row | None = db.execute(query, (application_id, file_id)).fetchone()
    return found


def requirements(db: sqlite3.Connection, application: sqlite3.Row) -> list[sqlite3.Row]:
    """What the application must hold: what its type asks now, and what a file was already given for."""
    return db.execute(
        "SELECT * FROM requirement WHERE type_id = ? AND (active = 1 OR id IN"
        " (SELECT requirement_id FROM file WHERE application_id = ?)) ORDER BY position, id",
        (application["type_id"], application["id"]),
    ).fetchall()


def missing(db: sqlite3.Connection, application: sqlite3.Row) -> list[sqlite3.Row]:
    """Needed requirements without a file."""
    given = files(db, application["id"])
    listed = requirements(db, application)
    return [one for one in listed if one["needed"] and one["active"] and one["id"] not in given]


def corrections(db: sqlite3.Connection, application_id: int, open_only: bool = False) -> list[sqlite3.Row]:
    """What was found wrong, oldest first, with the requirement's name; none for the data of the form."""
    where = " AND c.answered_at IS NULL" if open_only else ""
    return db.execute(
        "SELECT c.*, r.name, r.name_en, r.hint, r.hint_en, r.accept FROM correction c"  # noqa: S608 fixed text
        f" LEFT JOIN requirement r ON r.id = c.requirement_id WHERE c.application_id = ?{where} ORDER BY c.id",
        (application_id,),
    ).fetchall()


def events(db: sqlite3.Connection, application_id: int, public: bool) -> list[sqlite3.Row]:
    """What happened, oldest first; internal matters only for staff."""
    query = "SELECT * FROM event WHERE application_id = ? AND public >= ? ORDER BY id"
    return db.execute(query, (application_id, int(public))).fetchall()


def steps(db: sqlite3.Connection, application_id: int) -> list[sqlite3.Row]:
    """What officers did, oldest first: rows of `kind`, `by_id`, `by_name`, `at`, `good`, `note`."""
    return db.execute("SELECT * FROM step WHERE application_id = ? ORDER BY id", (application_id,)).fetchall()


def decision(db: sqlite3.Connection, application_id: int) -> sqlite3.Row | None:
    """How it was decided, if it was."""
    return next((row for row in reversed(steps(db, application_id)) if row["kind"] == Kind.DECISION), None)


def photos(db: sqlite3.Connection, application_id: int) -> list[str]:
    """The names of the survey's photos."""
    query = "SELECT name FROM survey_photo WHERE application_id = ? ORDER BY id"
    return [row["name"] for row in db.execute(query, (application_id,))]


def page(db: sqlite3.Connection, wanted: Filters, after: int | None, before: int | None) -> Page:
    """One page, oldest first, so that what waits longest comes first; `after` and `before` are ids."""
    where, values = _conditions(wanted)
    backward = before is not None
    key = before if backward else after
    if key is not None:
        where.append(f"a.id {'<' if backward else '>'} ?")
        values.append(key)
    order = "DESC" if backward else "ASC"
    query = f"{_APPLICATION} WHERE {' AND '.join(where)} ORDER BY a.id {order} LIMIT {PAGE + 1}"
    rows = db.execute(query, values).fetchall()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    rows = rows[::-1] if backward else rows
    if not rows:
        return Page([], None, None)
    has_before, has_after = (more, True) if backward else (key is not None, more)
    return Page(rows, rows[0]["id"] if has_before else None, rows[-1]["id"] if has_after else None)


def _conditions(wanted: Filters) -> tuple[list[str], list[object]]:
    where, values = ["a.state <> 'draft'"], list[object]()
    if wanted.late_on:
        where.append(LATE)
        values.append(wanted.late_on.isoformat())
    if wanted.state:
        where.append("a.state = ?")
        values.append(wanted.state)
    if wanted.type_id:
        where.append("a.type_id = ?")
        values.append(wanted.type_id)
    if wanted.office:
        where.append("(t.office_id = ? OR t.office_id IS NULL)")
        values.append(wanted.office)
    if wanted.q:
        pattern = "%" + wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.append("(a.number LIKE ? ESCAPE '\\' OR a.name LIKE ? ESCAPE '\\' OR p.number LIKE ? ESCAPE '\\')")
        values.extend([pattern] * 3)
    return where, values


def counts(db: sqlite3.Connection, office: int | None, today: date) -> dict[str, int]:
    """How many applications stand under each state (`late` too) within an office."""
    rows = db.execute(
        f"SELECT a.state, count(*) AS n, sum({LATE}) AS late FROM application a JOIN permit_type t ON t.id = a.type_id"  # noqa: S608
        " WHERE a.state <> 'draft' AND (? IS NULL OR t.office_id = ? OR t.office_id IS NULL) GROUP BY a.state",
        (today.isoformat(), office, office),
    ).fetchall()
    return {row["state"]: row["n"] for row in rows} | {"late": sum(row["late"] or 0 for row in rows)}


def due_soon(db: sqlite3.Connection, office: int | None, until: date, most: int = 50) -> list[sqlite3.Row]:
    """Running applications whose day comes at the latest on `until`, late ones first."""
    return db.execute(
        f"{_APPLICATION} WHERE {CLOCK_RUNS} AND a.deadline <= ?"
        " AND (? IS NULL OR t.office_id = ? OR t.office_id IS NULL) ORDER BY a.deadline, a.id LIMIT ?",
        (until.isoformat(), office, office, most),
    ).fetchall()
