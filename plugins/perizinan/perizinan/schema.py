"""The tables of 1.0.0. A step that a city has run is never changed; what comes later is a new step."""

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
