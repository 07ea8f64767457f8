"""Reading and writing reports. Every list is paged by key and every search is bounded."""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lapor.photos import Photo
from lapor.rules import PUBLIC

PAGE = 20
# No letters that are mistaken for digits when read over the telephone.
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

_SELECT = """SELECT report.*, category.name AS category, category.name_en AS category_en, opd.name AS opd,
  (SELECT name FROM photo WHERE report_id = report.id ORDER BY id LIMIT 1) AS photo
  FROM report JOIN category ON category.id = report.category_id LEFT JOIN opd ON opd.id = report.opd_id"""


@dataclass(frozen=True)
class NewReport:
    """A checked report. For an anonymous one name and phone are `None`: nothing else about the sender exists."""

    kind: str
    category_id: int
    title: str
    body: str
    kelurahan: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all."""

    q: str = ""
    category: int | None = None
    kelurahan: str = ""
    state: str = ""
    opd: int | None = None
    overdue_on: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of a list, with the keys that lead on: `before` to the previous page, `after` to the next."""

    rows: list[sqlite3.Row]
    before: int | None
    after: int | None


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def create(db: sqlite3.Connection, report: NewReport, photos: Sequence[Photo]) -> tuple[str, str]:
    """Save a report and return its number and its secret code. Only a digest of the code is kept."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    now = moment()
    number = next_number(db, now)
    columns = {**vars(report), "number": number, "code_hash": digest(code), "created_at": now}
    names = ", ".join(columns)
    marks = ", ".join("?" for _ in columns)
    row = db.execute(
        f"INSERT INTO report ({names}) VALUES ({marks})",  # noqa: S608 names are our own field names
        tuple(columns.values()),
    )
    report_id = row.lastrowid
    db.executemany(
        "INSERT INTO photo (report_id, name, width, height) VALUES (?, ?, ?, ?)",
        [(report_id, photo.name, photo.width, photo.height) for photo in photos],
    )
    db.execute("INSERT INTO event (report_id, at, act) VALUES (?, ?, 'created')", (report_id, now))
    return number, code


def next_number(db: sqlite3.Connection, now: str) -> str:
    """`LP-2611-0042`: year, month and a running number of the month. Call it inside a transaction."""
    prefix = f"LP-{now[2:4]}{now[5:7]}-"
    row = db.execute(
        "SELECT max(CAST(substr(number, 9) AS INTEGER)) AS last FROM report WHERE number >= ? AND number < ?",
        (prefix, prefix + "~"),
    ).fetchone()
    return f"{prefix}{(row['last'] or 0) + 1:04d}"


def digest(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace(" ", "").replace("-", "").encode()).hexdigest()


def by_number(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    return db.execute(f"{_SELECT} WHERE report.number = ?", (number.strip().upper(),)).fetchone()


def public_report(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    """A report everybody may read: checked, and not marked confidential by its reporter."""
    row = by_number(db, number)
    return row if row and row["state"] in PUBLIC and not row["confidential"] else None


def followed(db: sqlite3.Connection, number: str, code: str) -> sqlite3.Row | None:
    """The report of this number if the code is its own."""
    row = by_number(db, number)
    return row if row and hmac.compare_digest(row["code_hash"], digest(code)) else None


def photos_of(db: sqlite3.Connection, report_id: int) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM photo WHERE report_id = ? ORDER BY id", (report_id,)).fetchall()


def events_of(db: sqlite3.Connection, report_id: int, public: bool) -> list[sqlite3.Row]:
    """What happened, oldest first; `public` leaves out internal notes."""
    only = "AND event.public = 1" if public else ""
    return db.execute(
        f"SELECT event.*, opd.name AS opd FROM event LEFT JOIN opd ON opd.id = event.opd_id "  # noqa: S608 fixed text
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
    forward = before is None
    ascending = oldest_first == forward
    key = after if forward else before
    if key is not None:
        where.append("report.id > ?" if ascending else "report.id < ?")
        values.append(key)
    order = "ASC" if ascending else "DESC"
    rows = db.execute(
        f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY report.id {order} LIMIT {PAGE + 1}", values
    ).fetchall()
    more = len(rows) > PAGE
    rows = rows[:PAGE] if forward else rows[:PAGE][::-1]
    if not rows:
        return Page([], None, None)
    has_previous = key is not None if forward else more
    has_next = more if forward else True
    return Page(rows, rows[0]["id"] if has_previous else None, rows[-1]["id"] if has_next else None)


def _conditions(filters: Filters, public: bool) -> tuple[list[str], list[object]]:
    where, values = ["1"], list[object]()
    if public:
        where.append("report.confidential = 0 AND report.state IN ('accepted', 'assigned', 'answered')")
    if filters.overdue_on:
        where.append("report.state IN ('accepted', 'assigned') AND report.deadline < ?")
        values.append(filters.overdue_on)
    columns = {"category_id": filters.category, "opd_id": filters.opd}
    texts = {"kelurahan": filters.kelurahan, "state": filters.state}
    for column, value in (columns | texts).items():
        if value:
            where.append(f"report.{column} = ?")
            values.append(value)
    if filters.q:
        pattern = "%" + filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        searched = ("number", "title", "body", "address")
        where.append("(" + " OR ".join(f"report.{name} LIKE ? ESCAPE '\\'" for name in searched) + ")")
        values.extend([pattern] * len(searched))
    return where, values


def similar(db: sqlite3.Connection, report: sqlite3.Row) -> list[sqlite3.Row]:
    """Open reports that may be about the same thing: same category and kelurahan, the latest five."""
    return db.execute(
        f"{_SELECT} WHERE report.category_id = ? AND report.kelurahan = ? AND report.id <> ? "
        "AND report.state IN ('new', 'accepted', 'assigned') ORDER BY report.id DESC LIMIT 5",
        (report["category_id"], report["kelurahan"], report["id"]),
    ).fetchall()


def recent_count(db: sqlite3.Connection, since: str) -> int:
    """How many reports came in since a moment."""
    return db.execute("SELECT count(*) FROM report WHERE created_at >= ?", (since,)).fetchone()[0]
