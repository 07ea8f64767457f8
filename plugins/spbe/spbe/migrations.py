"""The tables, step by step. `upgrade` runs after the snapshot and before a new revision serves."""

from contextlib import closing

from lumbung_plugin import city, connect, migrate, now, offices

from spbe import demo

FIRST = """
CREATE TABLE year (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 2018 AND 2100),
    instrument TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'final')),
    official TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    opened_at TEXT NOT NULL,
    closed_at TEXT NOT NULL DEFAULT '',
    demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
) STRICT;

CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    year_id INTEGER NOT NULL REFERENCES year (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    office_id INTEGER REFERENCES office (id),
    level INTEGER CHECK (level BETWEEN 0 AND 5),
    note TEXT NOT NULL DEFAULT '',
    filled_by TEXT NOT NULL DEFAULT '',
    filled_name TEXT NOT NULL DEFAULT '',
    filled_at TEXT NOT NULL DEFAULT '',
    reviewed INTEGER CHECK (reviewed BETWEEN 0 AND 5),
    returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1)),
    review_note TEXT NOT NULL DEFAULT '',
    reviewed_by TEXT NOT NULL DEFAULT '',
    reviewed_name TEXT NOT NULL DEFAULT '',
    reviewed_at TEXT NOT NULL DEFAULT '',
    UNIQUE (year_id, number)
) STRICT;
CREATE INDEX answer_office ON answer (office_id);

CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    answer_id INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    file TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0,
    added_name TEXT NOT NULL DEFAULT '',
    added_at TEXT NOT NULL,
    CHECK ((url = '') <> (file = ''))
) STRICT;
CREATE INDEX evidence_answer ON evidence (answer_id);
"""

STEPS = [offices.TABLE, FIRST]


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, city().code, now())
