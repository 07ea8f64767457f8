"""What an office does with its proposals: write, change, submit, take back, delete."""

import sqlite3
from dataclasses import dataclass

from lumbung_plugin import now

from anggaran import ceilings, items, places, trail, years
from anggaran.rules import Actor, Refusal, Refused, State, may_propose
from anggaran.trail import Act


@dataclass(frozen=True)
class Proposal:
    """A checked sub-activity; `amount` in rupiah, `code` complete."""

    office_id: int
    activity_id: int
    code: str
    name: str
    amount: int
    indicator: str = ""
    target: str = ""
    location: str = ""
    reason: str = ""
    places: tuple[int, ...] = ()


def create(db: sqlite3.Connection, actor: Actor, version_id: int, proposal: Proposal) -> int:
    """A new draft. Returns its id."""
    _allowed(actor, proposal.office_id)
    years.checked_open(db, version_id)
    _free(db, version_id, proposal)
    made = db.execute(
        "INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, indicator,"
        " target, location, reason, author, changed_at) VALUES"
        " (?, ?, (SELECT programme_id FROM activity WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (version_id, proposal.office_id, proposal.activity_id, proposal.activity_id, proposal.code, proposal.name,
         proposal.amount, proposal.amount, proposal.indicator, proposal.target, proposal.location, proposal.reason,
         actor.id, now().isoformat()),
    )  # fmt: skip
    item_id = made.lastrowid or 0
    places.enter(db, item_id, proposal.places)
    trail.record(db, actor, Act.CREATED, version_id, item_id, after=proposal.amount)
    return item_id


def change(db: sqlite3.Connection, actor: Actor, item_id: int, proposal: Proposal) -> None:
    """Rewrite a draft. It stays with its office."""
    item = _draft(db, actor, item_id)
    _free(db, item["version_id"], proposal, item_id)
    db.execute(
        "UPDATE item SET activity_id = ?, programme_id = (SELECT programme_id FROM activity WHERE id = ?), code = ?,"
        " name = ?, asked = ?, amount = ?, indicator = ?, target = ?, location = ?, reason = ?, author = ?,"
        " changed_at = ? WHERE id = ?",
        (proposal.activity_id, proposal.activity_id, proposal.code, proposal.name, proposal.amount, proposal.amount,
         proposal.indicator, proposal.target, proposal.location, proposal.reason, actor.id, now().isoformat(), item_id),
    )  # fmt: skip
    changed = [key for key in ("code", "name", "indicator", "target", "location", "reason")
               if item[key] != getattr(proposal, key)]  # fmt: skip
    if places.of_item(db, item_id) != sorted(proposal.places):
        changed.append("places")
        places.enter(db, item_id, proposal.places)
    trail.record(db, actor, Act.CHANGED, item["version_id"], item_id, item["asked"], proposal.amount,
                 ", ".join(changed))  # fmt: skip


def submit(db: sqlite3.Connection, actor: Actor, item_id: int) -> None:
    """Hand a draft to the reviewers. Raises Refused when it breaks a ceiling."""
    item = _draft(db, actor, item_id)
    ceilings.hold(db, item, item["asked"])
    _turn(db, item_id, State.SUBMITTED)
    trail.record(db, actor, Act.SUBMITTED, item["version_id"], item_id, after=item["asked"])


def withdraw(db: sqlite3.Connection, actor: Actor, item_id: int) -> None:
    """Take a proposal back to work on it, as long as nothing has been decided on it."""
    item = found(db, item_id)
    _allowed(actor, item["office_id"])
    undecided(db, item)
    _turn(db, item_id, State.DRAFT)
    trail.record(db, actor, Act.WITHDRAWN, item["version_id"], item_id, item["asked"])


def delete(db: sqlite3.Connection, actor: Actor, item_id: int) -> None:
    """Remove a draft; the trail keeps that it was there."""
    item = _draft(db, actor, item_id)
    db.execute("DELETE FROM item WHERE id = ?", (item_id,))
    trail.record(
        db, actor, Act.DELETED, item["version_id"], item_id, item["asked"], text=f"{item['code']} {item['name']}"
    )


def found(db: sqlite3.Connection, item_id: int) -> sqlite3.Row:
    """A sub-activity of a version that is not frozen; else raises Refused."""
    item = items.one(db, item_id)
    if item is None:
        raise Refused(Refusal.NOT_SUBMITTED)
    years.checked_open(db, item["version_id"])
    return item


def undecided(db: sqlite3.Connection, item: sqlite3.Row) -> None:
    """Raises Refused unless it is submitted, uncut, and nobody is deciding on it."""
    if item["state"] != State.SUBMITTED:
        raise Refused(Refusal.NOT_SUBMITTED)
    if item["amount"] < item["asked"]:
        raise Refused(Refusal.ALREADY_CUT)
    if db.execute("SELECT 1 FROM decision WHERE item_id = ? AND state = 'waiting'", (item["id"],)).fetchone():
        raise Refused(Refusal.WAITING, count=1)


def _draft(db: sqlite3.Connection, actor: Actor, item_id: int) -> sqlite3.Row:
    item = found(db, item_id)
    _allowed(actor, item["office_id"])
    if item["state"] != State.DRAFT:
        raise Refused(Refusal.NOT_DRAFT)
    return item


def _allowed(actor: Actor, office_id: int) -> None:
    refusal = may_propose(actor, office_id)
    if refusal is not None:
        raise Refused(refusal)


def _free(db: sqlite3.Connection, version_id: int, proposal: Proposal, own: int | None = None) -> None:
    """An office asks once for each code in a version."""
    row = db.execute(
        "SELECT id, name FROM item WHERE version_id = ? AND office_id = ? AND code = ?",
        (version_id, proposal.office_id, proposal.code),
    ).fetchone()
    if row is not None and row["id"] != own:
        raise Refused(Refusal.CODE_TAKEN, code=proposal.code, name=row["name"])


def _turn(db: sqlite3.Connection, item_id: int, state: State) -> None:
    db.execute("UPDATE item SET state = ?, changed_at = ? WHERE id = ?", (state, now().isoformat(), item_id))
