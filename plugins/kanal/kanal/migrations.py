"""The tables, step by step. `upgrade` runs after the snapshot and before a new revision serves."""

from contextlib import closing

from lumbung_plugin import city, connect, migrate, offices
from lumbung_plugin.storage import Step

from kanal import demo

FIRST = """
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    office_id INTEGER NOT NULL REFERENCES office (id),
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    url TEXT NOT NULL,
    purpose TEXT NOT NULL DEFAULT '',
    answerable TEXT NOT NULL,
    deputy TEXT NOT NULL DEFAULT '',
    verified_how TEXT NOT NULL DEFAULT '',
    verified_on TEXT,
    verified_by TEXT NOT NULL DEFAULT '',
    checked_on TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    UNIQUE (platform, handle)
) STRICT;

CREATE INDEX account_office ON account (office_id);

CREATE TABLE mention (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    external TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id),
    office_id INTEGER REFERENCES office (id),
    author TEXT,
    text TEXT,
    url TEXT,
    at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('webhook', 'csv')),
    state TEXT NOT NULL DEFAULT 'new'
        CHECK (state IN ('new', 'sending', 'reported', 'answered', 'irrelevant', 'spam')),
    reason TEXT NOT NULL DEFAULT '',
    answer TEXT,
    decided_at TEXT,
    decided_by TEXT NOT NULL DEFAULT '',
    draft TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,
    trouble TEXT NOT NULL DEFAULT '',
    report_number TEXT,
    report_url TEXT NOT NULL DEFAULT '',
    report_state TEXT NOT NULL DEFAULT '',
    report_label TEXT NOT NULL DEFAULT '',
    report_label_en TEXT NOT NULL DEFAULT '',
    report_seen TEXT,
    UNIQUE (platform, external)
) STRICT;

CREATE INDEX mention_state ON mention (state, id);
CREATE INDEX mention_received ON mention (received_at);
CREATE INDEX mention_waiting ON mention (next_try) WHERE state = 'sending';

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    signature TEXT NOT NULL UNIQUE,
    taken INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_at ON delivery (at);

CREATE TABLE fake (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    url TEXT NOT NULL,
    platform TEXT NOT NULL DEFAULT '',
    handle TEXT NOT NULL DEFAULT '',
    words TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'dismissed')),
    reason TEXT NOT NULL DEFAULT '',
    decided_at TEXT,
    decided_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX fake_state ON fake (state, at);
CREATE INDEX fake_at ON fake (at);
"""

RELEASE_1_0: list[Step] = [offices.TABLE, FIRST]
STEPS = RELEASE_1_0


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
