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

CHECKUPS = """
CREATE TABLE checkup (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    day TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('good', 'problem')),
    how TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    who TEXT NOT NULL DEFAULT '',
    valid INTEGER NOT NULL DEFAULT 1 CHECK (valid IN (0, 1))
) STRICT;

CREATE INDEX checkup_account ON checkup (account_id, day);

INSERT INTO checkup (account_id, day, outcome, how, who)
    SELECT id, verified_on, 'good', verified_how, verified_by FROM account
    WHERE verified_on IS NOT NULL ORDER BY verified_on, id;

INSERT INTO checkup (account_id, day, outcome)
    SELECT id, checked_on, 'good' FROM account
    WHERE checked_on IS NOT NULL AND checked_on IS NOT verified_on ORDER BY checked_on, id;

ALTER TABLE account DROP COLUMN verified_how;
ALTER TABLE account DROP COLUMN verified_on;
ALTER TABLE account DROP COLUMN verified_by;
ALTER TABLE account DROP COLUMN checked_on;

CREATE VIEW known_account AS
    SELECT account.*, last.day AS checked_on, last.outcome, last.problem,
        proof.day AS verified_on, coalesce(proof.how, '') AS verified_how, coalesce(proof.who, '') AS verified_by
    FROM account
    LEFT JOIN checkup AS last ON last.id = (
        SELECT id FROM checkup WHERE account_id = account.id AND valid ORDER BY day DESC, id DESC LIMIT 1)
    LEFT JOIN checkup AS proof ON proof.id = (
        SELECT id FROM checkup WHERE account_id = account.id AND valid AND how <> ''
        ORDER BY day DESC, id DESC LIMIT 1);
"""
# Release 1.0.0 kept one verification and one check with each account; since 1.1.0 each of them is a row of its own.
RELEASE_1_1: list[Step] = [*RELEASE_1_0, CHECKUPS]
STEPS = RELEASE_1_1


def upgrade() -> None:
    """Bring the database up to date; safe to run again. Fills an empty one when the city is a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
