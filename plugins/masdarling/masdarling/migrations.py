"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

from contextlib import closing

from lumbung_plugin import city, codes, connect, migrate
from lumbung_plugin.storage import Step

from masdarling import demo

PLACES = """
CREATE TABLE kelurahan (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  reach TEXT NOT NULL DEFAULT 'planned' CHECK (reach IN ('planned', 'prepared', 'running')),
  started TEXT,
  note TEXT NOT NULL DEFAULT '',
  CHECK (reach <> 'running' OR started IS NOT NULL)
);
CREATE TABLE stage (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  aim INTEGER NOT NULL DEFAULT 0,
  CHECK (begins <= ends)
);
CREATE TABLE rt (
  id INTEGER PRIMARY KEY,
  kelurahan_id INTEGER NOT NULL REFERENCES kelurahan (id),
  name TEXT NOT NULL COLLATE NOCASE,
  households INTEGER NOT NULL CHECK (households BETWEEN 1 AND 2000),
  since TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  UNIQUE (kelurahan_id, name)
);
CREATE TABLE post (
  id INTEGER PRIMARY KEY,
  kelurahan_id INTEGER NOT NULL REFERENCES kelurahan (id),
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  address TEXT NOT NULL DEFAULT '',
  hours TEXT NOT NULL DEFAULT '',
  lat REAL,
  lon REAL,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  family TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE price (
  kind_id INTEGER NOT NULL REFERENCES kind (id),
  since TEXT NOT NULL,
  per_kg INTEGER NOT NULL CHECK (per_kg BETWEEN 0 AND 1000000),
  PRIMARY KEY (kind_id, since)
) WITHOUT ROWID;
"""

BANK = """
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL,
  rt_id INTEGER NOT NULL REFERENCES rt (id),
  name TEXT,
  phone TEXT,
  joined TEXT NOT NULL,
  closed TEXT
);
CREATE INDEX customer_rt ON customer (rt_id);
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  kind TEXT NOT NULL CHECK (kind IN ('deposit', 'withdrawal', 'reversal')),
  day TEXT NOT NULL,
  at TEXT NOT NULL,
  post_id INTEGER NOT NULL REFERENCES post (id),
  amount INTEGER NOT NULL,
  actor TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  nonce TEXT NOT NULL UNIQUE,
  reverses INTEGER UNIQUE REFERENCES entry (id),
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
);
CREATE INDEX entry_customer ON entry (customer_id, id);
CREATE INDEX entry_day ON entry (day, post_id);
CREATE TABLE line (
  entry_id INTEGER NOT NULL REFERENCES entry (id),
  kind_id INTEGER NOT NULL REFERENCES kind (id),
  grams INTEGER NOT NULL CHECK (grams <> 0),
  per_kg INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (entry_id, kind_id)
) WITHOUT ROWID;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is reversed, never changed'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is reversed, never deleted'); END;
CREATE TRIGGER line_stays BEFORE UPDATE ON line BEGIN SELECT RAISE(ABORT, 'an entry is reversed, never changed'); END;
CREATE TRIGGER line_kept BEFORE DELETE ON line BEGIN SELECT RAISE(ABORT, 'an entry is reversed, never deleted'); END;
CREATE TABLE failed (
  number TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX failed_number ON failed (number, at);
"""

ACTIVITIES = """
CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  rt_id INTEGER NOT NULL REFERENCES rt (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  day TEXT NOT NULL,
  people INTEGER NOT NULL DEFAULT 0,
  shown INTEGER NOT NULL DEFAULT 0,
  actor TEXT NOT NULL,
  created TEXT NOT NULL
);
CREATE INDEX activity_day ON activity (shown, day);
CREATE TABLE activity_photo (
  id INTEGER PRIMARY KEY,
  activity_id INTEGER NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  text TEXT NOT NULL DEFAULT ''
);
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
"""

CENSUS = """
CREATE TABLE census (
  rt_id INTEGER NOT NULL REFERENCES rt (id),
  since TEXT NOT NULL,
  households INTEGER NOT NULL CHECK (households BETWEEN 1 AND 2000),
  PRIMARY KEY (rt_id, since)
) WITHOUT ROWID;
INSERT INTO census (rt_id, since, households) SELECT id, since, households FROM rt;
ALTER TABLE rt DROP COLUMN households;
"""
"""Release 1.1.0: how many households an RT has is counted again now and then; the one number of 1.0.0 counts from the
day the RT joined.
"""

RELEASE_1_0: list[Step] = [PLACES, codes.TABLE, BANK, ACTIVITIES]
STEPS: list[Step] = [*RELEASE_1_0, CENSUS]


def upgrade() -> None:
    """Bring the database to this release, and fill an empty one of a demonstration."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
