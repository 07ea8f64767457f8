"""Issued permits: the register everybody may read, verification, revocation."""

import hmac
import sqlite3
from dataclasses import dataclass
from datetime import date

from lumbung_plugin import codes, today

from perizinan import rules
from perizinan.events import tell
from perizinan.rules import Refusal, Standing

PAGE = 25
_PERMIT = """
SELECT p.*, t.name AS type, t.name_en AS type_en, t.code, o.name AS office, a.number AS application, a.demo
FROM permit p JOIN permit_type t ON t.id = p.type_id JOIN application a ON a.id = p.application_id
LEFT JOIN office o ON o.id = t.office_id
"""
STANDINGS = {
    Standing.VALID: "p.revoked_on IS NULL AND (p.valid_until IS NULL OR p.valid_until >= ?)",
    Standing.EXPIRED: "p.revoked_on IS NULL AND p.valid_until < ?",
    Standing.REVOKED: "p.revoked_on IS NOT NULL AND ? IS NOT NULL",
}


@dataclass(frozen=True)
class Register:
    """A page of the register and the keys of its neighbours."""

    rows: list[sqlite3.Row]
    before: int | None
    after: int | None


def issue(db: sqlite3.Connection, application: sqlite3.Row, terms: str, signatory: tuple[str, str]) -> str:
    """Write the permit of an approved application; returns its number."""
    day = today()
    until = rules.last_day(day, application["valid_months"])
    number = codes.number(db, application["type_code"], day.year)
    legal = db.execute("SELECT legal FROM permit_type WHERE id = ?", (application["type_id"],)).fetchone()["legal"]
    db.execute(
        "INSERT INTO permit (number, seal, application_id, type_id, holder, purpose, place, terms, issued_on,"
        " valid_until, signatory_office, signatory_name, title, legal, office_name)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            number, codes.secret_code(8), application["id"], application["type_id"], application["name"],
            application["purpose"], application["place_address"], terms, day.isoformat(),
            until.isoformat() if until else None, *signatory, application["type"], legal, application["office"] or "",
        ),
    )  # fmt: skip
    return number


def by_number(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    """A permit, however its number is typed."""
    query = f"{_PERMIT} WHERE p.number = ?"
    found: sqlite3.Row | None = db.execute(query, (number.strip().upper()[:40],)).fetchone()
    return found


def of_application(db: sqlite3.Connection, application_id: int) -> sqlite3.Row | None:
    """The permit an application led to."""
    found: sqlite3.Row | None = db.execute(f"{_PERMIT} WHERE p.application_id = ?", (application_id,)).fetchone()
    return found


def standing(permit: sqlite3.Row) -> Standing:
    """What it is worth today."""
    until = date.fromisoformat(permit["valid_until"]) if permit["valid_until"] else None
    return rules.standing(until, permit["revoked_on"] is not None, today())


def sealed(permit: sqlite3.Row, seal: str) -> bool:
    """Whether the letters behind the QR code are those of this permit."""
    return hmac.compare_digest(permit["seal"].encode(), seal.strip().upper()[:40].encode())


def revoke(db: sqlite3.Connection, permit: sqlite3.Row, reason: str, actor: str) -> Refusal | None:
    """Take it back, with a reason everybody reads who verifies it."""
    if permit["revoked_on"] is not None:
        return Refusal.REVOKED_ALREADY
    db.execute(
        "UPDATE permit SET revoked_on = ?, revoked_reason = ?, revoked_by = ? WHERE id = ?",
        (today().isoformat(), reason, actor, permit["id"]),
    )
    tell(db, permit["application_id"], "revoke", actor, reason)
    return None


def register(
    db: sqlite3.Connection, type_id: int | None, which: str, q: str, after: int | None, before: int | None
) -> Register:
    """The register, newest first; `which` is a standing or empty, `q` part of a number."""
    where, values = _conditions(type_id, which, q)
    backward = before is not None
    key = before if backward else after
    if key is not None:
        where.append(f"p.id {'>' if backward else '<'} ?")
        values.append(key)
    order = "ASC" if backward else "DESC"
    query = f"{_PERMIT} WHERE {' AND '.join(where)} ORDER BY p.id {order} LIMIT {PAGE + 1}"
    rows = db.execute(query, values).fetchall()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    rows = rows[::-1] if backward else rows
    if not rows:
        return Register([], None, None)
    has_before, has_after = (more, True) if backward else (key is not None, more)
    return Register(rows, rows[0]["id"] if has_before else None, rows[-1]["id"] if has_after else None)


def all_of_them(db: sqlite3.Connection, type_id: int | None, which: str, q: str) -> sqlite3.Cursor:
    """The same without pages, for the file."""
    where, values = _conditions(type_id, which, q)
    return db.execute(f"{_PERMIT} WHERE {' AND '.join(where)} ORDER BY p.id DESC", values)


def _conditions(type_id: int | None, which: str, q: str) -> tuple[list[str], list[object]]:
    where, values = ["1"], list[object]()
    if type_id:
        where.append("p.type_id = ?")
        values.append(type_id)
    if which:
        where.append(STANDINGS[Standing(which)])
        values.append(today().isoformat())
    if q:
        where.append("p.number LIKE ? ESCAPE '\\'")
        values.append("%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    return where, values
