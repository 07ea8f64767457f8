"""The tables. A step that a city has run is never changed; what comes later is a new step."""

TABLES = """
CREATE TABLE permit_type (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL DEFAULT '',
  about_en TEXT NOT NULL DEFAULT '',
  legal TEXT NOT NULL DEFAULT '',
  office_id INTEGER REFERENCES office (id),
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 120),
  fee TEXT NOT NULL DEFAULT '',
  fee_en TEXT NOT NULL DEFAULT '',
  valid_months INTEGER NOT NULL DEFAULT 0 CHECK (valid_months BETWEEN 0 AND 600),
  place INTEGER NOT NULL DEFAULT 0,
  zoning INTEGER NOT NULL DEFAULT 0,
  zoning_use TEXT NOT NULL DEFAULT '',
  zoning_blocks INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE requirement (
  id INTEGER PRIMARY KEY,
  type_id INTEGER NOT NULL REFERENCES permit_type (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  hint TEXT NOT NULL DEFAULT '',
  hint_en TEXT NOT NULL DEFAULT '',
  accept TEXT NOT NULL DEFAULT 'any' CHECK (accept IN ('any', 'pdf', 'photo')),
  needed INTEGER NOT NULL DEFAULT 1,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX requirement_type ON requirement (type_id, position);
CREATE TABLE application (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL,
  type_id INTEGER NOT NULL REFERENCES permit_type (id),
  state TEXT NOT NULL DEFAULT 'draft',
  name TEXT,
  nik TEXT,
  phone TEXT,
  address TEXT,
  purpose TEXT NOT NULL,
  place_address TEXT NOT NULL DEFAULT '',
  latitude REAL,
  longitude REAL,
  zoning TEXT,
  created_at TEXT NOT NULL,
  touched_at TEXT NOT NULL,
  sent_on TEXT,
  standard_days INTEGER,
  deadline TEXT,
  paused_on TEXT,
  paused_days INTEGER NOT NULL DEFAULT 0,
  checked_by TEXT,
  checked_at TEXT,
  checked_note TEXT,
  recommended INTEGER,
  decided_by TEXT,
  decided_at TEXT,
  decided_note TEXT,
  used_days INTEGER,
  in_time INTEGER,
  closed_at TEXT,
  erased INTEGER NOT NULL DEFAULT 0,
  demo INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX application_state ON application (state, deadline, id);
CREATE INDEX application_type ON application (type_id, state, id);
CREATE INDEX application_created ON application (created_at);
CREATE INDEX application_closed ON application (closed_at) WHERE erased = 0;
CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,
  added_at TEXT NOT NULL,
  replaced INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX file_application ON file (application_id, requirement_id);
CREATE TABLE correction (
  id INTEGER PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  requirement_id INTEGER REFERENCES requirement (id),
  reason TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  answered_at TEXT
);
CREATE INDEX correction_application ON correction (application_id, id);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  public INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX event_application ON event (application_id, id);
CREATE TABLE permit (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  seal TEXT NOT NULL,
  application_id INTEGER NOT NULL UNIQUE REFERENCES application (id),
  type_id INTEGER NOT NULL REFERENCES permit_type (id),
  holder TEXT NOT NULL,
  purpose TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  terms TEXT NOT NULL DEFAULT '',
  issued_on TEXT NOT NULL,
  valid_until TEXT,
  signatory_office TEXT NOT NULL,
  signatory_name TEXT NOT NULL,
  revoked_on TEXT,
  revoked_reason TEXT NOT NULL DEFAULT '',
  revoked_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX permit_type_issued ON permit (type_id, id);
CREATE TABLE wrong_code (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX wrong_code_at ON wrong_code (at);
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
"""

# 1.1.0: who verified, surveyed and decided stands in rows of its own, so that there may be more than one of each and
# four eyes can be told apart. The single `checked_by` and `decided_by` become such rows; who they were by number was
# never kept, so `by_id` is empty there and the name has to do.
STEPS = """
ALTER TABLE permit_type ADD COLUMN survey INTEGER NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN survey_on TEXT;
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('verification', 'survey', 'decision')),
  by_id TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL,
  at TEXT NOT NULL,
  good INTEGER NOT NULL CHECK (good IN (0, 1)),
  note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX step_application ON step (application_id, id);
CREATE TABLE survey_photo (
  id INTEGER PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  name TEXT NOT NULL UNIQUE
);
CREATE INDEX survey_photo_application ON survey_photo (application_id);
INSERT INTO step (application_id, kind, by_name, at, good, note)
  SELECT id, 'verification', coalesce(checked_by, ''), checked_at, coalesce(recommended, 1),
    CASE WHEN erased THEN '' ELSE coalesce(checked_note, '') END
  FROM application WHERE checked_at IS NOT NULL ORDER BY id;
INSERT INTO step (application_id, kind, by_name, at, good, note)
  SELECT id, 'decision', coalesce(decided_by, ''), decided_at, state = 'issued',
    CASE WHEN erased THEN '' ELSE coalesce(decided_note, '') END
  FROM application WHERE decided_at IS NOT NULL ORDER BY id;
ALTER TABLE application DROP COLUMN checked_by;
ALTER TABLE application DROP COLUMN checked_at;
ALTER TABLE application DROP COLUMN checked_note;
ALTER TABLE application DROP COLUMN recommended;
ALTER TABLE application DROP COLUMN decided_by;
ALTER TABLE application DROP COLUMN decided_at;
ALTER TABLE application DROP COLUMN decided_note;
"""

# 1.1.0: a permit keeps the words it was issued with, whatever becomes of its type. Those of 1.0.0 get today's.
FROZEN = """
ALTER TABLE permit ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE permit ADD COLUMN legal TEXT NOT NULL DEFAULT '';
ALTER TABLE permit ADD COLUMN office_name TEXT NOT NULL DEFAULT '';
UPDATE permit SET
  title = (SELECT name FROM permit_type WHERE id = permit.type_id),
  legal = (SELECT legal FROM permit_type WHERE id = permit.type_id),
  office_name = coalesce(
    (SELECT o.name FROM office o JOIN permit_type t ON t.office_id = o.id WHERE t.id = permit.type_id), '');
"""
