"""The tables of 1.0.0."""

TABLES = """
CREATE TABLE year (
  id INTEGER PRIMARY KEY,
  year INTEGER NOT NULL UNIQUE,
  demo INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  year_id INTEGER NOT NULL REFERENCES year (id),
  stage TEXT NOT NULL COLLATE NOCASE,
  position INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  frozen_at TEXT,
  UNIQUE (year_id, position),
  UNIQUE (year_id, stage)
);
CREATE UNIQUE INDEX version_open ON version (year_id) WHERE frozen_at IS NULL;
CREATE TABLE programme (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);
CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  programme_id INTEGER NOT NULL REFERENCES programme (id),
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);
CREATE INDEX activity_programme ON activity (programme_id);
CREATE TABLE cause (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id INTEGER NOT NULL REFERENCES version (id),
  office_id INTEGER NOT NULL REFERENCES office (id),
  programme_id INTEGER NOT NULL REFERENCES programme (id),
  activity_id INTEGER NOT NULL REFERENCES activity (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  asked INTEGER NOT NULL CHECK (asked >= 0),
  amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND asked),
  indicator TEXT NOT NULL DEFAULT '',
  target TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'struck')),
  score REAL,
  cause_id INTEGER REFERENCES cause (id),
  author TEXT NOT NULL DEFAULT '',
  changed_at TEXT NOT NULL,
  UNIQUE (version_id, office_id, code)
);
CREATE INDEX item_code ON item (version_id, code, id);
CREATE INDEX item_amount ON item (version_id, amount, id);
CREATE INDEX item_score ON item (version_id, score, id);
CREATE INDEX item_programme ON item (version_id, programme_id, code, id);
CREATE INDEX item_activity ON item (version_id, activity_id, code, id);
CREATE INDEX item_sums ON item (version_id, state, office_id, programme_id, activity_id, cause_id, asked, amount);
CREATE TABLE ceiling (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES version (id),
  office_id INTEGER REFERENCES office (id),
  programme_id INTEGER REFERENCES programme (id),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  CHECK (office_id IS NOT NULL OR programme_id IS NOT NULL)
);
CREATE UNIQUE INDEX ceiling_scope ON ceiling (version_id, ifnull(office_id, 0), ifnull(programme_id, 0));
CREATE TABLE criterion (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE mark (
  item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
  criterion_id INTEGER NOT NULL REFERENCES criterion (id),
  reviewer TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 5),
  PRIMARY KEY (item_id, criterion_id, reviewer)
) WITHOUT ROWID;
CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('strike', 'reduce', 'restore')),
  cause_id INTEGER REFERENCES cause (id),
  text TEXT NOT NULL,
  before INTEGER NOT NULL,
  after INTEGER NOT NULL,
  proposer TEXT NOT NULL,
  proposer_name TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  judge TEXT,
  judge_name TEXT,
  judged_at TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX decision_waiting ON decision (item_id) WHERE state = 'waiting';
CREATE INDEX decision_item ON decision (item_id, id);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  version_id INTEGER REFERENCES version (id),
  item_id INTEGER,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  act TEXT NOT NULL,
  before INTEGER,
  after INTEGER,
  text TEXT NOT NULL DEFAULT ''
);
CREATE INDEX event_item ON event (item_id, id);
CREATE INDEX event_version ON event (version_id, id);
CREATE INDEX event_actor ON event (actor, id);
CREATE TABLE upload (
  token TEXT PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES version (id),
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  submit INTEGER NOT NULL,
  at TEXT NOT NULL
);
"""

FREEZE_ITEMS = """
CREATE TRIGGER item_frozen_new BEFORE INSERT ON item
  WHEN (SELECT frozen_at FROM version WHERE id = NEW.version_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'this version is frozen'); END;
CREATE TRIGGER item_frozen_change BEFORE UPDATE ON item
  WHEN (SELECT frozen_at FROM version WHERE id = OLD.version_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'this version is frozen'); END;
CREATE TRIGGER item_frozen_gone BEFORE DELETE ON item
  WHEN (SELECT frozen_at FROM version WHERE id = OLD.version_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'this version is frozen'); END;
"""
FREEZE = f"""{FREEZE_ITEMS}
CREATE TRIGGER version_frozen BEFORE UPDATE OF frozen_at ON version WHEN OLD.frozen_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a frozen version stays frozen'); END;
CREATE TRIGGER event_kept BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
"""
"""What is frozen stays as it was, whatever the code above does; so does the audit trail."""

LIFT = """
DROP TRIGGER item_frozen_new;
DROP TRIGGER item_frozen_change;
DROP TRIGGER item_frozen_gone;
"""
"""Before a migration that has to rewrite sub-activities of frozen versions; `FREEZE_ITEMS` is its last step."""
