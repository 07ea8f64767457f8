"""Which stage of the plan a milestone belongs to, and how far each stage has come."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from rencana import plan
from rencana.rules import Stage, percent, stage_of

COLUMN = """
ALTER TABLE milestone ADD COLUMN stage_id INTEGER REFERENCES stage (id);
CREATE INDEX milestone_stage ON milestone (stage_id, due);
"""


@dataclass(frozen=True)
class Part:
    """A stage with its milestones by date, and how many of them are reached."""

    row: sqlite3.Row
    milestones: list[sqlite3.Row]
    percent: int

    @property
    def done(self) -> int:
        return sum(1 for milestone in self.milestones if milestone["done_at"])


def place_all(db: sqlite3.Connection) -> None:
    """The step of 1.1.0: each milestone without a stage gets the one its date falls into."""
    known = listed(db)
    for row in db.execute("SELECT id, due FROM milestone WHERE stage_id IS NULL").fetchall():
        stage = stage_of(date.fromisoformat(row["due"]), known)
        db.execute("UPDATE milestone SET stage_id = ? WHERE id = ?", (stage, row["id"]))


def listed(db: sqlite3.Connection) -> list[Stage]:
    """The stages as the rules know them."""
    return [Stage(row["id"], row["first"], row["last"]) for row in db.execute("SELECT * FROM stage")]


def parts(db: sqlite3.Connection) -> list[Part]:
    """Every stage with its milestones, each with its `programme`, `owner` and `programme_id`."""
    rows = db.execute(
        "SELECT milestone.*, programme.name AS programme, office.name AS owner FROM milestone"
        " JOIN programme ON programme.id = programme_id JOIN office ON office.id = owner_id ORDER BY due, milestone.id"
    ).fetchall()
    return [_part(stage, [row for row in rows if row["stage_id"] == stage["id"]]) for stage in plan.stages(db)]


def _part(stage: sqlite3.Row, own: list[sqlite3.Row]) -> Part:
    return Part(stage, own, percent([plan.share_of(row) for row in own]))
