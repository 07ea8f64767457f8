"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

import sqlite3
from contextlib import closing
from pathlib import Path

from lumbung_plugin import city, connect, migrate, settings
from lumbung_plugin.storage import Step

from lapor import demo, retention

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


STEPS: list[Step] = [TABLES, seed_lists]


def upgrade() -> None:
    """Bring the database to this release; on a demo host fill an empty one. Safe to run again and again."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db, settings(BUNDLE))
        retention.sweep(db, settings(BUNDLE)["retention_days"])
