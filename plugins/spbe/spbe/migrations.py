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

# 1.1.0: one row for each round of assessment instead of two sets of columns: the office's own, the internal assessor's,
# and the ministry's. What was sent back stays with the answer until the office claims anew.
ROUNDS = """
CREATE TABLE score (
    id INTEGER PRIMARY KEY,
    answer_id INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
    round TEXT NOT NULL CHECK (round IN ('self', 'internal', 'external')),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    note TEXT NOT NULL DEFAULT '',
    by_id TEXT NOT NULL DEFAULT '',
    by_name TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    UNIQUE (answer_id, round)
) STRICT;

INSERT INTO score (answer_id, round, level, note, by_id, by_name, at)
    SELECT id, 'self', level, note, filled_by, filled_name, filled_at FROM answer WHERE level IS NOT NULL;
INSERT INTO score (answer_id, round, level, note, by_id, by_name, at)
    SELECT id, 'internal', reviewed, review_note, reviewed_by, reviewed_name, reviewed_at FROM answer
    WHERE reviewed IS NOT NULL AND returned = 0;

ALTER TABLE answer RENAME COLUMN review_note TO returned_note;
ALTER TABLE answer RENAME COLUMN reviewed_name TO returned_name;
ALTER TABLE answer RENAME COLUMN reviewed_at TO returned_at;
UPDATE answer SET returned_note = '', returned_name = '', returned_at = '' WHERE returned = 0;
ALTER TABLE answer DROP COLUMN level;
ALTER TABLE answer DROP COLUMN note;
ALTER TABLE answer DROP COLUMN filled_by;
ALTER TABLE answer DROP COLUMN filled_name;
ALTER TABLE answer DROP COLUMN filled_at;
ALTER TABLE answer DROP COLUMN reviewed;
ALTER TABLE answer DROP COLUMN reviewed_by;
"""

STEPS = [offices.TABLE, FIRST, ROUNDS]


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, city().code, now())
