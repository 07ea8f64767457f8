"""What reviewers do: score, comment, return, and decide with four eyes to strike out, to reduce, to restore."""

import sqlite3
from collections.abc import Mapping

from lumbung_plugin import now

from anggaran import ceilings, proposals, trail
from anggaran.rules import (
    Actor,
    Kind,
    Refusal,
    Refused,
    State,
    after_decision,
    judged,
    may_confirm,
    may_review,
    score,
)
from anggaran.trail import Act

DONE = {Kind.STRIKE: Act.STRUCK, Kind.REDUCE: Act.REDUCED, Kind.RESTORE: Act.RESTORED}


def give_marks(db: sqlite3.Connection, actor: Actor, item_id: int, points: Mapping[int, int]) -> None:
    """This reviewer's points (1–5) by criterion id; earlier ones of the same reviewer are replaced."""
    item = _reviewable(db, actor, item_id)
    db.executemany(
        "INSERT INTO mark (item_id, criterion_id, reviewer, points) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET points = excluded.points",
        [(item_id, criterion, actor.id, value) for criterion, value in points.items()],
    )
    _rescore(db, item_id)
    trail.record(db, actor, Act.SCORED, item["version_id"], item_id)


def comment(db: sqlite3.Connection, actor: Actor, item_id: int, text: str) -> None:
    """Words for the office and other reviewers; citizens do not see them."""
    item = proposals.found(db, item_id)
    if not actor.reviewer and actor.office_id != item["office_id"]:
        raise Refused(Refusal.OTHER_OFFICE)
    trail.record(db, actor, Act.COMMENT, item["version_id"], item_id, text=text)


def give_back(db: sqlite3.Connection, actor: Actor, item_id: int, text: str) -> None:
    """Return a proposal to its office to be reworked, with what is missing."""
    item = _reviewable(db, actor, item_id)
    proposals.undecided(db, item)
    db.execute("UPDATE item SET state = 'draft', changed_at = ? WHERE id = ?", (now().isoformat(), item_id))
    trail.record(db, actor, Act.RETURNED, item["version_id"], item_id, item["asked"], text=text)


def propose(
    db: sqlite3.Connection,
    actor: Actor,
    item_id: int,
    kind: Kind,
    text: str,
    cause_id: int | None = None,
    wanted: int | None = None,
) -> None:
    """The first pair of eyes. Nothing changes until another reviewer confirms."""
    item = _reviewable(db, actor, item_id)
    refusal = judged(State(item["state"]), kind)
    if refusal is not None:
        raise Refused(refusal)
    if waiting(db, item_id) is not None:
        raise Refused(Refusal.WAITING, count=1)
    after = after_decision(kind, item["amount"], item["asked"], wanted)
    if isinstance(after, Refusal):
        raise Refused(after, amount=item["amount"])
    db.execute(
        "INSERT INTO decision (item_id, kind, cause_id, text, before, after, proposer, proposer_name, proposed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (item_id, kind, cause_id, text, item["amount"], after, actor.id, actor.name, now().isoformat()),
    )
    trail.record(db, actor, Act.PROPOSED, item["version_id"], item_id, item["amount"], after, text)


def confirm(db: sqlite3.Connection, actor: Actor, decision_id: int) -> None:
    """The second pair of eyes: the decision takes effect. Restoring must fit under the ceilings."""
    found, item = _to_judge(db, actor, decision_id)
    kind = Kind(found["kind"])
    if kind is Kind.RESTORE:
        ceilings.hold(db, item, found["after"])
    state = State.STRUCK if kind is Kind.STRIKE else State.SUBMITTED
    cause = None if kind is Kind.RESTORE else found["cause_id"]
    db.execute(
        "UPDATE item SET amount = ?, state = ?, cause_id = ?, changed_at = ? WHERE id = ?",
        (found["after"], state, cause, now().isoformat(), item["id"]),
    )
    _close(db, actor, decision_id, "confirmed")
    trail.record(db, actor, DONE[kind], item["version_id"], item["id"], found["before"], found["after"], found["text"])


