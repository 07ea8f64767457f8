"""New reports: from citizens, who get a number and a secret code, and from siblings, who name where it was said."""

import hashlib
import hmac
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from lumbung_plugin import codes, now, today
from lumbung_plugin.photos import Photo

from lapor import store

PREFIX = "LP"
CODE_LETTERS = 12
WEB = "web"


@dataclass(frozen=True)
class NewReport:
    """A checked report. For an anonymous one name and phone are `None`: nothing else about the sender exists.

    `source` is `web` or the name of the sibling that sent it, which then says where the words were public.
    """

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
    source: str = WEB
    source_name: str = ""
    source_url: str = ""
    reference: str | None = None


def create(db: sqlite3.Connection, report: NewReport, photos: Sequence[Photo]) -> tuple[str, str]:
    """Save a report and return its number and its secret code; call it in a transaction. Only a hash is kept."""
    code = codes.secret_code(CODE_LETTERS)
    number = codes.number(db, PREFIX, today().year)
    report_id = _insert(db, report, number, codes.hashed(code))
    db.executemany(
        "INSERT INTO photo (report_id, name, width, height) VALUES (?, ?, ?, ?)",
        [(report_id, photo.name, photo.width, photo.height) for photo in photos],
    )
    return number, code


def take(db: sqlite3.Connection, report: NewReport) -> str:
    """Save what a sibling sends and return its number; call it in a transaction. Nobody holds a code for it."""
    number = codes.number(db, PREFIX, today().year)
    _insert(db, report, number, "")
    return number


def referred(db: sqlite3.Connection, source: str, reference: str) -> sqlite3.Row | None:
    """What this sibling has sent before under this reference."""
    query = "SELECT number FROM report WHERE source = ? AND reference = ?"
    return db.execute(query, (source, reference)).fetchone()


def followed(db: sqlite3.Connection, number: str, code: str) -> sqlite3.Row | None:
    """The report of this number if the code is its own."""
    row = store.by_number(db, number)
    return row if row and opens(code, row["code_hash"]) else None


def opens(code: str, kept: str) -> bool:
    """Whether a code is the one of this hash: as this release keeps it, or the plain digest of 1.0.0."""
    return codes.matches(code, kept) or hmac.compare_digest(_digest_of_1_0(code).encode(), kept.encode())


def _digest_of_1_0(code: str) -> str:
    plain = code[: codes.LONGEST].strip().upper().replace(" ", "").replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def _insert(db: sqlite3.Connection, report: NewReport, number: str, code_hash: str) -> int:
    created = now().isoformat()
    columns = {**vars(report), "number": number, "code_hash": code_hash, "created_at": created}
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    row = db.execute(
        f"INSERT INTO report ({names}) VALUES ({marks})",  # noqa: S608 names are our own field names
        tuple(columns.values()),
    )
    report_id = row.lastrowid or 0
    db.execute("INSERT INTO event (report_id, at, act) VALUES (?, ?, 'created')", (report_id, created))
    return report_id
