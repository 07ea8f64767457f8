"""Requests for a statement of zoning (informasi tata ruang, keterangan rencana kota) and what was answered.

The statement keeps what was said on the day it was issued (`said`, JSON): a later plan changes the plan, not the paper.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from lumbung_plugin import codes, now, today, transaction

from simtaru import matrix, rules, store
from simtaru.geometry import Point
from simtaru.rules import Stage

Row = sqlite3.Row
REQUEST, STATEMENT = "PTR", "KRK"
"""Prefixes of numbers: permohonan tata ruang, keterangan rencana kota."""
PAGE = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """What a citizen sends; `use_id` is the use they have in mind, if any."""

    name: str
    phone: str
    address: str
    purpose: str
    place: Point
    use_id: int | None


def ask(db: sqlite3.Connection, asked: Asked, due_on: str) -> tuple[str, str]:
    """Take a request in; returns its number and the secret code, which is kept only as a digest."""
    code = codes.secret_code()
    with transaction(db):
        number = codes.number(db, REQUEST, today().year)
        db.execute(
            "INSERT INTO request (number, code_hash, stage, name, phone, address, purpose, lon, lat, use_id,"
            " created_at, due_on) VALUES (?, ?, 'new', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, codes.hashed(code), asked.name, asked.phone or None, asked.address, asked.purpose, *asked.place,
             asked.use_id, now().isoformat(), due_on),
        )  # fmt: skip
    return number, code


def find(db: sqlite3.Connection, number: str) -> Row | None:
    """A request with the name of its use."""
    found: Row | None = db.execute(f"{QUERY} WHERE request.number = ?", (number,)).fetchone()
    return found


def checked(db: sqlite3.Connection, check_code: str) -> Row | None:
    """The statement behind a QR code."""
    found: Row | None = db.execute(f"{QUERY} WHERE request.check_code = ?", (check_code,)).fetchone()
    return found


QUERY = (
    "SELECT request.*, land_use.name AS use_name, land_use.name_en AS use_name_en, land_use.code AS use_code,"
    " plan.state AS plan_state, plan.regulation AS plan_regulation FROM request"
    " LEFT JOIN land_use ON land_use.id = request.use_id LEFT JOIN plan ON plan.id = request.plan_id"
)


def queue(db: sqlite3.Connection, stage: str, before: int | None = None) -> list[Row]:
    """Requests of a stage: open ones by their deadline, closed ones the latest first; one more than a page."""
    if stage == Stage.NEW:
        return db.execute(f"{QUERY} WHERE stage = 'new' ORDER BY due_on, request.id LIMIT 200").fetchall()
    key = before if before is not None else 2**62
    query = f"{QUERY} WHERE stage = ? AND request.id < ? ORDER BY request.id DESC LIMIT ?"
    return db.execute(query, (stage, key, PAGE + 1)).fetchall()


def counts(db: sqlite3.Connection) -> dict[str, int]:
    rows = db.execute("SELECT stage, count(*) AS n FROM request GROUP BY stage")
    return {row["stage"]: row["n"] for row in rows}


def said_at(db: sqlite3.Connection, plan: Row, place: Point, use_id: int | None) -> dict[str, Any] | None:
    """What is to be said of a place today; None where the plan has no zone."""
    zones = store.at(db, plan["id"], place)
    if not zones:
        return None
    zone, found = zones[0], matrix.of_class(db, plan["id"], zones[0]["code"])
    listed = [
        {"code": use["code"], "name": use["name"], "name_en": use["name_en"], **_told(found.get(use["id"]))}
        for use in matrix.uses(db)
        if use["id"] in found
    ]
    asked = next((row["code"] for row in matrix.uses(db, also_closed=True) if row["id"] == use_id), None)
    words = {key: zone[key] for key in ("code", "name", "block", "kelurahan", "note")}
    plan_words = {key: plan[key] for key in ("title", "regulation", "decided_on", "invented")}
    return {"zone": words, "plan": plan_words, "uses": listed, "asked": asked}


def _told(rule: matrix.Rule | None) -> dict[str, str]:
    held = rule or matrix.UNSAID
    return {"verdict": held.verdict, "conditions": held.conditions, "conditions_en": held.conditions_en}


def issue(db: sqlite3.Connection, number: str, by: str) -> str | None:
    """Issue the statement with a number and a code to check it by; returns the number, None when that cannot be.

    It cannot when the request was answered already, no plan is in force, or the plan has no zone at the place.
    """
    with transaction(db):
        found, plan = find(db, number), store.in_force(db)
        if found is None or plan is None or not rules.may_move(found["stage"], Stage.ISSUED):
            return None
        said = said_at(db, plan, (found["lon"], found["lat"]), found["use_id"])
        if said is None:
            return None
        statement = codes.number(db, STATEMENT, today().year)
        db.execute(
            "UPDATE request SET stage = 'issued', statement = ?, check_code = ?, plan_id = ?, said = ?, closed_at = ?,"
            " closed_by = ? WHERE id = ?",
            (statement, codes.secret_code(16), plan["id"], json.dumps(said), now().isoformat(), by, found["id"]),
        )
    return statement


def close(db: sqlite3.Connection, number: str, to: Stage, reason: str, by: str) -> bool:
    """Refuse a request, or withdraw what was issued, with the reason; False when it has moved on meanwhile."""
    with transaction(db):
        found = find(db, number)
        if found is None or not rules.may_move(found["stage"], to):
            return False
        db.execute(
            "UPDATE request SET stage = ?, reason = ?, closed_at = ?, closed_by = ? WHERE id = ?",
            (to, reason, now().isoformat(), by, found["id"]),
        )
    return True


def forget(db: sqlite3.Connection, number: str) -> None:
    """Empty what is personal at the applicant's wish; an open request is deleted whole."""
    with transaction(db):
        db.execute("DELETE FROM request WHERE number = ? AND stage = 'new'", (number,))
        gone = "UPDATE request SET name = NULL, phone = NULL, address = NULL WHERE number = ?"
        db.execute(gone, (number,))
