"""What staff and reporters do to a report. Each act checks the rules, changes the row and writes its event as one."""

import sqlite3
from datetime import date, datetime

from lumbung_plugin import transaction

from lapor import rules, store
from lapor.rules import Act, Refusal, State


def act(
    db: sqlite3.Connection,
    number: str,
    what: Act,
    actor: str,
    text: str = "",
    *,
    opd_id: int | None = None,
    deadline: date | None = None,
    original: str = "",
) -> Refusal | None:
    """Do `what` to the report. Returns the refusal, or `None` when it was done.

    `text` is read by the reporter and, for public reports, by everybody, except that of a note.
    """
    with transaction(db):
        report = store.by_number(db, number)
        if report is None:
            return Refusal.UNKNOWN_ORIGINAL
        state = rules.after(State(report["state"]), what, assigned=report["opd_id"] is not None)
        if isinstance(state, Refusal):
            return state
        changes: dict[str, object] = {"state": state}
        if what is Act.MERGE:
            found = _original(db, report, original)
            if isinstance(found, Refusal):
                return found
            changes["duplicate_of"] = found
        if what is Act.ASSIGN:
            if not db.execute("SELECT 1 FROM opd WHERE id = ? AND active = 1", (opd_id,)).fetchone():
                return Refusal.UNKNOWN_OPD
            changes |= {"opd_id": opd_id, "deadline": deadline.isoformat() if deadline else None}
        if what is Act.ANSWER:
            changes["answered_at"] = store.moment()
        if what is Act.ACCEPT:
            changes["duplicate_of"] = None
        office = opd_id if what is Act.ASSIGN else report["opd_id"]
        _change(db, report["id"], changes)
        _record(db, report["id"], what, actor, office, text)
    return None


def reopen(db: sqlite3.Connection, report: sqlite3.Row, reason: str, today: date, deadline: date) -> Refusal | None:
    """The reporter is not content: back to the office with a new deadline, the old rating gone."""
    with transaction(db):
        fresh = store.by_number(db, report["number"])
        if fresh is None:
            return Refusal.WRONG_STATE
        answered = datetime.fromisoformat(fresh["answered_at"]).date() if fresh["answered_at"] else None
        refusal = rules.reopening(State(fresh["state"]), answered, fresh["reopened"], today)
        if refusal:
            return refusal
        state = rules.after(State(fresh["state"]), Act.REOPEN, assigned=fresh["opd_id"] is not None)
        changes = {"state": state, "reopened": fresh["reopened"] + 1, "deadline": deadline.isoformat()}
        _change(db, fresh["id"], changes | {"rating": None, "rating_note": "", "answered_at": None})
        _record(db, fresh["id"], Act.REOPEN, "", fresh["opd_id"], reason)
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
        _record(db, fresh["id"], Act.RATE, "", fresh["opd_id"], f"{stars}/5")
    return None


def contact(db: sqlite3.Connection, report: sqlite3.Row, actor: str) -> tuple[str, str]:
    """The reporter's name and telephone number; that someone looked is written down."""
    with transaction(db):
        db.execute(
            "INSERT INTO event (report_id, at, act, actor, public) VALUES (?, ?, 'contact', ?, 0)",
            (report["id"], store.moment(), actor),
        )
    return report["reporter_name"] or "", report["reporter_phone"] or ""


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


def _record(db: sqlite3.Connection, report_id: int, what: Act, actor: str, opd_id: int | None, text: str) -> None:
    db.execute(
        "INSERT INTO event (report_id, at, act, actor, opd_id, text, public) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (report_id, store.moment(), what, actor, opd_id, text, int(what is not Act.NOTE)),
    )
