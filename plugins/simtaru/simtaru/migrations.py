"""The tables, step by step. `upgrade` runs after the snapshot and before a new revision serves."""

import sqlite3
from contextlib import closing

from lumbung_plugin import city, codes, connect, migrate, now

from simtaru import demo, uses_file

FIRST = """
CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_force', 'superseded')),
    regulation TEXT NOT NULL DEFAULT '',
    decided_on TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    uploaded_at TEXT NOT NULL,
    uploaded_by TEXT NOT NULL DEFAULT '',
    published_at TEXT NOT NULL DEFAULT '',
    superseded_at TEXT NOT NULL DEFAULT '',
    warnings TEXT NOT NULL DEFAULT '[]',
    step REAL NOT NULL DEFAULT 0,
    invented INTEGER NOT NULL DEFAULT 0 CHECK (invented IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX plan_in_force ON plan (state) WHERE state = 'in_force';

CREATE TABLE zone (
    id INTEGER PRIMARY KEY,
    plan_id INTEGER NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    block TEXT NOT NULL DEFAULT '',
    kelurahan TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    area REAL NOT NULL,
    west REAL NOT NULL,
    south REAL NOT NULL,
    east REAL NOT NULL,
    north REAL NOT NULL,
    shape TEXT NOT NULL,
    sketch TEXT NOT NULL
) STRICT;
CREATE INDEX zone_box ON zone (plan_id, west, east, south, north);
CREATE INDEX zone_code ON zone (plan_id, code);

CREATE TABLE land_use (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    family TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE rule (
    class TEXT NOT NULL,
    use_id INTEGER NOT NULL REFERENCES land_use (id),
    letter TEXT NOT NULL CHECK (letter IN ('I', 'T', 'B', 'X')),
    conditions TEXT NOT NULL DEFAULT '',
    conditions_en TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (class, use_id)
) STRICT;

CREATE TABLE landmark (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    kelurahan TEXT NOT NULL DEFAULT '',
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    code_hash TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('new', 'issued', 'refused', 'withdrawn')),
    name TEXT,
    phone TEXT,
    address TEXT,
    purpose TEXT NOT NULL DEFAULT '',
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    use_id INTEGER REFERENCES land_use (id),
    created_at TEXT NOT NULL,
    due_on TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    statement TEXT UNIQUE,
    check_code TEXT UNIQUE,
    plan_id INTEGER REFERENCES plan (id),
    said TEXT NOT NULL DEFAULT '',
    demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
) STRICT;
CREATE INDEX request_stage ON request (stage, due_on);
CREATE INDEX request_created ON request (created_at);
CREATE INDEX request_personal ON request (closed_at) WHERE name IS NOT NULL OR phone IS NOT NULL OR address IS NOT NULL;

CREATE TABLE lookup (
    day TEXT NOT NULL,
    code TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (day, code)
) WITHOUT ROWID, STRICT;
"""


def _uses(db: sqlite3.Connection) -> None:
    """The list of uses to start with; their rules are the city's own to lay down."""
    for use in uses_file.uses():
        db.execute(
            "INSERT INTO land_use (code, name, name_en, family) VALUES (?, ?, ?, ?)",
            (use.code, use.name, use.name_en, use.family),
        )


# 1.1.0: the matrix belongs to a version of the plan, as it does in the regulation. Every version gets the rules that
# held for all of them so far; rules laid down before the first plan wait for it without a plan.
RULES_BY_PLAN = """
ALTER TABLE rule RENAME TO rule_of_all;

CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    plan_id INTEGER REFERENCES plan (id) ON DELETE CASCADE,
    class TEXT NOT NULL,
    use_id INTEGER NOT NULL REFERENCES land_use (id),
    letter TEXT NOT NULL CHECK (letter IN ('I', 'T', 'B', 'X')),
    conditions TEXT NOT NULL DEFAULT '',
    conditions_en TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX rule_one ON rule (coalesce(plan_id, 0), class, use_id);
CREATE INDEX rule_plan ON rule (plan_id, class);
CREATE INDEX rule_use ON rule (use_id);

INSERT INTO rule (plan_id, class, use_id, letter, conditions, conditions_en)
    SELECT plan.id, class, use_id, letter, conditions, conditions_en FROM rule_of_all CROSS JOIN plan;
INSERT INTO rule (plan_id, class, use_id, letter, conditions, conditions_en)
    SELECT NULL, class, use_id, letter, conditions, conditions_en FROM rule_of_all
    WHERE NOT EXISTS (SELECT 1 FROM plan);
DROP TABLE rule_of_all;
"""

STEPS = [FIRST, codes.TABLE, _uses, RULES_BY_PLAN]


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, city().code, now())
