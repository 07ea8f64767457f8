"""The waste bank's ledger: deposits by weight, withdrawals, reversals. Nothing in it is ever changed or deleted."""

import sqlite3
from collections.abc import Sequence

from lumbung_plugin import now, today, transaction

from masdarling import rules
from masdarling.rules import Refusal, Refused

NOTE_LENGTH = 200
ENTRIES = """SELECT entry.*, post.name AS post, undone.id AS undone_by,
  (SELECT coalesce(sum(grams), 0) FROM line WHERE line.entry_id = entry.id) AS grams,
  (SELECT sum(earlier.amount) FROM entry AS earlier
   WHERE earlier.customer_id = entry.customer_id AND earlier.id <= entry.id) AS balance
  FROM entry JOIN post ON post.id = entry.post_id LEFT JOIN entry AS undone ON undone.reverses = entry.id"""

Line = tuple[int, int]
"""A kind's id and grams."""


def balance(db: sqlite3.Connection, customer_id: int) -> int:
    """What a customer has, in rupiah."""
    row = db.execute("SELECT coalesce(sum(amount), 0) FROM entry WHERE customer_id = ?", (customer_id,)).fetchone()
    return int(row[0])


def deposit(
    db: sqlite3.Connection, customer_id: int, post_id: int, lines: Sequence[Line], actor: str, nonce: str
) -> int:
    """Book what was weighed at today's prices; the id of the entry. The same form sent twice books once."""
    with transaction(db):
        before = _booked(db, nonce)
        if before is not None:
            return before
        _may_book(db, customer_id, post_id)
        if not lines:
            raise Refused(Refusal.NO_LINES)
        weighed: dict[int, int] = {}
        for kind_id, weight in lines:
            weighed[kind_id] = weighed.get(kind_id, 0) + weight
        priced = [(kind_id, weight, _price(db, kind_id)) for kind_id, weight in weighed.items()]
        booked = [(kind_id, weight, per_kg, rules.worth(weight, per_kg)) for kind_id, weight, per_kg in priced]
        return _book(db, customer_id, "deposit", post_id, actor, nonce, booked, sum(line[3] for line in booked))


def withdraw(
    db: sqlite3.Connection, customer_id: int, post_id: int, amount: int, actor: str, nonce: str, least: int
) -> int:
    """Pay out a sum; the id of the entry. The same form sent twice pays once."""
    with transaction(db):
        before = _booked(db, nonce)
        if before is not None:
            return before
        _may_book(db, customer_id, post_id)
        held = balance(db, customer_id)
        refusal = rules.withdrawal_refusal(amount, held, least)
        if refusal is not None:
            raise Refused(refusal, balance=held, least=least)
        return _book(db, customer_id, "withdrawal", post_id, actor, nonce, [], -amount)


def reverse(db: sqlite3.Connection, entry_id: int, actor: str, note: str) -> int:
    """Put a mistake right by the opposite entry, with the reason; the id of the new entry."""
    reason = " ".join(note.split())
    if not 1 <= len(reason) <= NOTE_LENGTH:
        raise Refused(Refusal.REASON_MISSING, length=NOTE_LENGTH)
    with transaction(db):
        wrong = entry(db, entry_id)
        if wrong is None:
            raise Refused(Refusal.ENTRY_UNKNOWN)
        held = balance(db, wrong["customer_id"])
        refusal = rules.reversal_refusal(wrong["kind"], wrong["undone_by"] is not None, wrong["amount"], held)
        if refusal is not None:
            raise Refused(refusal)
        lines = [
            (row["kind_id"], -row["grams"], row["per_kg"], -row["amount"])
            for row in db.execute("SELECT * FROM line WHERE entry_id = ?", (entry_id,))
        ]
        return _book(
            db, wrong["customer_id"], "reversal", wrong["post_id"], actor, f"reversal-{entry_id}", lines,
            -wrong["amount"], reason, entry_id,
        )  # fmt: skip


