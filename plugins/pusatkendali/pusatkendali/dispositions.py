"""Dispositions: a leader's instruction to an office, its answer, the leader's verdict. Every act leaves a step."""

import sqlite3
from datetime import date

from lumbung_plugin import clock, codes, transaction, workdays

from pusatkendali import rules
from pusatkendali.models import Act, Actor, Order, Refusal, State, Told

PREFIX = "DSP"


def give(db: sqlite3.Connection, order: Order, actor: Actor) -> str | Refusal:
    """Give an office an instruction; returns the disposition's number."""
    due = workdays.add_working_days(clock.today(), order.days)
    with transaction(db):
        if not db.execute("SELECT 1 FROM office WHERE id = ? AND active = 1", (order.office_id,)).fetchone():
            return Refusal.UNKNOWN_OFFICE
        if order.alert_id and not db.execute("SELECT 1 FROM alert WHERE id = ?", (order.alert_id,)).fetchone():
            return Refusal.UNKNOWN_ALERT
        number = codes.number(db, PREFIX, clock.today().year)
        made = db.execute(
            "INSERT INTO disposition "
            "(number, title, instruction, urgent, office_id, alert_id, given_by, given_at, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                order.title,
                order.instruction,
                int(order.urgent),
                order.office_id,
                order.alert_id,
                actor.name,
                clock.now().isoformat(),
                due.isoformat(),
            ),
        )
        record(db, made.lastrowid or 0, Act.GIVE, actor, Told(due=due))
    return number


def act(db: sqlite3.Connection, number: str, what: Act, actor: Actor, told: Told) -> Refusal | None:
    """Do `what`; returns the refusal, or None when it was done. A file handed in is the caller's to discard then."""
    with transaction(db):
        row = db.execute("SELECT * FROM disposition WHERE number = ?", (number,)).fetchone()
        if row is None:
            return Refusal.UNKNOWN
        if what not in rules.possible(State(row["state"]), actor.leader, is_theirs(row, actor)):
            return Refusal.NOT_YOURS if what in _foreign(actor, row) else Refusal.WRONG_STATE
        state = rules.after(State(row["state"]), what)
        if isinstance(state, Refusal):
            return state
        _change(db, row["id"], what, state, told.due)
        record(db, row["id"], what, actor, told)
    return None


def is_theirs(row: sqlite3.Row, actor: Actor) -> bool:
    """Whether the disposition was given to the office of `actor`."""
    return actor.office_id is not None and row["office_id"] == actor.office_id


def may_see(row: sqlite3.Row, actor: Actor) -> bool:
    return actor.leader or is_theirs(row, actor)


def record(db: sqlite3.Connection, disposition_id: int, what: Act, actor: Actor, told: Told) -> None:
    """Write one step of the trail, in the caller's transaction."""
    db.execute(
        "INSERT INTO step (disposition_id, at, act, actor, office_id, text, file, file_title, due) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            disposition_id,
            clock.now().isoformat(),
            what,
            actor.name,
            None if actor.leader else actor.office_id,
            told.text,
            told.file,
            told.title,
            told.due.isoformat() if told.due else None,
        ),
    )


def _foreign(actor: Actor, row: sqlite3.Row) -> set[Act]:
    """Acts that are never this person's, whatever the state."""
    mine = {one for state in State for one in rules.possible(state, actor.leader, is_theirs(row, actor))}
    return set(Act) - mine


def _change(db: sqlite3.Connection, disposition_id: int, what: Act, state: State, due: date | None) -> None:
    moment = clock.now().isoformat()
    changes: dict[str, object] = {"state": state}
    if what is Act.REPORT:
        changes["reported_at"] = moment
    if what in (Act.ACCEPT, Act.WITHDRAW):
        changes["closed_at"] = moment
    if due is not None and what in (Act.RETURN, Act.EXTEND):
        changes |= {"due": due.isoformat(), "reminded_on": None}
    names = ", ".join(f"{name} = ?" for name in changes)
    db.execute(
        f"UPDATE disposition SET {names} WHERE id = ?",  # noqa: S608 names are literals of this module
        (*changes.values(), disposition_id),
    )
