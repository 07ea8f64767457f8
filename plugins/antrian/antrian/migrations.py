"""The tables, step by step. ``upgrade`` runs after the snapshot and before a new revision serves."""

import sqlite3
from contextlib import closing
from datetime import date

from lumbung_plugin import city, clock, connect, identity, migrate, offices
from lumbung_plugin.storage import Step

from antrian import demo
from antrian.rules import day_start

FIRST = """
CREATE TABLE service (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 2),
    name TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL DEFAULT '',
    needs TEXT NOT NULL DEFAULT '',
    needs_en TEXT NOT NULL DEFAULT '',
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 240),
    day_quota INTEGER NOT NULL CHECK (day_quota BETWEEN 1 AND 2000),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE counter (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    seated_id TEXT NOT NULL DEFAULT '',
    seated_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE counter_service (
    counter_id INTEGER NOT NULL REFERENCES counter (id),
    service_id INTEGER NOT NULL REFERENCES service (id),
    PRIMARY KEY (counter_id, service_id)
) STRICT;

CREATE TABLE slot (
    id INTEGER PRIMARY KEY,
    service_id INTEGER NOT NULL REFERENCES service (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    start TEXT NOT NULL,
    "end" TEXT NOT NULL,
    quota INTEGER NOT NULL CHECK (quota BETWEEN 1 AND 500),
    UNIQUE (service_id, weekday, start),
    CHECK (start < "end")
) STRICT;

CREATE TABLE closed_day (
    day TEXT PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    service_id INTEGER NOT NULL REFERENCES service (id),
    line_id INTEGER NOT NULL REFERENCES service (id),
    day TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    label TEXT NOT NULL,
    slot_start TEXT NOT NULL,
    slot_end TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'finished', 'skipped', 'cancelled')),
    origin TEXT NOT NULL CHECK (origin IN ('online', 'onsite')),
    priority INTEGER NOT NULL DEFAULT 0 CHECK (priority IN (0, 1)),
    due_at INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    called_at INTEGER,
    finished_at INTEGER,
    waited INTEGER,
    calls INTEGER NOT NULL DEFAULT 0,
    counter_id INTEGER REFERENCES counter (id),
    visitor TEXT NOT NULL DEFAULT '',
    nonce TEXT NOT NULL UNIQUE,
    UNIQUE (service_id, day, number)
) STRICT;

CREATE INDEX ticket_line ON ticket (day, line_id, state, due_at);
CREATE INDEX ticket_visitor ON ticket (visitor, day) WHERE visitor <> '';
CREATE INDEX ticket_personal ON ticket (day) WHERE name <> '' OR phone <> '' OR visitor <> '';
CREATE UNIQUE INDEX ticket_one_per_counter ON ticket (counter_id, day) WHERE state = 'called';

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    counter_id INTEGER REFERENCES counter (id),
    actor TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX event_ticket ON event (ticket_id);

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"""

HOLDER = """
CREATE TABLE holder (
    ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    day_start TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    visitor TEXT NOT NULL DEFAULT '',
    need TEXT NOT NULL DEFAULT '' CHECK (need IN ('', 'elderly', 'disability', 'pregnant', 'child', 'unstated'))
) STRICT;

CREATE INDEX holder_visitor ON holder (visitor) WHERE visitor <> '';
CREATE INDEX holder_day ON holder (day_start);

CREATE TABLE special_day (
    day TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('closed', 'open')),
    reason TEXT NOT NULL
) STRICT;

INSERT INTO special_day (day, kind, reason) SELECT day, 'closed', reason FROM closed_day;
DROP TABLE closed_day;

ALTER TABLE ticket ADD COLUMN wanted_id INTEGER REFERENCES counter (id);
ALTER TABLE service ADD COLUMN office_id INTEGER REFERENCES office (id);
CREATE INDEX ticket_taken ON ticket (day, service_id, slot_start);
"""

BARE = """
DROP INDEX ticket_visitor;
DROP INDEX ticket_personal;
ALTER TABLE ticket DROP COLUMN name;
ALTER TABLE ticket DROP COLUMN phone;
ALTER TABLE ticket DROP COLUMN visitor;
"""


def keep_apart(connection: sqlite3.Connection) -> None:
    """Release 1.1.0: what is personal leaves the tickets for ``holder``, a table whose rows last a day.

    Days that are past lose it here. Telephone numbers get the one spelling (``+62…``); one that is none is dropped. A
    priority without a reason keeps its place as ``unstated``.
    """
    now = clock.local(clock.now())
    rows = connection.execute(
        "SELECT id, day, name, phone, visitor, priority FROM ticket WHERE day >= ?", (now.date().isoformat(),)
    ).fetchall()
    kept = [
        (
            row["id"],
            day_start(date.fromisoformat(row["day"]), now.tzinfo),
            row["name"],
            identity.phone(row["phone"]) or "",
            row["visitor"],
            "unstated" if row["priority"] else "",
        )
        for row in rows
        if row["name"] or row["phone"] or row["visitor"] or row["priority"]
    ]
    connection.executemany(
        "INSERT INTO holder (ticket_id, day_start, name, phone, visitor, need) VALUES (?, ?, ?, ?, ?, ?)", kept
    )


RELEASE_1_0: list[Step] = [FIRST]
STEPS: list[Step] = [*RELEASE_1_0, offices.TABLE, HOLDER, keep_apart, BARE]


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as connection:
        migrate(connection, STEPS)
        if city().demo:
            demo.fill(connection, clock.local(clock.now()))