def decline(db: sqlite3.Connection, actor: Actor, decision_id: int) -> None:
    """The second reviewer disagrees: all stays as it is."""
    _, item = _to_judge(db, actor, decision_id)
    _close(db, actor, decision_id, "refused")
    trail.record(db, actor, Act.DECLINED, item["version_id"], item["id"])


def take_back(db: sqlite3.Connection, actor: Actor, decision_id: int) -> None:
    """The first reviewer thinks otherwise before anybody has confirmed."""
    found = _waiting_one(db, decision_id)
    item = proposals.found(db, found["item_id"])
    if found["proposer"] != actor.id:
        raise Refused(Refusal.NOT_PROPOSER)
    _close(db, actor, decision_id, "withdrawn")
    trail.record(db, actor, Act.DECLINED, item["version_id"], item["id"])


def waiting(db: sqlite3.Connection, item_id: int) -> sqlite3.Row | None:
    """The decision on a sub-activity that waits for a second person."""
    row: sqlite3.Row | None = db.execute(
        "SELECT decision.*, cause.name AS cause, cause.name_en AS cause_en FROM decision"
        " LEFT JOIN cause ON cause.id = decision.cause_id WHERE item_id = ? AND decision.state = 'waiting'",
        (item_id,),
    ).fetchone()
    return row


def marks_of(db: sqlite3.Connection, item_id: int, reviewer: str) -> dict[int, int]:
    """One reviewer's own points by criterion."""
    rows = db.execute("SELECT * FROM mark WHERE item_id = ? AND reviewer = ?", (item_id, reviewer))
    return {row["criterion_id"]: row["points"] for row in rows}


def means_of(db: sqlite3.Connection, item_id: int) -> list[sqlite3.Row]:
    """Per criterion: `name`, `name_en`, `weight`, mean `points` and how many `reviewers` gave them."""
    return db.execute(
        "SELECT criterion.*, avg(mark.points) AS points, count(*) AS reviewers FROM mark"
        " JOIN criterion ON criterion.id = mark.criterion_id AND criterion.active = 1"
        " WHERE mark.item_id = ? GROUP BY criterion.id ORDER BY criterion.weight DESC, criterion.name",
        (item_id,),
    ).fetchall()


def rescore_open(db: sqlite3.Connection) -> None:
    """Every score of versions that are not frozen, anew: weights or criteria have changed."""
    rows = db.execute(
        "SELECT DISTINCT mark.item_id FROM mark JOIN item ON item.id = mark.item_id"
        " JOIN version ON version.id = item.version_id WHERE version.frozen_at IS NULL"
    ).fetchall()
    for row in rows:
        _rescore(db, row["item_id"])


def _rescore(db: sqlite3.Connection, item_id: int) -> None:
    found = score([(row["weight"], row["points"]) for row in means_of(db, item_id)])
    db.execute("UPDATE item SET score = ? WHERE id = ?", (found, item_id))


def _reviewable(db: sqlite3.Connection, actor: Actor, item_id: int) -> sqlite3.Row:
    item = proposals.found(db, item_id)
    refusal = may_review(actor, item["author"], item["office_id"])
    if refusal is None and item["state"] == State.DRAFT:
        refusal = Refusal.NOT_SUBMITTED
    if refusal is not None:
        raise Refused(refusal)
    return item


def _waiting_one(db: sqlite3.Connection, decision_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM decision WHERE id = ?", (decision_id,)).fetchone()
    if row is None or row["state"] != "waiting":
        raise Refused(Refusal.NOT_WAITING)
    return row


def _to_judge(db: sqlite3.Connection, actor: Actor, decision_id: int) -> tuple[sqlite3.Row, sqlite3.Row]:
    found = _waiting_one(db, decision_id)
    item = proposals.found(db, found["item_id"])
    refusal = may_confirm(actor, found["proposer"], item["author"], item["office_id"])
    if refusal is not None:
        raise Refused(refusal)
    return found, item


def _close(db: sqlite3.Connection, actor: Actor, decision_id: int, state: str) -> None:
    db.execute(
        "UPDATE decision SET state = ?, judge = ?, judge_name = ?, judged_at = ? WHERE id = ?",
        (state, actor.id, actor.name, now().isoformat(), decision_id),
    )
