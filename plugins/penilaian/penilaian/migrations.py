"""The tables, step by step. `upgrade` runs after the snapshot and before a new revision serves."""

import sqlite3
from contextlib import closing
from datetime import date

from lumbung_plugin import city, clock, codes, connect, migrate, offices
from lumbung_plugin.storage import Step

from penilaian import demo, periods
from penilaian.config import chosen

FIRST = """
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    office_id INTEGER NOT NULL REFERENCES office (id),
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'service', 'official')),
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    number TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL UNIQUE,
    survey INTEGER NOT NULL DEFAULT 1 CHECK (survey IN (0, 1)),
    token_only INTEGER NOT NULL DEFAULT 0 CHECK (token_only IN (0, 1)),
    people INTEGER CHECK (people > 0),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    UNIQUE (office_id, kind, name, number, place)
) STRICT;

CREATE TABLE burst (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES target (id),
    what TEXT NOT NULL CHECK (what IN ('rating', 'response')),
    began TEXT NOT NULL,
    ended TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'excluded', 'counted')),
    reason TEXT NOT NULL DEFAULT '',
    judged_at TEXT,
    judged_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX burst_target ON burst (target_id, began);

CREATE TABLE rating (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES target (id),
    at TEXT NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 4),
    origin TEXT NOT NULL CHECK (origin IN ('open', 'token')),
    burst_id INTEGER REFERENCES burst (id)
) STRICT;

CREATE INDEX rating_target ON rating (target_id, at);
CREATE INDEX rating_at ON rating (at);

CREATE TABLE response (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES target (id),
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    u1 INTEGER NOT NULL CHECK (u1 BETWEEN 1 AND 4),
    u2 INTEGER NOT NULL CHECK (u2 BETWEEN 1 AND 4),
    u3 INTEGER NOT NULL CHECK (u3 BETWEEN 1 AND 4),
    u4 INTEGER NOT NULL CHECK (u4 BETWEEN 1 AND 4),
    u5 INTEGER NOT NULL CHECK (u5 BETWEEN 1 AND 4),
    u6 INTEGER NOT NULL CHECK (u6 BETWEEN 1 AND 4),
    u7 INTEGER NOT NULL CHECK (u7 BETWEEN 1 AND 4),
    u8 INTEGER NOT NULL CHECK (u8 BETWEEN 1 AND 4),
    u9 INTEGER NOT NULL CHECK (u9 BETWEEN 1 AND 4),
    origin TEXT NOT NULL CHECK (origin IN ('open', 'token')),
    burst_id INTEGER REFERENCES burst (id)
) STRICT;

CREATE INDEX response_day ON response (day, target_id);
CREATE INDEX response_target ON response (target_id, at);
CREATE INDEX response_at ON response (at);

CREATE VIEW counted_rating AS
    SELECT rating.* FROM rating LEFT JOIN burst ON burst.id = burst_id
    WHERE burst_id IS NULL OR burst.state = 'counted';

CREATE VIEW counted_response AS
    SELECT response.* FROM response LEFT JOIN burst ON burst.id = burst_id
    WHERE burst_id IS NULL OR burst.state = 'counted';

CREATE TABLE profile (
    target_id INTEGER NOT NULL REFERENCES target (id),
    month TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('age', 'sex', 'education', 'occupation')),
    value TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (target_id, month, field, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    target_id INTEGER NOT NULL REFERENCES target (id),
    at TEXT NOT NULL,
    score INTEGER CHECK (score BETWEEN 1 AND 4),
    text TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'shown', 'hidden', 'withdrawn')),
    reason TEXT NOT NULL DEFAULT '',
    code_hash TEXT NOT NULL,
    judged_at TEXT,
    judged_by TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '',
    answered_at TEXT
) STRICT;

CREATE INDEX comment_target ON comment (target_id, state, at);
CREATE INDEX comment_state ON comment (state, at);

CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES target (id),
    hash TEXT NOT NULL UNIQUE,
    until TEXT NOT NULL,
    rated_at TEXT,
    surveyed_at TEXT
) STRICT;

CREATE INDEX token_target ON token (target_id, until);
"""

