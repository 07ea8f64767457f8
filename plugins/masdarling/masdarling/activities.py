"""What groups do for their neighbourhood: told by staff, with photos that are drawn anew."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from lumbung_plugin import now, photos, transaction
from lumbung_plugin.photos import Photo

MOST_PHOTOS = 6
ACTIVITY = """SELECT activity.*, rt.name AS rt, kelurahan.name AS kelurahan,
  (SELECT name FROM activity_photo WHERE activity_id = activity.id ORDER BY id LIMIT 1) AS cover,
  (SELECT text FROM activity_photo WHERE activity_id = activity.id ORDER BY id LIMIT 1) AS cover_text
  FROM activity JOIN rt ON rt.id = rt_id JOIN kelurahan ON kelurahan.id = rt.kelurahan_id"""


def shown(
    db: sqlite3.Connection, before: int | None = None, most: int = 12, rt_id: int | None = None
) -> list[sqlite3.Row]:
    """Published ones, the newest first; one more than ``most`` says there are more. ``before`` is an id."""
    return db.execute(
        f"{ACTIVITY} WHERE shown = 1 AND (? IS NULL OR rt_id = ?) AND (? IS NULL OR (day, activity.id) <"  # noqa: S608
        " (SELECT day, id FROM activity WHERE id = ?)) ORDER BY day DESC, activity.id DESC LIMIT ?",
        (rt_id, rt_id, before, before, most + 1),
    ).fetchall()


def all(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """For staff: drafts too, the newest first."""
    return db.execute(f"{ACTIVITY} ORDER BY shown, day DESC, activity.id DESC LIMIT 100").fetchall()


def one(db: sqlite3.Connection, activity_id: int) -> sqlite3.Row | None:
    """An activity, published or not."""
    row: sqlite3.Row | None = db.execute(f"{ACTIVITY} WHERE activity.id = ?", (activity_id,)).fetchone()
    return row


def photos_of(db: sqlite3.Connection, activity_id: int) -> list[sqlite3.Row]:
    """Its photos in the order they came."""
    return db.execute("SELECT * FROM activity_photo WHERE activity_id = ? ORDER BY id", (activity_id,)).fetchall()


def is_shown(db: sqlite3.Connection, name: str) -> bool:
    """Whether a photo belongs to something published."""
    row = db.execute(
        "SELECT 1 FROM activity_photo JOIN activity ON activity.id = activity_id WHERE name = ? AND shown = 1", (name,)
    ).fetchone()
    return row is not None


def save(
    db: sqlite3.Connection, activity_id: int | None, rt_id: int, title: str, body: str, day: date, people: int,
    publish: bool, actor: str,
) -> int:  # fmt: skip
    """Add or change an activity; its id."""
    values = (rt_id, title, body, day.isoformat(), people, int(publish))
    with transaction(db):
        if activity_id is not None:
            db.execute(
                "UPDATE activity SET rt_id = ?, title = ?, body = ?, day = ?, people = ?, shown = ? WHERE id = ?",
                (*values, activity_id),
            )
            return activity_id
        made = db.execute(
            "INSERT INTO activity (rt_id, title, body, day, people, shown, actor, created)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, actor, now().isoformat()),
        )
    return int(made.lastrowid or 0)


def add_photos(db: sqlite3.Connection, activity_id: int, found: Sequence[Photo], text: str) -> int:
    """Keep drawn photos, at most six in all; the rest is discarded. How many were kept."""
    with transaction(db):
        have = db.execute("SELECT count(*) FROM activity_photo WHERE activity_id = ?", (activity_id,)).fetchone()[0]
        kept = list(found[: max(0, MOST_PHOTOS - have)])
        db.executemany(
            "INSERT INTO activity_photo (activity_id, name, width, height, text) VALUES (?, ?, ?, ?, ?)",
            [(activity_id, photo.name, photo.width, photo.height, text) for photo in kept],
        )
    photos.discard([photo.name for photo in found[len(kept) :]])
    return len(kept)


def drop_photo(db: sqlite3.Connection, activity_id: int, name: str) -> None:
    """Remove a photo and its files."""
    with transaction(db):
        gone = db.execute("DELETE FROM activity_photo WHERE activity_id = ? AND name = ?", (activity_id, name)).rowcount
    if gone:
        photos.discard([name])


def drop(db: sqlite3.Connection, activity_id: int) -> None:
    """Remove an activity with its photos."""
    names = [row["name"] for row in photos_of(db, activity_id)]
    with transaction(db):
        db.execute("DELETE FROM activity WHERE id = ?", (activity_id,))
    photos.discard(names)
