"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from lumbung_plugin import city, connect, migrate, offices, settings
from lumbung_plugin.storage import Step

from rencana import demo, stages
from rencana.schema import TABLES

BUNDLE = Path(__file__).parent.parent
PLAN = Path(__file__).parent / "data" / "plan.json"


def told() -> dict[str, Any]:
    """The aims, stages and demonstration programmes this bundle brings."""
    found: dict[str, Any] = json.loads(PLAN.read_text(encoding="utf-8"))
    return found


def seed_lists(db: sqlite3.Connection) -> None:
    """What a city starts with; afterwards all of it is edited under /admin."""
    offices.seed(db, settings(BUNDLE)["opd"])
    plan = told()
    db.executemany(
        "INSERT INTO aim (position, name, name_en, text, text_en) VALUES (?, ?, ?, ?, ?)",
        [(place, *values) for place, values in enumerate(plan["aims"], 1)],
    )
    db.executemany("INSERT INTO stage (name, name_en, first, last) VALUES (?, ?, ?, ?)", plan["stages"])


FIRST: list[Step] = [offices.TABLE, TABLES, seed_lists]
"""What 1.0.0 did."""

STEPS: list[Step] = [*FIRST, stages.COLUMN, stages.place_all]


def upgrade() -> None:
    """Bring the database to this release; on a demo host fill an empty one. Safe to run again and again."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, told())
