"""What officers do with an application. Call each within `transaction()`; `actor` is the officer's name."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from lumbung_plugin import now, today

from perizinan import deadlines, filing, permits
from perizinan.events import tell
from perizinan.rules import Act, Refusal, State, may_resume, moved


def ask(
    db: sqlite3.Connection, application: sqlite3.Row, wrong: Mapping[int | None, str], actor: str
) -> Refusal | None:
    """Send it back: reasons by requirement, None for the data of the form. The clock of the promised day stands."""
    state = moved(State(application["state"]), Act.ASK)
    if isinstance(state, Refusal):
        return state
    if not wrong:
        return Refusal.NOTHING_ASKED
    moment = now().isoformat()
    db.executemany(
        "INSERT INTO correction (application_id, requirement_id, reason, asked_at) VALUES (?, ?, ?, ?)",
        [(application["id"], requirement, reason, moment) for requirement, reason in wrong.items()],
    )
    db.execute(
        "UPDATE application SET state = ?, paused_on = ? WHERE id = ?",
        (state, today().isoformat(), application["id"]),
    )
    tell(db, application["id"], Act.ASK, actor)
    return None


def resume(db: sqlite3.Connection, application: sqlite3.Row, wait_days: int, actor: str) -> Refusal | None:
    """Go on without the correction, when the applicant had `wait_days` days for it."""
    state = moved(State(application["state"]), Act.RESUME)
    if isinstance(state, Refusal):
        return state
    if not may_resume(date.fromisoformat(application["paused_on"]), today(), wait_days):
        return Refusal.TOO_EARLY
    db.execute(
        "UPDATE correction SET answered_at = ? WHERE application_id = ? AND answered_at IS NULL",
        (now().isoformat(), application["id"]),
    )
    filing.go_on(db, application, state)
    tell(db, application["id"], Act.RESUME, actor)
    return None


def pass_on(
    db: sqlite3.Connection, application: sqlite3.Row, recommended: bool, note: str, actor: str
) -> Refusal | None:
    """The verification is done; what was found goes to who decides."""
    state = moved(State(application["state"]), Act.PASS)
    if isinstance(state, Refusal):
        return state
    db.execute(
        "UPDATE application SET state = ?, checked_by = ?, checked_at = ?, checked_note = ?, recommended = ?"
        " WHERE id = ?",
        (state, actor, now().isoformat(), note, int(recommended), application["id"]),
    )
    tell(db, application["id"], Act.PASS, actor)
    return None


def approve(
    db: sqlite3.Connection, application: sqlite3.Row, terms: str, signatory: tuple[str, str], actor: str
) -> Refusal | None:
    """Decide for it: the permit is there at once, under the terms named. `signatory` is office and name."""
    refusal = _decided(db, application, Act.APPROVE, terms, actor)
    if refusal is None:
        permits.issue(db, application, terms, signatory)
    return refusal


def refuse(db: sqlite3.Connection, application: sqlite3.Row, reason: str, actor: str) -> Refusal | None:
    """Decide against it, with the reason the applicant reads."""
    return _decided(db, application, Act.REFUSE, reason, actor)


def note(db: sqlite3.Connection, application: sqlite3.Row, text: str, actor: str) -> None:
    """Something only staff read."""
    tell(db, application["id"], "note", actor, text, public=False)


def look(db: sqlite3.Connection, application: sqlite3.Row, actor: str) -> None:
    """Record that an officer has read the personal data."""
    tell(db, application["id"], "look", actor, public=False)


def _decided(db: sqlite3.Connection, application: sqlite3.Row, act: Act, text: str, actor: str) -> Refusal | None:
    state = moved(State(application["state"]), act)
    if isinstance(state, Refusal):
        return state
    day, moment = today(), now().isoformat()
    used = deadlines.between(date.fromisoformat(application["sent_on"]), day) - application["paused_days"]
    in_time = day <= date.fromisoformat(application["deadline"])
    db.execute(
        "UPDATE application SET state = ?, decided_by = ?, decided_at = ?, decided_note = ?, used_days = ?,"
        " in_time = ?, closed_at = ? WHERE id = ?",
        (state, actor, moment, text, max(used, 0), int(in_time), moment, application["id"]),
    )
    tell(db, application["id"], act, actor, text)
    return None
