"""Where a sub-activity takes place: kelurahan by name, so that citizens read what is planned around them."""

import sqlite3
from collections.abc import Iterable, Sequence

from anggaran.rules import places_of

TABLES = """
CREATE TABLE place (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE item_place (
  item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
  place_id INTEGER NOT NULL REFERENCES place (id),
  PRIMARY KEY (item_id, place_id)
) WITHOUT ROWID;
CREATE INDEX item_place_place ON item_place (place_id, item_id);
"""


def out_of_texts(db: sqlite3.Connection, kelurahan: Iterable[str]) -> None:
    """The step of 1.1.0: places named in the free text of 1.0.0 become rows, what is left of the text stays.

    Frozen versions keep their sums and words; only where a place stands changes.
    """
    names = list(kelurahan)
    for name in names:
        db.execute("INSERT OR IGNORE INTO place (name) VALUES (?)", (name,))
    for row in db.execute("SELECT id, location FROM item WHERE location <> ''").fetchall():
        found, rest = places_of(row["location"], names)
        if found:
            enter(db, row["id"], ids(db, found))
            db.execute("UPDATE item SET location = ? WHERE id = ?", (rest, row["id"]))


def listing(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """The places in use, by name."""
    return db.execute("SELECT * FROM place WHERE active = 1 ORDER BY name").fetchall()


def ids(db: sqlite3.Connection, names: Sequence[str]) -> list[int]:
    """The places of these names; new ones are entered."""
    found = []
    for name in names:
        db.execute("INSERT OR IGNORE INTO place (name) VALUES (?)", (name,))
        found.append(db.execute("SELECT id FROM place WHERE name = ?", (name,)).fetchone()["id"])
    return found


def of_item(db: sqlite3.Connection, item_id: int) -> list[int]:
    """The places of a sub-activity by id."""
    rows = db.execute("SELECT place_id FROM item_place WHERE item_id = ? ORDER BY place_id", (item_id,))
    return [row["place_id"] for row in rows]


def enter(db: sqlite3.Connection, item_id: int, places: Iterable[int]) -> None:
    """The places of a sub-activity, instead of those it had."""
    db.execute("DELETE FROM item_place WHERE item_id = ?", (item_id,))
    db.executemany(
        "INSERT OR IGNORE INTO item_place (item_id, place_id) VALUES (?, ?)", [(item_id, place) for place in places]
    )


def copy(db: sqlite3.Connection, source: int, target: int) -> None:
    """The places of one version's sub-activities for the same ones of another."""
    db.execute(
        "INSERT OR IGNORE INTO item_place (item_id, place_id) SELECT new.id, item_place.place_id FROM item_place"
        " JOIN item old ON old.id = item_place.item_id AND old.version_id = ?"
        " JOIN item new ON new.version_id = ? AND new.office_id = old.office_id AND new.code = old.code",
        (source, target),
    )


def sums(db: sqlite3.Connection, version_id: int) -> list[sqlite3.Row]:
    """Each place of a version: `id`, `name`, `n` sub-activities, rupiah `own` to it, `shared` with other places.

    A sum for several places is not cut into pieces: nobody has decided how much of it is whose.
    """
    return db.execute(
        "WITH here AS (SELECT item.id, item.amount, (SELECT count(*) FROM item_place WHERE item_id = item.id) AS places"
        " FROM item WHERE version_id = ? AND state = 'submitted')"
        " SELECT place.id, place.name, count(*) AS n, sum(CASE places WHEN 1 THEN amount ELSE 0 END) AS own,"
        " sum(CASE places WHEN 1 THEN 0 ELSE amount END) AS shared FROM here JOIN item_place ON item_id = here.id"
        " JOIN place ON place.id = place_id GROUP BY place.id ORDER BY own DESC, place.name",
        (version_id,),
    ).fetchall()


def everywhere(db: sqlite3.Connection, version_id: int) -> sqlite3.Row:
    """What stands in a version without any place: `n` and `amount`."""
    row: sqlite3.Row = db.execute(
        "SELECT count(*) AS n, ifnull(sum(amount), 0) AS amount FROM item WHERE version_id = ? AND state = 'submitted'"
        " AND NOT EXISTS (SELECT 1 FROM item_place WHERE item_id = item.id)",
        (version_id,),
    ).fetchone()
    return row