PERIODS = """
CREATE TABLE period (
    code TEXT PRIMARY KEY,
    start TEXT NOT NULL,
    "end" TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE served (
    period TEXT NOT NULL REFERENCES period (code),
    target_id INTEGER NOT NULL REFERENCES target (id),
    people INTEGER NOT NULL CHECK (people > 0),
    PRIMARY KEY (period, target_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE frozen (
    period TEXT NOT NULL REFERENCES period (code),
    target_id INTEGER NOT NULL REFERENCES target (id),
    respondents INTEGER NOT NULL,
    u1 INTEGER NOT NULL, u2 INTEGER NOT NULL, u3 INTEGER NOT NULL, u4 INTEGER NOT NULL, u5 INTEGER NOT NULL,
    u6 INTEGER NOT NULL, u7 INTEGER NOT NULL, u8 INTEGER NOT NULL, u9 INTEGER NOT NULL,
    PRIMARY KEY (period, target_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    office_id INTEGER NOT NULL REFERENCES office (id),
    period TEXT NOT NULL REFERENCES period (code),
    element TEXT NOT NULL,
    action TEXT NOT NULL,
    due TEXT NOT NULL,
    made_at TEXT NOT NULL,
    done_at TEXT,
    UNIQUE (office_id, period, element, action)
) STRICT;

ALTER TABLE response ADD COLUMN period TEXT REFERENCES period (code);
CREATE INDEX response_period ON response (period, target_id);
DROP VIEW counted_response;
CREATE VIEW counted_response AS
    SELECT response.* FROM response LEFT JOIN burst ON burst.id = burst_id
    WHERE burst_id IS NULL OR burst.state = 'counted';
"""


def give_periods(db: sqlite3.Connection) -> None:
    """Release 1.0.0 told a period from the day each time. Now every answer says its own, and so do the people served.

    A service's people served, which had no period, become those of the last period it was rated in (else the present
    one). Runs in the step's transaction.
    """
    kind = str(chosen()["period"])
    for (day,) in db.execute("SELECT DISTINCT day FROM response").fetchall():
        db.execute("UPDATE response SET period = ? WHERE day = ?",
                   (periods.ensured(db, date.fromisoformat(day), kind), day))  # fmt: skip
    present = periods.ensured(db, clock.today(), kind)
    db.execute(
        "INSERT INTO served (period, target_id, people)"
        " SELECT coalesce((SELECT max(period) FROM response WHERE target_id = target.id), ?), id, people"
        " FROM target WHERE people IS NOT NULL",
        (present,),
    )
    db.execute("ALTER TABLE target DROP COLUMN people")


# What respondents tell of themselves is tied to their answers only while a burst may still set those aside; then it
# becomes counts, and those of a burst are counts of their own (0: of none).
PROFILES = """
CREATE TABLE told (
    response_id INTEGER NOT NULL REFERENCES response (id),
    field TEXT NOT NULL CHECK (field IN ('age', 'sex', 'education', 'occupation')),
    value TEXT NOT NULL,
    PRIMARY KEY (response_id, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE profile_parted (
    target_id INTEGER NOT NULL REFERENCES target (id),
    month TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('age', 'sex', 'education', 'occupation')),
    value TEXT NOT NULL,
    burst_id INTEGER NOT NULL DEFAULT 0,
    people INTEGER NOT NULL,
    PRIMARY KEY (target_id, month, field, value, burst_id)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_parted (target_id, month, field, value, people)
    SELECT target_id, month, field, value, people FROM profile;
DROP TABLE profile;
ALTER TABLE profile_parted RENAME TO profile;
"""


RELEASE_1_0: list[Step] = [offices.TABLE, codes.TABLE, FIRST]
RELEASE_1_1: list[Step] = [*RELEASE_1_0, PERIODS, give_periods, PROFILES]
STEPS = RELEASE_1_1


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
