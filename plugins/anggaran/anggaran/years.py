"""Budget years and their versions: opened one after the other, frozen, and never changed again."""

import sqlite3

from lumbung_plugin import now

from anggaran import places, trail
from anggaran.rules import Actor, Refusal, Refused
from anggaran.trail import Act

_VERSION = """SELECT version.*, year.year, year.demo FROM version JOIN year ON year.id = version.year_id"""

COPIED = """INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, indicator,
  target, location, reason, state, author, changed_at)
  SELECT ?, office_id, programme_id, activity_id, code, name, amount, amount, indicator, target, location, reason,
  'submitted', author, ? FROM item WHERE version_id = ? AND state = 'submitted'"""


def versions(db: sqlite3.Connection, public: bool = False, also_open: bool = True) -> list[sqlite3.Row]:
    """All versions, the newest first; for the public only frozen ones unless `also_open`."""
    where = "WHERE version.frozen_at IS NOT NULL" if public and not also_open else ""
    return db.execute(f"{_VERSION} {where} ORDER BY year.year DESC, version.position DESC").fetchall()


def version(db: sqlite3.Connection, version_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(f"{_VERSION} WHERE version.id = ?", (version_id,)).fetchone()
    return row


def previous(db: sqlite3.Connection, found: sqlite3.Row) -> sqlite3.Row | None:
    """The version before this one, in its own year or the one before."""
    row: sqlite3.Row | None = db.execute(
        f"{_VERSION} WHERE (year.year, version.position) < (?, ?) ORDER BY year.year DESC, version.position DESC",
        (found["year"], found["position"]),
    ).fetchone()
    return row


def present(db: sqlite3.Connection) -> sqlite3.Row | None:
    """The open version people work on: that of the latest year which has one."""
    row: sqlite3.Row | None = db.execute(
        f"{_VERSION} WHERE version.frozen_at IS NULL ORDER BY year.year DESC LIMIT 1"
    ).fetchone()
    return row


def checked_open(db: sqlite3.Connection, version_id: int) -> None:
    """Raises Refused when the version is frozen, or absent."""
    found = version(db, version_id)
    if found is None or found["frozen_at"] is not None:
        raise Refused(Refusal.FROZEN)


def open_year(db: sqlite3.Connection, actor: Actor, year: int, stage: str, copy_from: int | None = None) -> int:
    """Begin a budget year with its first version, empty or with what another version ended with."""
    if db.execute("SELECT 1 FROM year WHERE year = ?", (year,)).fetchone():
        raise Refused(Refusal.YEAR_TAKEN, year=year)
    year_id = db.execute("INSERT INTO year (year) VALUES (?)", (year,)).lastrowid or 0
    return _opened(db, actor, year_id, stage, 1, copy_from)


def open_next(db: sqlite3.Connection, actor: Actor, year_id: int, stage: str) -> int:
    """The next version of a year: what stands in the frozen one, with its ceilings; struck and drafts stay behind."""
    last = db.execute("SELECT * FROM version WHERE year_id = ? ORDER BY position DESC LIMIT 1", (year_id,)).fetchone()
    if last["frozen_at"] is None:
        raise Refused(Refusal.VERSION_OPEN, stage=last["stage"])
    if db.execute("SELECT 1 FROM version WHERE year_id = ? AND stage = ?", (year_id, stage)).fetchone():
        raise Refused(Refusal.STAGE_TAKEN, stage=stage)
    return _opened(db, actor, year_id, stage, last["position"] + 1, last["id"])


def _opened(db: sqlite3.Connection, actor: Actor, year_id: int, stage: str, position: int, source: int | None) -> int:
    moment = now().isoformat()
    made = db.execute(
        "INSERT INTO version (year_id, stage, position, opened_at) VALUES (?, ?, ?, ?)",
        (year_id, stage, position, moment),
    )
    version_id = made.lastrowid or 0
    if source is not None:
        db.execute(COPIED, (version_id, moment, source))
        places.copy(db, source, version_id)
        db.execute(
            "INSERT INTO ceiling (version_id, office_id, programme_id, amount)"
            " SELECT ?, office_id, programme_id, amount FROM ceiling WHERE version_id = ?",
            (version_id, source),
        )
    trail.record(db, actor, Act.OPENED, version_id, text=stage)
    return version_id


def freeze(db: sqlite3.Connection, actor: Actor, version_id: int) -> None:
    """From now on nothing in this version changes; decisions that wait for a second person must be settled before."""
    checked_open(db, version_id)
    waiting = db.execute(
        "SELECT count(*) FROM decision JOIN item ON item.id = decision.item_id"
        " WHERE item.version_id = ? AND decision.state = 'waiting'",
        (version_id,),
    ).fetchone()[0]
    if waiting:
        raise Refused(Refusal.WAITING, count=waiting)
    db.execute("UPDATE version SET frozen_at = ? WHERE id = ?", (now().isoformat(), version_id))
    trail.record(db, actor, Act.FROZEN, version_id)


def counts(db: sqlite3.Connection) -> dict[int, dict[str, int]]:
    """For each version: how many are `draft`, `submitted`, `struck`, and the `amount` and `asked` that stand there."""
    found: dict[int, dict[str, int]] = {}
    for row in db.execute(
        "SELECT version_id, state, count(*) AS n, sum(asked) AS asked, sum(amount) AS amount FROM item"
        " GROUP BY version_id, state"
    ):
        one = found.setdefault(row["version_id"], {"amount": 0, "asked": 0})
        one[row["state"]] = row["n"]
        if row["state"] != "draft":
            one["amount"] += row["amount"]
            one["asked"] += row["asked"]
    return found
