"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

import sqlite3
from contextlib import closing
from pathlib import Path

from lumbung_plugin import city, codes, connect, identity, migrate, settings
from lumbung_plugin.storage import Step

from lapor import demo

BUNDLE = Path(__file__).parent.parent

# English names of the categories a fresh installation starts with; a city edits both under /admin.
ENGLISH = {
    "Jalan dan jembatan": "Roads and bridges",
    "Sampah dan kebersihan": "Waste and cleanliness",
    "Drainase dan banjir": "Drains and floods",
    "Penerangan jalan": "Street lighting",
    "Air bersih": "Clean water",
    "Lalu lintas dan parkir": "Traffic and parking",
    "Ketertiban umum": "Public order",
    "Kesehatan": "Health",
    "Pendidikan": "Education",
    "Pelayanan administrasi": "Administrative services",
    "Lainnya": "Something else",
}

TABLES = """
CREATE TABLE opd (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  opd_id INTEGER REFERENCES opd (id),
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  category_id INTEGER NOT NULL REFERENCES category (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  kelurahan TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  latitude REAL,
  longitude REAL,
  reporter_name TEXT,
  reporter_phone TEXT,
  confidential INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new',
  opd_id INTEGER REFERENCES opd (id),
  deadline TEXT,
  duplicate_of INTEGER REFERENCES report (id),
  created_at TEXT NOT NULL,
  answered_at TEXT,
  reopened INTEGER NOT NULL DEFAULT 0,
  rating INTEGER,
  rating_note TEXT NOT NULL DEFAULT '',
  demo INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX report_state ON report (state, confidential, id);
CREATE INDEX report_category ON report (category_id, id);
CREATE INDEX report_opd ON report (opd_id, state, id);
CREATE INDEX report_kelurahan ON report (kelurahan, id);
CREATE INDEX report_created ON report (created_at);
CREATE INDEX report_deadline ON report (deadline) WHERE state IN ('accepted', 'assigned');
CREATE INDEX report_duplicate ON report (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX report_contact ON report (answered_at) WHERE reporter_name IS NOT NULL OR reporter_phone IS NOT NULL;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  opd_id INTEGER REFERENCES opd (id),
  text TEXT NOT NULL DEFAULT '',
  public INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX event_report ON event (report_id, id);
CREATE TABLE photo (
  id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  name TEXT NOT NULL UNIQUE,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL
);
CREATE INDEX photo_report ON photo (report_id);
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
"""


def seed_lists(db: sqlite3.Connection) -> None:
    """The first categories and OPD, from the city's settings; afterwards they are edited under /admin."""
    chosen = settings(BUNDLE)
    for name in chosen["opd"]:
        db.execute("INSERT OR IGNORE INTO opd (name) VALUES (?)", (name,))
    for name in chosen["categories"]:
        english = ENGLISH.get(name, "")
        db.execute("INSERT OR IGNORE INTO category (name, name_en) VALUES (?, ?)", (name, english))


# 1.1.0. The list of OPD becomes the sdk's list of offices: renamed where it stands, so that every id stays what it was
# in reports, events and categories. `tests/test_upgrade.py` holds it against `offices.TABLE`.
OFFICES = """
ALTER TABLE opd RENAME TO office;
ALTER TABLE office ADD COLUMN unit INTEGER;
CREATE UNIQUE INDEX office_unit ON office (unit);
CREATE TABLE office_refreshed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at TEXT NOT NULL
);
ALTER TABLE category RENAME COLUMN opd_id TO office_id;
ALTER TABLE report RENAME COLUMN opd_id TO office_id;
ALTER TABLE event RENAME COLUMN opd_id TO office_id;
"""

SOURCES = """
ALTER TABLE report ADD COLUMN source TEXT NOT NULL DEFAULT 'web';
ALTER TABLE report ADD COLUMN source_name TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN source_url TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN reference TEXT;
CREATE UNIQUE INDEX report_reference ON report (source, reference) WHERE reference IS NOT NULL;
CREATE VIEW web_report AS SELECT created_at FROM report WHERE source = 'web';
CREATE VIEW sibling_report AS SELECT created_at FROM report WHERE source <> 'web';
CREATE TABLE reminder (
  office_id INTEGER PRIMARY KEY REFERENCES office (id),
  email TEXT NOT NULL,
  sent_on TEXT
);
CREATE TABLE holiday (
  day TEXT PRIMARY KEY,
  name TEXT NOT NULL
);
"""

