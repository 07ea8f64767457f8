"""What officers do with an application. Call each within `transaction()`."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from lumbung_plugin import now, today

from perizinan import deadlines, filing, permits, store
from perizinan.events import tell
from perizinan.rules import Act, Kind, Officer, Refusal, State, after_verification, may_decide, may_resume, moved


def ask(
    db: sqlite3.Connection, application: sqlite3.Row, wrong: Mapping[int | None, str], officer: Officer
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
        "UPDATE application SET state = ?, paused_on = ?, survey_on = NULL WHERE id = ?",
        (state, today().isoformat(), application["id"]),
    )
    tell(db, application["id"], Act.ASK, officer.name)
    return None


def resume(db: sqlite3.Connection, application: sqlite3.Row, wait_days: int, officer: Officer) -> Refusal | None:
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
    tell(db, application["id"], Act.RESUME, officer.name)
    return None


def pass_on(
    db: sqlite3.Connection, application: sqlite3.Row, good: bool, note: str, officer: Officer
) -> Refusal | None:
    """The verification is done; what was found goes to the survey, or to who decides."""
    state = moved(State(application["state"]), Act.PASS)
    if isinstance(state, Refusal):
        return state
    _move(db, application, after_verification(bool(application["wants_survey"])))
    _step(db, application, Kind.VERIFICATION, officer, good, note)
    tell(db, application["id"], Act.PASS, officer.name)
    return None


def plan_survey(db: sqlite3.Connection, application: sqlite3.Row, day: date, officer: Officer) -> Refusal | None:
    """Say when somebody comes to look; the applicant reads the day."""
    if application["state"] != State.SURVEYING:
        return Refusal.NOT_NOW
    db.execute("UPDATE application SET survey_on = ? WHERE id = ?", (day.isoformat(), application["id"]))
    tell(db, application["id"], "plan", officer.name, day.isoformat())
    return None


def survey(
    db: sqlite3.Connection,
    application: sqlite3.Row,
    found: tuple[bool, date, str],
    photos: Sequence[str],
    officer: Officer,
) -> Refusal | None:
    """The survey is done: whether it fits, the day, what was found, and the names of its photos."""
    state = moved(State(application["state"]), Act.SURVEY)
    if isinstance(state, Refusal):
        return state
    good, day, note = found
    if day > today():
        return Refusal.IN_THE_FUTURE
    db.execute("UPDATE application SET survey_on = ? WHERE id = ?", (day.isoformat(), application["id"]))
    _move(db, application, state)
    _step(db, application, Kind.SURVEY, officer, good, note)
    db.executemany(
        "INSERT INTO survey_photo (application_id, name) VALUES (?, ?)", [(application["id"], name) for name in photos]
    )
    tell(db, application["id"], Act.SURVEY, officer.name)
    return None


def approve(
    db: sqlite3.Connection,
    application: sqlite3.Row,
    terms: str,
    signatory: tuple[str, str],
    officer: Officer,
    four_eyes: bool,
) -> Refusal | None:
    """Decide for it: the permit is there at once, under the terms named. `signatory` is office and name."""
    refusal = _decide(db, application, Act.APPROVE, terms, officer, four_eyes)
    if refusal is None:
        permits.issue(db, application, terms, signatory)
    return refusal


def refuse(
    db: sqlite3.Connection, application: sqlite3.Row, reason: str, officer: Officer, four_eyes: bool
) -> Refusal | None:
    """Decide against it, with the reason the applicant reads."""
    return _decide(db, application, Act.REFUSE, reason, officer, four_eyes)


def verifiers(db: sqlite3.Connection, application_id: int) -> list[Officer]:
    """Who verified an application."""
    rows = store.steps(db, application_id)
    return [Officer(row["by_id"], row["by_name"]) for row in rows if row["kind"] == Kind.VERIFICATION]


def note(db: sqlite3.Connection, application: sqlite3.Row, text: str, officer: Officer) -> None:
    """Something only staff read."""
    tell(db, application["id"], "note", officer.name, text, public=False)


def look(db: sqlite3.Connection, application: sqlite3.Row, officer: Officer) -> None:
    """Record that an officer has read the personal data."""
    tell(db, application["id"], "look", officer.name, public=False)


def _decide(
    db: sqlite3.Connection, application: sqlite3.Row, act: Act, text: str, officer: Officer, four_eyes: bool
) -> Refusal | None:
    state = moved(State(application["state"]), act)
    if isinstance(state, Refusal):
        return state
    if not may_decide(officer, verifiers(db, application["id"]), four_eyes):
        return Refusal.SAME_PERSON
    day = today()
    used = deadlines.between(date.fromisoformat(application["sent_on"]), day) - application["paused_days"]
    in_time = day <= date.fromisoformat(application["deadline"])
    db.execute(
        "UPDATE application SET used_days = ?, in_time = ?, closed_at = ? WHERE id = ?",
        (max(used, 0), int(in_time), now().isoformat(), application["id"]),
    )
    _move(db, application, state)
    _step(db, application, Kind.DECISION, officer, act is Act.APPROVE, text)
    tell(db, application["id"], act, officer.name, text)
    return None


def _move(db: sqlite3.Connection, application: sqlite3.Row, state: State) -> None:
    db.execute("UPDATE application SET state = ? WHERE id = ?", (state, application["id"]))


def _step(
    db: sqlite3.Connection, application: sqlite3.Row, kind: Kind, officer: Officer, good: bool, note: str
) -> None:
    db.execute(
        "INSERT INTO step (application_id, kind, by_id, by_name, at, good, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (application["id"], kind, officer.id, officer.name, now().isoformat(), int(good), note),
    )
