"""Changing the plan: programmes, milestones and what shows they are reached, blockers."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lumbung_plugin import now
from lumbung_plugin.attachments import Attachment

from rencana import history, stages
from rencana.history import Act
from rencana.rules import Actor, Direction, Refusal, Refused, may_change, may_resolve, stage_of


@dataclass(frozen=True)
class NewProgramme:
    """A checked programme; `begins` is not after `ends`."""

    aim_id: int
    name: str
    summary: str
    quick: bool
    owner_id: int
    begins: date
    ends: date
    partners: tuple[int, ...] = ()


@dataclass(frozen=True)
class NewMilestone:
    """A checked milestone; with `app`, `figure` and `target` it follows a figure of a sibling app.

    Without `stage_id` its date decides.
    """

    title: str
    due: date
    app: str = ""
    figure: str = ""
    target: float | None = None
    direction: Direction = Direction.UP
    stage_id: int | None = None


def save_programme(db: sqlite3.Connection, actor: Actor, programme_id: int | None, new: NewProgramme) -> int:
    """Add or change a programme; returns its id."""
    values = (new.aim_id, new.name, new.summary, int(new.quick), new.owner_id, new.begins.isoformat(),
              new.ends.isoformat())  # fmt: skip
    if programme_id is None:
        made = db.execute(
            "INSERT INTO programme (aim_id, name, summary, quick, owner_id, begins, ends) VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        programme_id = made.lastrowid or 0
        history.record(db, programme_id, Act.CREATED, actor.name)
    else:
        db.execute(
            "UPDATE programme SET aim_id = ?, name = ?, summary = ?, quick = ?, owner_id = ?, begins = ?, ends = ?"
            " WHERE id = ?",
            (*values, programme_id),
        )
        history.record(db, programme_id, Act.CHANGED, actor.name)
    db.execute("DELETE FROM partner WHERE programme_id = ?", (programme_id,))
    chosen = set(new.partners) - {new.owner_id}
    db.executemany("INSERT INTO partner VALUES (?, ?)", [(programme_id, office) for office in chosen])
    return programme_id


def delete_programme(db: sqlite3.Connection, programme_id: int) -> list[str]:
    """Remove a programme with all that belongs to it; returns the names of files to be removed after the commit."""
    files = _files(db, "programme_id = ?", programme_id)
    db.execute("DELETE FROM programme WHERE id = ?", (programme_id,))
    return files


def save_milestone(
    db: sqlite3.Connection, actor: Actor, programme_id: int, milestone_id: int | None, new: NewMilestone
) -> None:
    """Add or change a milestone. One that follows another figure than before forgets the old value."""
    _allowed(db, actor, programme_id)
    stage = new.stage_id or stage_of(new.due, stages.listed(db))
    follow = (new.app, new.figure, new.target, new.direction, stage)
    if milestone_id is None:
        db.execute(
            "INSERT INTO milestone (title, due, follow_app, follow_name, target, direction, stage_id,"
            " programme_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (new.title, new.due.isoformat(), *follow, programme_id),
        )
    else:
        old = _milestone(db, milestone_id)
        db.execute(
            "UPDATE milestone SET title = ?, due = ?, follow_app = ?, follow_name = ?, target = ?, direction = ?,"
            " stage_id = ? WHERE id = ?",
            (new.title, new.due.isoformat(), *follow, milestone_id),
        )
        if (old["follow_app"], old["follow_name"]) != (new.app, new.figure):
            db.execute("UPDATE milestone SET value = NULL, value_at = NULL, problem = '' WHERE id = ?", (milestone_id,))
    history.record(db, programme_id, Act.EDITED if milestone_id else Act.ADDED, actor.name, new.title)


def remove_milestone(db: sqlite3.Connection, actor: Actor, milestone_id: int) -> list[str]:
    """Take a milestone away; returns the names of files to be removed after the commit."""
    row = _milestone(db, milestone_id)
    _allowed(db, actor, row["programme_id"])
    files = _files(db, "milestone.id = ?", milestone_id)
    db.execute("DELETE FROM milestone WHERE id = ?", (milestone_id,))
    history.record(db, row["programme_id"], Act.REMOVED, actor.name, row["title"])
    return files


def show(
    db: sqlite3.Connection, actor: Actor, milestone_id: int, text: str, url: str, file: Attachment | None, done: bool
) -> None:
    """Evidence for a milestone; with `done` it is reached from now on."""
    row = _milestone(db, milestone_id)
    _allowed(db, actor, row["programme_id"])
    db.execute(
        "INSERT INTO evidence (milestone_id, at, text, url, file, file_title) VALUES (?, ?, ?, ?, ?, ?)",
        (milestone_id, now().isoformat(), text, url, file.name if file else None, file.title if file else ""),
    )
    history.record(db, row["programme_id"], Act.EVIDENCE, actor.name, f"{row['title']}: {text}")
    if done and not row["done_at"]:
        db.execute("UPDATE milestone SET done_at = ? WHERE id = ?", (now().isoformat(), milestone_id))
        history.record(db, row["programme_id"], Act.DONE, actor.name, row["title"])


def reopen(db: sqlite3.Connection, actor: Actor, milestone_id: int) -> None:
    """A milestone that was not reached after all; its evidence stays."""
    row = _milestone(db, milestone_id)
    _allowed(db, actor, row["programme_id"])
    if not row["done_at"]:
        raise Refused(Refusal.NOT_OPEN)
    db.execute("UPDATE milestone SET done_at = NULL WHERE id = ?", (milestone_id,))
    history.record(db, row["programme_id"], Act.REOPENED, actor.name, row["title"])


def block(
    db: sqlite3.Connection,
    actor: Actor,
    programme_id: int,
    office_id: int,
    since: date,
    need: str,
    milestone_id: int | None = None,
) -> None:
    """Say that a programme waits for an office, since when and for what."""
    _allowed(db, actor, programme_id)
    db.execute(
        "INSERT INTO blocker (programme_id, milestone_id, office_id, since, need) VALUES (?, ?, ?, ?, ?)",
        (programme_id, milestone_id, office_id, since.isoformat(), need),
    )
    history.record(db, programme_id, Act.BLOCKED, actor.name, need)


def resolve(db: sqlite3.Connection, actor: Actor, blocker_id: int, answer: str) -> None:
    """Settle a blocker: by the office that was waited for, or by those it held up."""
    row = db.execute(
        "SELECT blocker.*, programme.owner_id FROM blocker JOIN programme ON programme.id = programme_id"
        " WHERE blocker.id = ?",
        (blocker_id,),
    ).fetchone()
    if row is None or row["resolved_at"]:
        raise Refused(Refusal.NOT_OPEN)
    if not may_resolve(actor, row["office_id"], row["owner_id"], _partners(db, row["programme_id"])):
        raise Refused(Refusal.NOT_WAITED_FOR)
    db.execute("UPDATE blocker SET resolved_at = ?, answer = ? WHERE id = ?", (now().isoformat(), answer, blocker_id))
    history.record(db, row["programme_id"], Act.RESOLVED, actor.name, answer)


def _allowed(db: sqlite3.Connection, actor: Actor, programme_id: int) -> None:
    row = db.execute("SELECT owner_id FROM programme WHERE id = ?", (programme_id,)).fetchone()
    if row is None or not may_change(actor, row["owner_id"], _partners(db, programme_id)):
        raise Refused(Refusal.OTHER_OFFICE)


def _partners(db: sqlite3.Connection, programme_id: int) -> Sequence[int]:
    return [row[0] for row in db.execute("SELECT office_id FROM partner WHERE programme_id = ?", (programme_id,))]


def _milestone(db: sqlite3.Connection, milestone_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM milestone WHERE id = ?", (milestone_id,)).fetchone()
    if row is None:
        raise Refused(Refusal.NOT_OPEN)
    return row


def _files(db: sqlite3.Connection, which: str, key: int) -> list[str]:
    query = f"SELECT file FROM evidence JOIN milestone ON milestone.id = milestone_id WHERE {which}"  # noqa: S608
    return [row["file"] for row in db.execute(query, (key,)) if row["file"]]
