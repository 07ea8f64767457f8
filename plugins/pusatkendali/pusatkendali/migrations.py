"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

from contextlib import closing

from lumbung_plugin import city, codes, connect, migrate, offices, transaction
from lumbung_plugin.storage import Step

from pusatkendali import demo, sources

TABLES = """
CREATE TABLE source (
  app TEXT PRIMARY KEY,
  state TEXT NOT NULL DEFAULT 'never',
  code TEXT NOT NULL DEFAULT '',
  asked_at TEXT,
  heard_at TEXT,
  told INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);
CREATE TABLE round (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at TEXT NOT NULL
);
INSERT INTO round (id, at) VALUES (1, '');
CREATE TABLE figure (
  id INTEGER PRIMARY KEY,
  app TEXT NOT NULL REFERENCES source (app),
  name TEXT NOT NULL,
  label_id TEXT NOT NULL DEFAULT '',
  label_en TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  good TEXT NOT NULL DEFAULT '' CHECK (good IN ('', 'up', 'down')),
  theme TEXT NOT NULL,
  value REAL NOT NULL,
  at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 100,
  released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
  hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1)),
  UNIQUE (app, name)
);
CREATE TABLE history (
  figure_id INTEGER NOT NULL REFERENCES figure (id),
  grain TEXT NOT NULL CHECK (grain IN ('raw', 'hour', 'day')),
  at TEXT NOT NULL,
  value REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (figure_id, grain, at)
) WITHOUT ROWID;
CREATE TABLE threshold (
  id INTEGER PRIMARY KEY,
  figure_id INTEGER NOT NULL REFERENCES figure (id),
  side TEXT NOT NULL CHECK (side IN ('above', 'below')),
  bound REAL NOT NULL,
  clear REAL NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 10080),
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  since TEXT
);
CREATE INDEX threshold_figure ON threshold (figure_id);
CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  threshold_id INTEGER REFERENCES threshold (id) ON DELETE SET NULL,
  figure_id INTEGER NOT NULL REFERENCES figure (id),
  side TEXT NOT NULL CHECK (side IN ('above', 'below')),
  bound REAL NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  value REAL NOT NULL,
  worst REAL NOT NULL,
  raised_at TEXT NOT NULL,
  read_at TEXT,
  read_by TEXT NOT NULL DEFAULT '',
  read_note TEXT NOT NULL DEFAULT '',
  ended_at TEXT,
  end_value REAL,
  demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
);
CREATE UNIQUE INDEX alert_open ON alert (threshold_id) WHERE ended_at IS NULL;
CREATE INDEX alert_raised ON alert (raised_at);
CREATE TABLE disposition (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  instruction TEXT NOT NULL,
  urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
  office_id INTEGER NOT NULL REFERENCES office (id),
  alert_id INTEGER REFERENCES alert (id) ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT 'given',
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL,
  due TEXT NOT NULL,
  reported_at TEXT,
  closed_at TEXT,
  reminded_on TEXT,
  demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
);
CREATE INDEX disposition_office ON disposition (office_id, state);
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  disposition_id INTEGER NOT NULL REFERENCES disposition (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  office_id INTEGER REFERENCES office (id),
  text TEXT NOT NULL DEFAULT '',
  file TEXT,
  file_title TEXT NOT NULL DEFAULT '',
  due TEXT
);
CREATE INDEX step_disposition ON step (disposition_id);
CREATE TRIGGER step_stays BEFORE UPDATE ON step BEGIN
  SELECT RAISE(ABORT, 'what was done to a disposition is never rewritten');
END;
CREATE TABLE contact (
  office_id INTEGER PRIMARY KEY REFERENCES office (id),
  email TEXT NOT NULL
);
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  what TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT ''
);
"""

# 1.1.0: several offices work on one disposition. What an office was to it moves out of the row into a table of its own;
# the office of every disposition so far leads it, and has done its part where it has reported.
TOGETHER = """
CREATE TABLE disposition_next (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  instruction TEXT NOT NULL,
  urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
  alert_id INTEGER REFERENCES alert (id) ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT 'given',
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL,
  due TEXT NOT NULL,
  reported_at TEXT,
  closed_at TEXT,
  reminded_on TEXT,
  demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
);
INSERT INTO disposition_next SELECT id, number, title, instruction, urgent, alert_id, state, given_by, given_at, due,
  reported_at, closed_at, reminded_on, demo FROM disposition;
CREATE TABLE duty (
  disposition_id INTEGER NOT NULL REFERENCES disposition_next (id) ON DELETE CASCADE,
  office_id INTEGER NOT NULL REFERENCES office (id),
  part TEXT NOT NULL CHECK (part IN ('lead', 'partner')),
  done_at TEXT,
  PRIMARY KEY (disposition_id, office_id)
) WITHOUT ROWID;
INSERT INTO duty
  SELECT id, office_id, 'lead', iif(state IN ('reported', 'accepted'), reported_at, NULL) FROM disposition;
CREATE TABLE step_next (
  id INTEGER PRIMARY KEY,
  disposition_id INTEGER NOT NULL REFERENCES disposition_next (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  office_id INTEGER REFERENCES office (id),
  text TEXT NOT NULL DEFAULT '',
  file TEXT,
  file_title TEXT NOT NULL DEFAULT '',
  due TEXT
);
INSERT INTO step_next SELECT id, disposition_id, at, act, actor, office_id, text, file, file_title, due FROM step;
DROP TABLE step;
DROP TABLE disposition;
ALTER TABLE disposition_next RENAME TO disposition;
ALTER TABLE step_next RENAME TO step;
CREATE INDEX step_disposition ON step (disposition_id);
CREATE TRIGGER step_stays BEFORE UPDATE ON step BEGIN
  SELECT RAISE(ABORT, 'what was done to a disposition is never rewritten');
END;
CREATE UNIQUE INDEX duty_lead ON duty (disposition_id) WHERE part = 'lead';
CREATE INDEX duty_office ON duty (office_id);
CREATE VIEW register AS
  SELECT disposition.*, duty.office_id, office.name AS office FROM disposition
  JOIN duty ON duty.disposition_id = disposition.id AND duty.part = 'lead' JOIN office ON office.id = duty.office_id;
"""

STEPS: list[Step] = [offices.TABLE, codes.TABLE, TABLES, TOGETHER]


def upgrade() -> None:
    """Bring the database to this release; safe to run again. An empty one of a demonstration city is filled."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        with transaction(db):
            sources.ensure(db)
        if city().demo:
            demo.fill(db)
