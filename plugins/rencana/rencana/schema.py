"""The tables of 1.0.0."""

TABLES = """
CREATE TABLE aim (
  id INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  text_en TEXT NOT NULL DEFAULT ''
);
CREATE TABLE stage (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  CHECK (first <= last)
);
CREATE TABLE programme (
  id INTEGER PRIMARY KEY,
  aim_id INTEGER NOT NULL REFERENCES aim (id),
  name TEXT NOT NULL,
  summary TEXT NOT NULL DEFAULT '',
  quick INTEGER NOT NULL DEFAULT 0,
  owner_id INTEGER NOT NULL REFERENCES office (id),
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0,
  CHECK (begins <= ends)
);
CREATE INDEX programme_aim ON programme (aim_id);
CREATE TABLE partner (
  programme_id INTEGER NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
  office_id INTEGER NOT NULL REFERENCES office (id),
  PRIMARY KEY (programme_id, office_id)
) WITHOUT ROWID;
CREATE TABLE milestone (
  id INTEGER PRIMARY KEY,
  programme_id INTEGER NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  due TEXT NOT NULL,
  done_at TEXT,
  follow_app TEXT NOT NULL DEFAULT '',
  follow_name TEXT NOT NULL DEFAULT '',
  target REAL,
  direction TEXT NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down')),
  value REAL,
  value_at TEXT,
  problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX milestone_programme ON milestone (programme_id, due);
CREATE INDEX milestone_due ON milestone (due) WHERE done_at IS NULL;
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  milestone_id INTEGER NOT NULL REFERENCES milestone (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  text TEXT NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  file TEXT,
  file_title TEXT NOT NULL DEFAULT ''
);
CREATE INDEX evidence_milestone ON evidence (milestone_id, id);
CREATE TABLE blocker (
  id INTEGER PRIMARY KEY,
  programme_id INTEGER NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
  milestone_id INTEGER REFERENCES milestone (id) ON DELETE SET NULL,
  office_id INTEGER NOT NULL REFERENCES office (id),
  since TEXT NOT NULL,
  need TEXT NOT NULL,
  resolved_at TEXT,
  answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX blocker_open ON blocker (office_id, since) WHERE resolved_at IS NULL;
CREATE INDEX blocker_programme ON blocker (programme_id);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  programme_id INTEGER NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT ''
);
CREATE INDEX event_programme ON event (programme_id, id);
"""
