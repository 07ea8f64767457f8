"""What applicants do: begin, fill in, send, correct, withdraw, erase. Call each within `transaction()`."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from lumbung_plugin import attachments, codes, now, photos, today
from lumbung_plugin.attachments import Attachment

from perizinan import deadlines, store, zoning
from perizinan.events import tell
from perizinan.rules import Act, Refusal, Sending, State, moved, sendable

PREFIX = "PRZ"
PERSONAL = ("name", "nik", "phone", "address")
DATA = (*PERSONAL, "purpose")


def begin(db: sqlite3.Connection, type_id: int, data: Mapping[str, str]) -> tuple[str, str]:
    """A draft; returns its number and its secret code, which is kept nowhere."""
    number, code = codes.number(db, PREFIX, today().year), codes.secret_code()
    moment = now().isoformat()
    values = (number, codes.hashed(code), type_id, *(data[key] for key in DATA), moment, moment)
    db.execute(
        "INSERT INTO application (number, code_hash, type_id, name, nik, phone, address, purpose, created_at,"
        " touched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return number, code


def save_data(db: sqlite3.Connection, application: sqlite3.Row, data: Mapping[str, str]) -> None:
    """Who applies and for what; answers the correction of these data, if one was asked."""
    changes = ", ".join(f"{key} = ?" for key in DATA)
    values = [data[key] for key in DATA]
    db.execute(f"UPDATE application SET {changes} WHERE id = ?", (*values, application["id"]))  # noqa: S608 names are ours
    _touch(db, application)
    _answered(db, application, None)


def save_place(
    db: sqlite3.Connection, application: sqlite3.Row, place: tuple[float, float, str], found: zoning.Zoning | None
) -> None:
    """Where it is to be (latitude, longitude, address), and what the spatial plan says of it."""
    db.execute(
        "UPDATE application SET latitude = ?, longitude = ?, place_address = ?, zoning = ? WHERE id = ?",
        (*place, found.kept() if found else None, application["id"]),
    )
    _touch(db, application)
    _answered(db, application, None)


def add_file(db: sqlite3.Connection, application: sqlite3.Row, requirement_id: int, kept: Attachment) -> list[str]:
    """Put a file to a requirement; returns the names of files to discard after the commit.

    In a draft the one before is gone; once sent it stays, marked as replaced, so that the office sees what changed.
    """
    where = (application["id"], requirement_id)
    gone: list[str] = []
    if application["state"] == State.DRAFT:
        old = db.execute("SELECT name FROM file WHERE application_id = ? AND requirement_id = ?", where).fetchall()
        gone = [row["name"] for row in old]
        db.execute("DELETE FROM file WHERE application_id = ? AND requirement_id = ?", where)
    db.execute("UPDATE file SET replaced = 1 WHERE application_id = ? AND requirement_id = ?", where)
    db.execute(
        "INSERT INTO file (application_id, requirement_id, name, title, kind, size, added_at) VALUES (?,?,?,?,?,?,?)",
        (*where, kept.name, kept.title, kept.kind, kept.size, now().isoformat()),
    )
    _touch(db, application)
    _answered(db, application, requirement_id)
    return gone


def editable(db: sqlite3.Connection, application: sqlite3.Row, requirement_id: int | None) -> bool:
    """Whether the applicant may change it now: everything in a draft, only what was found wrong in a correction."""
    if application["state"] == State.DRAFT:
        return True
    if application["state"] != State.CORRECTION:
        return False
    asked = {row["requirement_id"] for row in store.corrections(db, application["id"])}
    open_ones = {row["requirement_id"] for row in store.corrections(db, application["id"], open_only=True)}
    # What was corrected already in this round may be changed once more before it is sent.
    return requirement_id in open_ones | (asked & _this_round(db, application))


def send(db: sqlite3.Connection, application: sqlite3.Row) -> Refusal | None:
    """Send a complete draft: the promised days begin to count tomorrow."""
    state = moved(State(application["state"]), Act.SEND)
    if isinstance(state, Refusal):
        return state
    refusal = sendable(sending(db, application))
    if refusal:
        return refusal
    day = today()
    standard = db.execute("SELECT days FROM permit_type WHERE id = ?", (application["type_id"],)).fetchone()["days"]
    db.execute(
        "UPDATE application SET state = ?, sent_on = ?, standard_days = ?, deadline = ? WHERE id = ?",
        (state, day.isoformat(), standard, deadlines.due(day, standard, 0).isoformat(), application["id"]),
    )
    tell(db, application["id"], Act.SEND)
    return None


def sending(db: sqlite3.Connection, application: sqlite3.Row) -> Sending:
    """What counts for sending, of a row of `store`."""
    found = zoning.kept(application["zoning"])
    return Sending(
        open_type=bool(application["type_active"]),
        missing=len(store.missing(db, application)),
        place=application["latitude"] is not None if application["wants_place"] else None,
        verdict=found.verdict if found else None,
        blocks=bool(application["zoning_blocks"]),
    )


def answer(db: sqlite3.Connection, application: sqlite3.Row) -> Refusal | None:
    """Send the corrections: the clock goes on."""
    state = moved(State(application["state"]), Act.ANSWER)
    if isinstance(state, Refusal):
        return state
    if store.corrections(db, application["id"], open_only=True):
        return Refusal.NOT_CORRECTED
    go_on(db, application, state)
    tell(db, application["id"], Act.ANSWER)
    return None


def go_on(db: sqlite3.Connection, application: sqlite3.Row, state: State) -> None:
    """Start the clock again: the promised day moves by the working days it stood."""
    paused = application["paused_days"] + deadlines.between(date.fromisoformat(application["paused_on"]), today())
    sent = date.fromisoformat(application["sent_on"])
    deadline = deadlines.due(sent, application["standard_days"], paused)
    db.execute(
        "UPDATE application SET state = ?, paused_on = NULL, paused_days = ?, deadline = ? WHERE id = ?",
        (state, paused, deadline.isoformat(), application["id"]),
    )


def withdraw(db: sqlite3.Connection, application: sqlite3.Row) -> Refusal | None:
    """The applicant no longer wants it."""
    state = moved(State(application["state"]), Act.WITHDRAW)
    if isinstance(state, Refusal):
        return state
    db.execute(
        "UPDATE application SET state = ?, paused_on = NULL, closed_at = ? WHERE id = ?",
        (state, now().isoformat(), application["id"]),
    )
    tell(db, application["id"], Act.WITHDRAW)
    return None


def erase(db: sqlite3.Connection, application: sqlite3.Row, actor: str = "") -> list[str] | Refusal:
    """Forget the person: a draft is deleted, a closed application is emptied; returns files to discard afterwards.

    A running one is withdrawn first; that of a permit stays while the permit does.
    """
    state = State(application["state"])
    if state not in (State.DRAFT, State.REFUSED, State.WITHDRAWN):
        return Refusal.STILL_NEEDED
    id = application["id"]
    names = held(db, id)
    if state is State.DRAFT:
        db.execute("DELETE FROM application WHERE id = ?", (id,))
        return names
    empty(db, id)
    tell(db, id, "erase", actor)
    return names


def held(db: sqlite3.Connection, application_id: int) -> list[str]:
    """The names of all files of an application: the applicant's and the survey's photos."""
    rows = db.execute("SELECT name FROM file WHERE application_id = ?", (application_id,))
    return [*(row["name"] for row in rows), *store.photos(db, application_id)]


def discard(names: Iterable[str]) -> None:
    """Remove such files, after the commit."""
    listed = list(names)
    attachments.discard(listed)
    photos.discard(listed)


def empty(db: sqlite3.Connection, application_id: int) -> None:
    """Take out all that tells of a person: data, files' rows, free texts. Figures stay."""
    nothing = ", ".join(f"{key} = NULL" for key in PERSONAL)
    db.execute(
        f"UPDATE application SET {nothing}, purpose = '', place_address = '', latitude = NULL, longitude = NULL,"  # noqa: S608
        " erased = 1 WHERE id = ?",
        (application_id,),
    )
    db.execute("DELETE FROM file WHERE application_id = ?", (application_id,))
    db.execute("DELETE FROM survey_photo WHERE application_id = ?", (application_id,))
    db.execute("UPDATE step SET note = '' WHERE application_id = ?", (application_id,))
    db.execute("UPDATE correction SET reason = '' WHERE application_id = ?", (application_id,))
    db.execute("UPDATE event SET text = '' WHERE application_id = ?", (application_id,))


def _touch(db: sqlite3.Connection, application: sqlite3.Row) -> None:
    db.execute("UPDATE application SET touched_at = ? WHERE id = ?", (now().isoformat(), application["id"]))


def _answered(db: sqlite3.Connection, application: sqlite3.Row, requirement_id: int | None) -> None:
    db.execute(
        "UPDATE correction SET answered_at = ?"
        " WHERE application_id = ? AND requirement_id IS ? AND answered_at IS NULL",
        (now().isoformat(), application["id"], requirement_id),
    )


def _this_round(db: sqlite3.Connection, application: sqlite3.Row) -> set[int | None]:
    """What was asked for the last time the office sent the application back."""
    rows = store.corrections(db, application["id"])
    return {row["requirement_id"] for row in rows if row["asked_at"] == rows[-1]["asked_at"]}
