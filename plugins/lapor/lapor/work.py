"""What staff and reporters do to a report. Each act checks the rules, changes the row and writes its event as one."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lumbung_plugin import local, now, photos, transaction

from lapor import rules, store
from lapor.rules import Act, Refusal, State


def act(
    db: sqlite3.Connection,
    number: str,
    what: Act,
    actor: str,
    text: str = "",
    *,
    office_id: int | None = None,
    deadline: date | None = None,
    original: str = "",
) -> Refusal | None:
    """Do `what` to the report. Returns the refusal, or `None` when it was done.

    `text` is read by the reporter and, for public reports, by everybody, except that of a note.
    """
    with transaction(db):
        return _act(db, number, what, actor, text, office_id, deadline, original)


@dataclass(frozen=True)
class Bulk:
    """What became of many: how many were done, and the refused numbers with the reason."""

    done: int
    refused: Sequence[tuple[str, Refusal]]


def act_on_many(
    db: sqlite3.Connection,
    numbers: Sequence[str],
    what: Act,
    actor: str,
    text: str = "",
    *,
    office_id: int | None = None,
    deadline: date | None = None,
) -> Bulk:
    """Do `what` to each report in one transaction; one that refuses does not hold up the others."""
    refused: list[tuple[str, Refusal]] = []
    with transaction(db):
        for number in numbers:
            refusal = _act(db, number, what, actor, text, office_id, deadline, "")
            if refusal:
                refused.append((number, refusal))
    return Bulk(len(numbers) - len(refused), refused)


def _act(
    db: sqlite3.Connection,
    number: str,
    what: Act,
    actor: str,
    text: str,
    office_id: int | None,
    deadline: date | None,
    original: str,
) -> Refusal | None:
    report = store.by_number(db, number)
    if report is None:
        return Refusal.UNKNOWN_ORIGINAL
    state = rules.after(State(report["state"]), what, assigned=report["office_id"] is not None)
    if isinstance(state, Refusal):
        return state
    changes = _changes(db, report, what, office_id, deadline, original)
    if isinstance(changes, Refusal):
        return changes
    _change(db, report["id"], {"state": state, **changes})
    _record(db, report["id"], what, actor, office_id if what is Act.ASSIGN else report["office_id"], text)
    return None


def _changes(
    db: sqlite3.Connection,
    report: sqlite3.Row,
    what: Act,
    office_id: int | None,
    deadline: date | None,
    original: str,
) -> dict[str, object] | Refusal:
    """What an act changes of a report besides its state."""
    if what is Act.MERGE:
        found = _original(db, report, original)
        return found if isinstance(found, Refusal) else {"duplicate_of": found}
    if what is Act.ASSIGN:
        if not db.execute("SELECT 1 FROM office WHERE id = ? AND active = 1", (office_id,)).fetchone():
            return Refusal.UNKNOWN_OPD
        return {"office_id": office_id, "deadline": deadline.isoformat() if deadline else None}
    if what is Act.ANSWER:
        return {"answered_at": now().isoformat()}
    return {"duplicate_of": None} if what is Act.ACCEPT else {}


def reopen(db: sqlite3.Connection, report: sqlite3.Row, reason: str, today: date, deadline: date) -> Refusal | None:
    """The reporter is not content: back to the office with a new deadline, the old rating gone."""
    with transaction(db):
        fresh = store.by_number(db, report["number"])
        if fresh is None:
            return Refusal.WRONG_STATE
        answered = local(fresh["answered_at"]).date() if fresh["answered_at"] else None
        refusal = rules.reopening(State(fresh["state"]), answered, fresh["reopened"], today)
        if refusal:
            return refusal
        state = rules.after(State(fresh["state"]), Act.REOPEN, assigned=fresh["office_id"] is not None)
        changes = {"state": state, "reopened": fresh["reopened"] + 1, "deadline": deadline.isoformat()}
        _change(db, fresh["id"], changes | {"rating": None, "rating_note": "", "answered_at": None})
        _record(db, fresh["id"], Act.REOPEN, "", fresh["office_id"], reason)
    return None


def rate(db: sqlite3.Connection, report: sqlite3.Row, stars: int, note: str) -> Refusal | None:
    """One rating for one answer."""
    with transaction(db):
        fresh = store.by_number(db, report["number"])
        if fresh is None or fresh["state"] != State.ANSWERED:
            return Refusal.WRONG_STATE
        if fresh["rating"] is not None:
            return Refusal.ALREADY_RATED
        _change(db, fresh["id"], {"rating": stars, "rating_note": note})
        _record(db, fresh["id"], Act.RATE, "", fresh["office_id"], f"{stars}/5")
    return None


def contact(db: sqlite3.Connection, report: sqlite3.Row, actor: str) -> tuple[str, str]:
    """The reporter's name and telephone number; that someone looked is written down."""
    with transaction(db):
        db.execute(
            "INSERT INTO event (report_id, at, act, actor, public) VALUES (?, ?, 'contact', ?, 0)",
            (report["id"], now().isoformat(), actor),
        )
    return report["reporter_name"] or "", report["reporter_phone"] or ""


def forget_contact(db: sqlite3.Connection, report: sqlite3.Row) -> None:
    """The reporter takes name and telephone number back; the report stays."""
    with transaction(db):
        _change(db, report["id"], {"reporter_name": None, "reporter_phone": None})
        db.execute(
            "INSERT INTO event (report_id, at, act, public) VALUES (?, ?, 'forgotten', 0)",
            (report["id"], now().isoformat()),
        )


def withdraw(db: sqlite3.Connection, report: sqlite3.Row, actor: str) -> Refusal | None:
    """Erase a report for its reporter, or for staff who must (UU 27/2022 article 8: the right to erasure).

    Words, place, photos, contact, code and every text of its history are gone; number, category, office and days stay,
    so that numbers have no gap and an office's history still adds up. It counts in no figure.
    """
    with transaction(db):
        fresh = store.by_number(db, report["number"])
        if fresh is None or fresh["state"] == State.WITHDRAWN:
            return Refusal.WITHDRAWN
        names = [row["name"] for row in db.execute("SELECT name FROM photo WHERE report_id = ?", (fresh["id"],))]
        _change(db, fresh["id"], {**rules.ERASED, "state": State.WITHDRAWN})
        db.execute("DELETE FROM photo WHERE report_id = ?", (fresh["id"],))
        db.execute("UPDATE event SET text = '' WHERE report_id = ?", (fresh["id"],))
        _record(db, fresh["id"], Act.WITHDRAW, actor, fresh["office_id"], "")
    photos.discard(names)
    return None


def _original(db: sqlite3.Connection, report: sqlite3.Row, number: str) -> int | Refusal:
    found = store.by_number(db, number)
    if found is None:
        return Refusal.UNKNOWN_ORIGINAL
    # Always point at the first report, never at a duplicate of it.
    first = found["duplicate_of"] or found["id"]
    return Refusal.OWN_DUPLICATE if first == report["id"] else first


def _change(db: sqlite3.Connection, report_id: int, changes: dict[str, object]) -> None:
    names = ", ".join(f"{name} = ?" for name in changes)
    db.execute(
        f"UPDATE report SET {names} WHERE id = ?",  # noqa: S608 names are literals of this module
        (*changes.values(), report_id),
    )


def _record(db: sqlite3.Connection, report_id: int, what: Act, actor: str, office_id: int | None, text: str) -> None:
    db.execute(
        "INSERT INTO event (report_id, at, act, actor, office_id, text, public) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (report_id, now().isoformat(), what, actor, office_id, text, int(what is not Act.NOTE)),
    )
