"""What is bought, at which price since when, where; and the groups (RT) by kelurahan. For staff and for everybody."""

import sqlite3
from datetime import date
from typing import Any

from lumbung_plugin import today, transaction

from masdarling.rules import Refusal, Refused

HOUSEHOLDS = """coalesce(
  (SELECT households FROM census WHERE rt_id = rt.id AND since <= :day ORDER BY since DESC LIMIT 1),
  (SELECT households FROM census WHERE rt_id = rt.id ORDER BY since LIMIT 1), 0)"""
"""An RT's households on ``:day``, as they were counted last; before the first count, that one."""
GROUP = f"""SELECT rt.*, kelurahan.name AS kelurahan, {HOUSEHOLDS} AS households FROM rt
  JOIN kelurahan ON kelurahan.id = kelurahan_id"""  # noqa: S608 - constants

FAMILIES = ("plastik", "kertas", "logam", "kaca", "minyak", "lain")


def kinds(db: sqlite3.Connection, also_closed: bool = False) -> list[sqlite3.Row]:
    """Kinds of waste by family and name, with today's price ``per_kg`` (None before the first), since when, and the
    one before it (``earlier``).
    """
    day = today().isoformat()
    return db.execute(
        "SELECT kind.*, price.per_kg, price.since, (SELECT per_kg FROM price AS before WHERE before.kind_id = kind.id"
        " AND before.since < price.since ORDER BY before.since DESC LIMIT 1) AS earlier"
        " FROM kind LEFT JOIN price ON price.kind_id = kind.id AND price.since ="
        " (SELECT max(since) FROM price AS latest WHERE latest.kind_id = kind.id AND latest.since <= ?)"
        " WHERE kind.active >= ? ORDER BY kind.family, kind.name",
        (day, 0 if also_closed else 1),
    ).fetchall()


def kind(db: sqlite3.Connection, kind_id: int) -> sqlite3.Row | None:
    """One kind of waste."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM kind WHERE id = ?", (kind_id,)).fetchone()
    return row


def prices(db: sqlite3.Connection, kind_id: int) -> list[sqlite3.Row]:
    """All prices of a kind, the latest first; also those still to come."""
    return db.execute("SELECT * FROM price WHERE kind_id = ? ORDER BY since DESC", (kind_id,)).fetchall()


def save_kind(db: sqlite3.Connection, kind_id: int | None, name: str, name_en: str, family: str, active: bool) -> int:
    """Add or change a kind; its id."""
    with transaction(db):
        _free(db, "kind", name, kind_id)
        if kind_id is None:
            made = db.execute("INSERT INTO kind (name, name_en, family) VALUES (?, ?, ?)", (name, name_en, family))
            return int(made.lastrowid or 0)
        db.execute(
            "UPDATE kind SET name = ?, name_en = ?, family = ?, active = ? WHERE id = ?",
            (name, name_en, family, int(active), kind_id),
        )
    return kind_id


def set_price(db: sqlite3.Connection, kind_id: int, since: date, per_kg: int) -> None:
    """A price from a day on: today or later, for what is booked stays as it was."""
    if since < today():
        raise Refused(Refusal.PRICE_DAY_PAST)
    with transaction(db):
        db.execute(
            "INSERT INTO price (kind_id, since, per_kg) VALUES (?, ?, ?)"
            " ON CONFLICT (kind_id, since) DO UPDATE SET per_kg = excluded.per_kg",
            (kind_id, since.isoformat(), per_kg),
        )


def posts(db: sqlite3.Connection, also_closed: bool = False) -> list[sqlite3.Row]:
    """Posts by kelurahan and name."""
    return db.execute(
        "SELECT post.*, kelurahan.name AS kelurahan FROM post JOIN kelurahan ON kelurahan.id = kelurahan_id"
        " WHERE post.active >= ? ORDER BY kelurahan.name, post.name",
        (0 if also_closed else 1,),
    ).fetchall()


def features(found: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """Posts with a place as GeoJSON features, for the maps."""
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {"name": row["name"], "note": row["hours"], "tone": "good"},
        }
        for row in found
        if row["lat"] is not None and row["lon"] is not None
    ]


def save_post(db: sqlite3.Connection, post_id: int | None, values: dict[str, object]) -> None:
    """Add or change a post; ``values`` by column."""
    with transaction(db):
        _free(db, "post", str(values["name"]), post_id)
        if post_id is None:
            db.execute(
                "INSERT INTO post (kelurahan_id, name, address, hours, lat, lon, active)"
                " VALUES (:kelurahan_id, :name, :address, :hours, :lat, :lon, :active)",
                values,
            )
        else:
            db.execute(
                "UPDATE post SET kelurahan_id = :kelurahan_id, name = :name, address = :address, hours = :hours,"
                " lat = :lat, lon = :lon, active = :active WHERE id = :id",
                values | {"id": post_id},
            )


def groups(db: sqlite3.Connection, also_closed: bool = False) -> list[sqlite3.Row]:
    """RT by kelurahan and name, with today's households."""
    return db.execute(
        f"{GROUP} WHERE rt.active >= :active ORDER BY kelurahan.name, rt.name",
        {"active": 0 if also_closed else 1, "day": today().isoformat()},
    ).fetchall()


def group(db: sqlite3.Connection, rt_id: int) -> sqlite3.Row | None:
    """One RT with its kelurahan."""
    row: sqlite3.Row | None = db.execute(
        f"{GROUP} WHERE rt.id = :id", {"id": rt_id, "day": today().isoformat()}
    ).fetchone()
    return row


def save_group(
    db: sqlite3.Connection, rt_id: int | None, kelurahan_id: int, name: str, households: int, active: bool
) -> None:
    """Add an RT, or change one; households that differ are counted from today on."""
    with transaction(db):
        taken = db.execute("SELECT id FROM rt WHERE kelurahan_id = ? AND name = ?", (kelurahan_id, name)).fetchone()
        if taken is not None and taken["id"] != rt_id:
            raise Refused(Refusal.NAME_TAKEN, name=name)
        if rt_id is None:
            made = db.execute(
                "INSERT INTO rt (kelurahan_id, name, since) VALUES (?, ?, ?)", (kelurahan_id, name, today().isoformat())
            )
            rt_id = int(made.lastrowid or 0)
        else:
            db.execute(
                "UPDATE rt SET kelurahan_id = ?, name = ?, active = ? WHERE id = ?",
                (kelurahan_id, name, int(active), rt_id),
            )
        _count(db, rt_id, households)


def census(db: sqlite3.Connection, rt_id: int) -> list[sqlite3.Row]:
    """How many households an RT had since when, the latest first."""
    return db.execute("SELECT * FROM census WHERE rt_id = ? ORDER BY since DESC", (rt_id,)).fetchall()


def _count(db: sqlite3.Connection, rt_id: int, households: int) -> None:
    latest = db.execute("SELECT households FROM census WHERE rt_id = ? ORDER BY since DESC", (rt_id,)).fetchone()
    if latest is None or latest["households"] != households:
        db.execute(
            "INSERT INTO census (rt_id, since, households) VALUES (?, ?, ?)"
            " ON CONFLICT (rt_id, since) DO UPDATE SET households = excluded.households",
            (rt_id, today().isoformat(), households),
        )


def _free(db: sqlite3.Connection, table: str, name: str, own: int | None) -> None:
    # S608: the table is one of our own two words.
    row = db.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()  # noqa: S608
    if row is not None and row["id"] != own:
        raise Refused(Refusal.NAME_TAKEN, name=name)