# Lists are read by key along one index each; figures are counted from one index without touching the reports.
INDEXES = """
ALTER TABLE report ADD COLUMN tenths INTEGER
  GENERATED ALWAYS AS (CAST(round((julianday(answered_at) - julianday(created_at)) * 10) AS INTEGER)) VIRTUAL;
DROP INDEX report_state;
DROP INDEX report_created;
DROP INDEX report_category;
DROP INDEX report_kelurahan;
CREATE INDEX report_state ON report (state, id);
CREATE INDEX report_near ON report (category_id, created_at);
CREATE INDEX report_figures ON report (created_at, state, category_id, office_id, deadline, rating, tenths);
CREATE INDEX public_report ON report (id)
  WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered');
CREATE INDEX public_category ON report (category_id, id)
  WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered');
CREATE INDEX public_office ON report (office_id, id)
  WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered');
CREATE INDEX public_kelurahan ON report (kelurahan, id)
  WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered');
CREATE INDEX public_place ON report (created_at)
  WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered') AND latitude IS NOT NULL;
"""

SEARCH = """
CREATE VIRTUAL TABLE report_search USING fts5 (
  number, title, body, address, content = 'report', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO report_search (report_search) VALUES ('rebuild');
CREATE TRIGGER report_search_new AFTER INSERT ON report BEGIN
  INSERT INTO report_search (rowid, number, title, body, address)
  VALUES (new.id, new.number, new.title, new.body, new.address);
END;
CREATE TRIGGER report_search_changed AFTER UPDATE OF title, body, address ON report BEGIN
  INSERT INTO report_search (report_search, rowid, number, title, body, address)
  VALUES ('delete', old.id, old.number, old.title, old.body, old.address);
  INSERT INTO report_search (rowid, number, title, body, address)
  VALUES (new.id, new.number, new.title, new.body, new.address);
END;
CREATE TRIGGER report_search_gone AFTER DELETE ON report BEGIN
  INSERT INTO report_search (report_search, rowid, number, title, body, address)
  VALUES ('delete', old.id, old.number, old.title, old.body, old.address);
END;
"""

# The calendar of holidays is the sdk's: what was kept here of it goes.
CALENDAR = """
DROP TABLE holiday;
"""

# The figures of a year, in the order they are grouped by: read from the index alone, nothing sorted. SQLite reads the
# reports themselves for a generated column, even an indexed one; so `tenths` becomes a column that triggers keep.
GROUPS = """
DROP INDEX report_figures;
ALTER TABLE report DROP COLUMN tenths;
ALTER TABLE report ADD COLUMN tenths INTEGER;
CREATE TRIGGER report_tenths_new AFTER INSERT ON report WHEN new.answered_at IS NOT NULL BEGIN
  UPDATE report SET tenths = CAST(round((julianday(answered_at) - julianday(created_at)) * 10) AS INTEGER)
  WHERE id = new.id;
END;
CREATE TRIGGER report_tenths_changed AFTER UPDATE OF answered_at, created_at ON report BEGIN
  UPDATE report SET tenths = CAST(round((julianday(answered_at) - julianday(created_at)) * 10) AS INTEGER)
  WHERE id = new.id;
END;
UPDATE report SET answered_at = answered_at WHERE answered_at IS NOT NULL;
CREATE INDEX report_days ON report (created_at, state);
CREATE INDEX report_groups ON report (state, category_id, office_id, tenths, created_at, deadline, rating);
"""


def spell_numbers(db: sqlite3.Connection) -> None:
    """Telephone numbers of 1.0.0, typed in many ways, get the one spelling; what is none stays as it was typed."""
    rows = db.execute("SELECT id, reporter_phone FROM report WHERE reporter_phone IS NOT NULL").fetchall()
    spelled = [(identity.phone(row["reporter_phone"]), row["id"]) for row in rows]
    db.executemany("UPDATE report SET reporter_phone = ? WHERE id = ?", [pair for pair in spelled if pair[0]])
    # From here on a daily task sweeps; pages ask no more when that was done last.
    db.execute("DELETE FROM fact WHERE name = 'swept'")


STEPS: list[Step] = [
    TABLES,
    seed_lists,
    OFFICES,
    codes.TABLE,
    SOURCES,
    INDEXES,
    SEARCH,
    spell_numbers,
    CALENDAR,
    GROUPS,
]


def upgrade() -> None:
    """Bring the database to this release; on a demo host fill an empty one. Safe to run again and again."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, settings(BUNDLE))
