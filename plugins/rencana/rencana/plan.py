"""Reading the plan: aims, programmes with how far they are, milestones, blockers."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rencana.rules import Direction, Health, Stage, Timeline, health, percent, share, timeline


@dataclass(frozen=True)
class Programme:
    """A programme with what is known of its milestones. `row` has its columns, `aim`, `aim_en` and `owner`."""

    row: sqlite3.Row
    milestones: list[sqlite3.Row]
    blockers: int
    percent: int
    late: int
    health: Health

    @property
    def done(self) -> int:
        return sum(1 for milestone in self.milestones if milestone["done_at"])

    @property
    def next(self) -> sqlite3.Row | None:
        """The milestone that is due next."""
        return next((milestone for milestone in self.milestones if not milestone["done_at"]), None)


@dataclass(frozen=True)
class Wanted:
    """What programmes are narrowed to; None and empty mean all. `involved` is an office as owner or partner."""

    aim: int | None = None
    owner: int | None = None
    involved: int | None = None
    quick: bool = False
    q: str = ""


_SELECT = """SELECT programme.*, aim.name AS aim, aim.name_en AS aim_en, aim.position, office.name AS owner
  FROM programme JOIN aim ON aim.id = programme.aim_id JOIN office ON office.id = programme.owner_id"""
MOST = 500


def aims(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM aim ORDER BY position, id").fetchall()


def stages(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM stage ORDER BY first, last, id").fetchall()


def programmes(db: sqlite3.Connection, wanted: Wanted, today: date) -> list[Programme]:
    """Programmes by aim and name, at most 500."""
    where, values = ["1 = 1"], list[object]()
    for clause, value in (
        ("programme.aim_id = ?", wanted.aim),
        ("programme.owner_id = ?", wanted.owner),
        ("programme.quick = ?", 1 if wanted.quick else None),
    ):
        if value is not None:
            where.append(clause)
            values.append(value)
    if wanted.involved is not None:
        partner = "SELECT programme_id FROM partner WHERE office_id = ?"
        where.append(f"(programme.owner_id = ? OR programme.id IN ({partner}))")
        values += [wanted.involved] * 2
    for word in wanted.q.split()[:6]:
        plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where.append("(programme.name LIKE ? ESCAPE '\\' OR programme.summary LIKE ? ESCAPE '\\')")
        values += [f"%{plain}%"] * 2
    query = f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY aim.position, programme.quick DESC, programme.name LIMIT ?"
    rows = db.execute(query, (*values, MOST)).fetchall()
    milestones, blocked = _milestones(db), _blocked(db)
    return [_programme(row, milestones.get(row["id"], []), blocked.get(row["id"], 0), today) for row in rows]


def programme(db: sqlite3.Connection, programme_id: int, today: date) -> Programme | None:
    row = db.execute(f"{_SELECT} WHERE programme.id = ?", (programme_id,)).fetchone()
    if row is None:
        return None
    found = db.execute("SELECT * FROM milestone WHERE programme_id = ? ORDER BY due, id", (programme_id,)).fetchall()
    return _programme(row, found, _blocked(db).get(programme_id, 0), today)


def partners(db: sqlite3.Connection, programme_id: int) -> list[sqlite3.Row]:
    """The partner offices: `id`, `name`."""
    return db.execute(
        "SELECT office.id, office.name FROM partner JOIN office ON office.id = office_id WHERE programme_id = ?"
        " ORDER BY office.name",
        (programme_id,),
    ).fetchall()


def evidence(db: sqlite3.Connection, programme_id: int) -> dict[int, list[sqlite3.Row]]:
    """What shows that milestones were reached, by milestone."""
    found: dict[int, list[sqlite3.Row]] = {}
    for row in db.execute(
        "SELECT evidence.* FROM evidence JOIN milestone ON milestone.id = milestone_id WHERE programme_id = ?"
        " ORDER BY evidence.id",
        (programme_id,),
    ):
        found.setdefault(row["milestone_id"], []).append(row)
    return found


def blockers(
    db: sqlite3.Connection, programme_id: int | None = None, office: int | None = None, also_resolved: bool = False
) -> list[sqlite3.Row]:
    """What is blocked on whom, the oldest first: with `office`, `programme`, `owner`, `milestone`."""
    where, values = ["1 = 1"] if also_resolved else ["blocker.resolved_at IS NULL"], list[object]()
    for clause, value in (("blocker.programme_id = ?", programme_id), ("blocker.office_id = ?", office)):
        if value is not None:
            where.append(clause)
            values.append(value)
    return db.execute(
        "SELECT blocker.*, office.name AS office, programme.name AS programme, programme.owner_id, own.name AS owner,"  # noqa: S608
        " milestone.title AS milestone FROM blocker JOIN office ON office.id = blocker.office_id"
        " JOIN programme ON programme.id = blocker.programme_id JOIN office own ON own.id = programme.owner_id"
        " LEFT JOIN milestone ON milestone.id = blocker.milestone_id"
        f" WHERE {' AND '.join(where)} ORDER BY blocker.resolved_at IS NOT NULL, blocker.since, blocker.id LIMIT ?",
        (*values, MOST),
    ).fetchall()


def upcoming(db: sqlite3.Connection, until: date, involved: int | None = None) -> list[sqlite3.Row]:
    """Milestones that are not done and due until that day, the late ones first: with `programme` and `owner`."""
    narrowed = ""
    values: list[object] = [until.isoformat()]
    if involved is not None:
        narrowed = "AND (owner_id = ? OR programme_id IN (SELECT programme_id FROM partner WHERE office_id = ?))"
        values += [involved] * 2
    return db.execute(
        "SELECT milestone.*, programme.name AS programme, office.name AS owner FROM milestone"  # noqa: S608
        " JOIN programme ON programme.id = programme_id JOIN office ON office.id = owner_id"
        f" WHERE done_at IS NULL AND due <= ? {narrowed} ORDER BY due, milestone.id LIMIT 100",
        values,
    ).fetchall()


def drawn(found: Sequence[Programme], rows: Sequence[sqlite3.Row], today: date) -> Timeline:
    """The timeline of programmes over the stages."""
    bars = [
        (date.fromisoformat(one.row["begins"]), date.fromisoformat(one.row["ends"]),
         [(date.fromisoformat(mark["due"]), bool(mark["done_at"])) for mark in one.milestones])
        for one in found
    ]  # fmt: skip
    return timeline(bars, [Stage(row["id"], row["first"], row["last"]) for row in rows], today)


def whole(found: Sequence[Programme]) -> int:
    """The progress of several programmes together, by their milestones."""
    return percent([share_of(milestone) for one in found for milestone in one.milestones])


def _programme(row: sqlite3.Row, milestones: list[sqlite3.Row], blocked: int, today: date) -> Programme:
    done = sum(1 for milestone in milestones if milestone["done_at"])
    late = sum(1 for milestone in milestones if not milestone["done_at"] and milestone["due"] < today.isoformat())
    how = health(len(milestones), done, late, blocked)
    return Programme(row, milestones, blocked, percent([share_of(one) for one in milestones]), late, how)


def share_of(milestone: sqlite3.Row) -> float:
    """How far one milestone has come, 0 to 1."""
    return share(bool(milestone["done_at"]), milestone["value"], milestone["target"], Direction(milestone["direction"]))


def _milestones(db: sqlite3.Connection) -> dict[int, list[sqlite3.Row]]:
    found: dict[int, list[sqlite3.Row]] = {}
    for row in db.execute("SELECT * FROM milestone ORDER BY due, id"):
        found.setdefault(row["programme_id"], []).append(row)
    return found


def _blocked(db: sqlite3.Connection) -> dict[int, int]:
    rows = db.execute("SELECT programme_id, count(*) AS n FROM blocker WHERE resolved_at IS NULL GROUP BY programme_id")
    return {row["programme_id"]: row["n"] for row in rows}
