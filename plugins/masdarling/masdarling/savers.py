"""The people who save: a passbook with a number and a code. Name and telephone leave it when the book is closed."""

import sqlite3
from datetime import timedelta

from lumbung_plugin import codes, now, today, transaction

from masdarling import bank
from masdarling.rules import Refusal, Refused

PREFIX = "BS"
MOST_FAILED = 10
CUSTOMER = """SELECT customer.*, rt.name AS rt, kelurahan.name AS kelurahan FROM customer JOIN rt ON rt.id = rt_id
  JOIN kelurahan ON kelurahan.id = rt.kelurahan_id"""


def join(db: sqlite3.Connection, rt_id: int, name: str, phone: str) -> tuple[int, str, str]:
    """A new passbook: its id, its number and its code. The code is told once; only its hash is kept."""
    code, day = codes.secret_code(), today()
    with transaction(db):
        if db.execute("SELECT 1 FROM rt WHERE id = ? AND active = 1", (rt_id,)).fetchone() is None:
            raise Refused(Refusal.GROUP_UNKNOWN)
        number = codes.number(db, PREFIX, day.year)
        customer_id = db.execute(
            "INSERT INTO customer (number, code_hash, rt_id, name, phone, joined) VALUES (?, ?, ?, ?, ?, ?)",
            (number, codes.hashed(code), rt_id, name, phone or None, day.isoformat()),
        ).lastrowid
    return int(customer_id or 0), number, code


def renew_code(db: sqlite3.Connection, customer_id: int) -> str:
    """A new code for a lost one; the old one opens nothing any more."""
    code = codes.secret_code()
    with transaction(db):
        db.execute("UPDATE customer SET code_hash = ? WHERE id = ?", (codes.hashed(code), customer_id))
    return code


def change(db: sqlite3.Connection, customer_id: int, rt_id: int, name: str, phone: str) -> None:
    """Correct a customer's name, telephone or RT."""
    with transaction(db):
        db.execute(
            "UPDATE customer SET rt_id = ?, name = ?, phone = ? WHERE id = ? AND closed IS NULL",
            (rt_id, name, phone or None, customer_id),
        )


def close(db: sqlite3.Connection, customer_id: int, at_once: bool = False) -> None:
    """Close a passbook that is empty; ``at_once`` erases name and telephone now (its holder asks for it)."""
    with transaction(db):
        held = bank.balance(db, customer_id)
        if held:
            raise Refused(Refusal.BALANCE_LEFT, balance=held)
        db.execute(
            "UPDATE customer SET closed = ?, name = iif(?, NULL, name), phone = iif(?, NULL, phone)"
            " WHERE id = ? AND closed IS NULL",
            (now().isoformat(), at_once, at_once, customer_id),
        )


def customer(db: sqlite3.Connection, customer_id: int) -> sqlite3.Row | None:
    """A customer with the names of RT and kelurahan."""
    row: sqlite3.Row | None = db.execute(f"{CUSTOMER} WHERE customer.id = ?", (customer_id,)).fetchone()
    return row


def open_book(db: sqlite3.Connection, number: str, code: str) -> sqlite3.Row | None:
    """The customer whose number and code these are; None otherwise, also after ten failures within an hour."""
    known = " ".join(number.split()).upper()[:20]
    since = (now() - timedelta(hours=1)).isoformat()
    with transaction(db):
        failures = db.execute("SELECT count(*) FROM failed WHERE number = ? AND at > ?", (known, since)).fetchone()[0]
        row: sqlite3.Row | None = db.execute(
            f"{CUSTOMER} WHERE customer.number = ? AND closed IS NULL", (known,)
        ).fetchone()
        if row is not None and failures < MOST_FAILED and codes.matches(code, row["code_hash"]):
            return row
        db.execute("INSERT INTO failed (number, at) VALUES (?, ?)", (known, now().isoformat()))
    return None


def search(db: sqlite3.Connection, words: str, most: int = 30) -> list[sqlite3.Row]:
    """Open passbooks by number or by a part of the name, with the balance; the latest first without words."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return db.execute(
        "SELECT found.*, coalesce((SELECT sum(amount) FROM entry WHERE customer_id = found.id), 0) AS balance"  # noqa: S608
        f" FROM ({CUSTOMER} WHERE closed IS NULL AND (number LIKE ? ESCAPE '\\' OR customer.name LIKE ? ESCAPE '\\'))"
        " AS found ORDER BY found.id DESC LIMIT ?",
        (like, like, most),
    ).fetchall()
