"""Reading reports. Every list is paged by key and every search is bounded."""

import re
import sqlite3
from dataclasses import dataclass

from lapor.rules import PUBLIC

PAGE = 20
WORDS = 8
# Written as the partial indexes have it, so that SQLite knows they fit.
IS_PUBLIC = "report.confidential = 0 AND report.state IN ('accepted', 'assigned', 'answered')"

SELECT = """SELECT report.*, category.name AS category, category.name_en AS category_en, office.name AS office,
  (SELECT name FROM photo WHERE report_id = report.id ORDER BY id LIMIT 1) AS photo
  FROM {table} JOIN category ON category.id = report.category_id LEFT JOIN office ON office.id = report.office_id"""
_REPORTS = SELECT.format(table="report")
# CROSS JOIN keeps the order: what the words find leads, in the order of its keys.
_FOUND = SELECT.format(table="report_search CROSS JOIN report ON report.id = report_search.rowid")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all."""

    q: str = ""
    category: int | None = None
    kelurahan: str = ""
    state: str = ""
    office: int | None = None
    due_before: str = ""
    """Only what waits for an answer with a deadline before this day."""


@dataclass(frozen=True)
class Page:
    """Rows of a list, with the keys that lead on: `before` to the previous page, `after` to the next."""

    rows: list[sqlite3.Row]
    before: int | None
    after: int | None


def by_number(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    return db.execute(f"{_REPORTS} WHERE report.number = ?", (number.strip().upper(),)).fetchone()


def by_id(db: sqlite3.Connection, report_id: int) -> sqlite3.Row | None:
    return db.execute(f"{_REPORTS} WHERE report.id = ?", (report_id,)).fetchone()


def public_report(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    """A report everybody may read: checked, and not marked confidential by its reporter."""
    row = by_number(db, number)
    return row if row and is_public(row) else None


def is_public(row: sqlite3.Row) -> bool:
    return row["state"] in PUBLIC and not row["confidential"]


def photos_of(db: sqlite3.Connection, report_id: int) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM photo WHERE report_id = ? ORDER BY id", (report_id,)).fetchall()


def events_of(db: sqlite3.Connection, report_id: int, public: bool) -> list[sqlite3.Row]:
    """What happened, oldest first; `public` leaves out internal notes."""
    only = "AND event.public = 1" if public else ""
    return db.execute(
        "SELECT event.*, office.name AS office FROM event LEFT JOIN office ON office.id = event.office_id "  # noqa: S608
        f"WHERE report_id = ? {only} ORDER BY event.id",
        (report_id,),
    ).fetchall()


def page(
    db: sqlite3.Connection,
    filters: Filters,
    *,
    public: bool,
    after: int | None = None,
    before: int | None = None,
    oldest_first: bool = False,
) -> Page:
    """One page of a list, newest first unless told otherwise, from after (or before) a report's id."""
    where, values = _conditions(filters, public)
    key_column = "report_search.rowid" if filters.q else "report.id"
    forward = before is None
    ascending = oldest_first == forward
    key = after if forward else before
    if key is not None:
        where.append(f"{key_column} {'>' if ascending else '<'} ?")
        values.append(key)
    order = f"{key_column} {'ASC' if ascending else 'DESC'}"
    table = _FOUND if filters.q else SELECT.format(table=f"report {_index(filters, public)}")
    query = f"{table} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT {PAGE + 1}"
    rows = db.execute(query, values).fetchall()
    more = len(rows) > PAGE
    rows = rows[:PAGE] if forward else rows[:PAGE][::-1]
    if not rows:
        return Page([], None, None)
    has_previous = key is not None if forward else more
    has_next = more if forward else True
    return Page(rows, rows[0]["id"] if has_previous else None, rows[-1]["id"] if has_next else None)


def _index(filters: Filters, public: bool) -> str:
    """The index a list is read along, where SQLite without statistics would rather sort every report of a state."""
    if filters.due_before:
        return "" if filters.office else "INDEXED BY report_deadline"
    narrowed = filters.category or filters.office or filters.kelurahan or filters.state
    return "INDEXED BY public_report" if public and not narrowed else ""


def _conditions(filters: Filters, public: bool) -> tuple[list[str], list[object]]:
    where, values = ["1"], list[object]()
    if filters.q:
        where.append("report_search MATCH ?")
        values.append(matching(filters.q))
    if public:
        where.append(IS_PUBLIC)
    if filters.due_before:
        where.append("report.state IN ('accepted', 'assigned') AND report.deadline < ?")
        values.append(filters.due_before)
    columns = {"category_id": filters.category, "office_id": filters.office}
    texts = {"kelurahan": filters.kelurahan, "state": filters.state}
    for column, value in (columns | texts).items():
        if value:
            where.append(f"report.{column} = ?")
            values.append(value)
    return where, values


def matching(text: str) -> str:
    """What people type as a question to the index of words: all words, each as a beginning, nothing an operator."""
    words = re.findall(r"\w+", text.replace("_", " "))[:WORDS]
    return " ".join(f'"{word}"*' for word in words) or '""'


def category_named(db: sqlite3.Connection, name: str) -> int | None:
    """The category in use of this name, in either language; without a name the last one, by custom "something else"."""
    if name:
        query = "SELECT id FROM category WHERE active = 1 AND (name = ?1 OR name_en = ?1 COLLATE NOCASE)"
        row = db.execute(query, (name,)).fetchone()
    else:
        query = "SELECT id FROM category WHERE active = 1 ORDER BY name <> 'Lainnya', id DESC LIMIT 1"
        row = db.execute(query).fetchone()
    return row["id"] if row else None