def entry(db: sqlite3.Connection, entry_id: int) -> sqlite3.Row | None:
    """One entry with its post's name, its grams, the balance after it and ``undone_by``."""
    row: sqlite3.Row | None = db.execute(f"{ENTRIES} WHERE entry.id = ?", (entry_id,)).fetchone()
    return row


def entries(db: sqlite3.Connection, customer_id: int, before: int | None = None, most: int = 20) -> list[sqlite3.Row]:
    """A customer's entries, the newest first, before an entry's id; one more than ``most`` says there are more."""
    return db.execute(
        f"{ENTRIES} WHERE entry.customer_id = ? AND entry.id < ? ORDER BY entry.id DESC LIMIT ?",
        (customer_id, before or 1 << 62, most + 1),
    ).fetchall()


def of_day(db: sqlite3.Connection, day: str, post_id: int) -> list[sqlite3.Row]:
    """What was booked at a post on a day, with the passbook's number, the newest first."""
    return db.execute(
        f"SELECT booked.*, customer.number FROM ({ENTRIES}) AS booked JOIN customer ON customer.id = booked.customer_id"  # noqa: S608
        " WHERE booked.day = ? AND booked.post_id = ? ORDER BY booked.id DESC LIMIT 200",
        (day, post_id),
    ).fetchall()


def lines_of(db: sqlite3.Connection, entry_ids: Sequence[int]) -> dict[int, list[sqlite3.Row]]:
    """The weighed lines of entries, by entry."""
    found: dict[int, list[sqlite3.Row]] = {number: [] for number in entry_ids}
    marks = ", ".join("?" * len(entry_ids))
    for row in db.execute(
        "SELECT line.*, kind.name, kind.name_en FROM line JOIN kind ON kind.id = line.kind_id"  # noqa: S608
        f" WHERE entry_id IN ({marks}) ORDER BY kind.name",
        list(entry_ids),
    ):
        found[row["entry_id"]].append(row)
    return found


def _booked(db: sqlite3.Connection, nonce: str) -> int | None:
    row = db.execute("SELECT id FROM entry WHERE nonce = ?", (nonce,)).fetchone()
    return int(row["id"]) if row else None


def _may_book(db: sqlite3.Connection, customer_id: int, post_id: int) -> None:
    customer = db.execute("SELECT closed FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if customer is None:
        raise Refused(Refusal.CUSTOMER_UNKNOWN)
    if customer["closed"]:
        raise Refused(Refusal.CUSTOMER_CLOSED)
    if db.execute("SELECT 1 FROM post WHERE id = ? AND active = 1", (post_id,)).fetchone() is None:
        raise Refused(Refusal.POST_UNKNOWN)


def _price(db: sqlite3.Connection, kind_id: int) -> int:
    kind = db.execute("SELECT name FROM kind WHERE id = ? AND active = 1", (kind_id,)).fetchone()
    if kind is None:
        raise Refused(Refusal.KIND_UNKNOWN)
    price = db.execute(
        "SELECT per_kg FROM price WHERE kind_id = ? AND since <= ? ORDER BY since DESC LIMIT 1",
        (kind_id, today().isoformat()),
    ).fetchone()
    if price is None:
        raise Refused(Refusal.PRICE_MISSING, kind=kind["name"])
    return int(price["per_kg"])


def _book(
    db: sqlite3.Connection, customer_id: int, kind: str, post_id: int, actor: str, nonce: str,
    lines: Sequence[tuple[int, int, int, int]], amount: int, note: str = "", reverses: int | None = None,
) -> int:  # fmt: skip
    entry_id = db.execute(
        "INSERT INTO entry (customer_id, kind, day, at, post_id, amount, actor, note, nonce, reverses)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            customer_id,
            kind,
            today().isoformat(),
            now().isoformat(),
            post_id,
            amount,
            actor[:120],
            note,
            nonce,
            reverses,
        ),
    ).lastrowid
    db.executemany(
        "INSERT INTO line (entry_id, kind_id, grams, per_kg, amount) VALUES (?, ?, ?, ?, ?)",
        [(entry_id, *line) for line in lines],
    )
    return int(entry_id or 0)
