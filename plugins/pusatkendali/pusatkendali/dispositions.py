"""Dispositions: a leader's instruction to an office, its answer, the leader's verdict. Every act leaves a step."""

import sqlite3
from collections.abc import Iterable
from datetime import date

from lumbung_plugin import clock, codes, transaction, workdays

from pusatkendali import rules
from pusatkendali.models import Act, Actor, Order, Part, Refusal, State, Told

PREFIX = "DSP"


def give(db: sqlite3.Connection, order: Order, actor: Actor) -> str | Refusal:
    """Give an office an instruction; returns the disposition's number."""
    due = workdays.add_working_days(clock.today(), order.days)
    with transaction(db):
        if not _all_known(db, {order.office_id, *order.partners}):
            return Refusal.UNKNOWN_OFFICE
        if order.alert_id and not db.execute("SELECT 1 FROM alert WHERE id = ?", (order.alert_id,)).fetchone():
            return Refusal.UNKNOWN_ALERT
        number = codes.number(db, PREFIX, clock.today().year)
        made = db.execute(
            "INSERT INTO disposition "
            "(number, title, instruction, urgent, alert_id, given_by, given_at, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                order.title,
                order.instruction,
                int(order.urgent),
                order.alert_id,
                actor.name,
                clock.now().isoformat(),
                due.isoformat(),
            ),
        )
        oblige(db, made.lastrowid or 0, order.office_id, order.partners)
        record(db, made.lastrowid or 0, Act.GIVE, actor, Told(due=due))
    return number


def oblige(db: sqlite3.Connection, disposition_id: int, lead: int, partners: Iterable[int]) -> None:
    """Write who leads and whose part it is, in the caller's transaction."""
    duties = [(disposition_id, lead, Part.LEAD)]
    duties += [(disposition_id, office, Part.PARTNER) for office in sorted(set(partners) - {lead})]
    db.executemany("INSERT INTO duty (disposition_id, office_id, part) VALUES (?, ?, ?)", duties)


def duty_of(db: sqlite3.Connection, disposition_id: int, actor: Actor) -> sqlite3.Row | None:
    """What the office of `actor` is to the disposition: a row of `part done_at`, or None."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM duty WHERE disposition_id = ? AND office_id = ?", (disposition_id, actor.office_id)
    ).fetchone()
    return row


def possible(db: sqlite3.Connection, row: sqlite3.Row, actor: Actor, state: State | None = None) -> list[Act]:
    """What `actor` may do to the disposition now (or were it in `state`)."""
    duty = duty_of(db, row["id"], actor)
    part = Part(duty["part"]) if duty else None
    return rules.possible(state or State(row["state"]), actor.leader, part, bool(duty and duty["done_at"]))


def act(db: sqlite3.Connection, number: str, what: Act, actor: Actor, told: Told) -> Refusal | None:
    """Do `what`; returns the refusal, or None when it was done. A file handed in is the caller's to discard then."""
    with transaction(db):
        row = db.execute("SELECT * FROM disposition WHERE number = ?", (number,)).fetchone()
        if row is None:
            return Refusal.UNKNOWN
        if what not in possible(db, row, actor):
            ever = any(what in possible(db, row, actor, state) for state in State)
            return Refusal.WRONG_STATE if ever else Refusal.NOT_YOURS
        state = rules.after(State(row["state"]), what)
        if isinstance(state, Refusal):
            return state
        _change(db, row["id"], what, state, told.due)
        _settle(db, row["id"], what, actor)
        record(db, row["id"], what, actor, told)
    return None


def may_see(db: sqlite3.Connection, row: sqlite3.Row, actor: Actor) -> bool:
    return actor.leader or duty_of(db, row["id"], actor) is not None


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


def _all_known(db: sqlite3.Connection, offices: set[int]) -> bool:
    marks = ", ".join("?" * len(offices))
    known = db.execute(f"SELECT count(*) FROM office WHERE active = 1 AND id IN ({marks})", tuple(offices))  # noqa: S608
    return bool(known.fetchone()[0] == len(offices))


def _settle(db: sqlite3.Connection, disposition_id: int, what: Act, actor: Actor) -> None:
    """Whose part is done: the partner's that says so, the lead's that reports, until the leader sends it back."""
    if what in (Act.PART, Act.REPORT):
        db.execute(
            "UPDATE duty SET done_at = ? WHERE disposition_id = ? AND office_id = ?",
            (clock.now().isoformat(), disposition_id, actor.office_id),
        )
    elif what is Act.RETURN:
        db.execute("UPDATE duty SET done_at = NULL WHERE disposition_id = ? AND part = 'lead'", (disposition_id,))


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
