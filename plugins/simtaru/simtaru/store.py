"""Plans and their zones: reading, taking a draft in, publishing. Who writes opens the transaction."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lumbung_plugin import now, today, transaction

from simtaru import geometry, matrix, rules
from simtaru.geometry import Point
from simtaru.importing import NewZone, Read
from simtaru.rules import State

SKETCH_POINTS = 2_400
"""Corners of all zones together that the overview map draws; zone pages show every corner."""
MOST_PLANS = 60

Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Area:
    """One class in a plan: how many zones and square metres."""

    code: str
    zones: int
    area: float


def in_force(db: sqlite3.Connection) -> Row | None:
    """The plan that holds now."""
    found: Row | None = db.execute("SELECT * FROM plan WHERE state = 'in_force'").fetchone()
    return found


def plan(db: sqlite3.Connection, plan_id: int) -> Row | None:
    found: Row | None = db.execute("SELECT * FROM plan WHERE id = ?", (plan_id,)).fetchone()
    return found


def plans(db: sqlite3.Connection, drafts: bool = False) -> list[Row]:
    """The latest first; drafts only for administrators."""
    where = "" if drafts else "WHERE state <> 'draft'"
    order = "CASE state WHEN 'draft' THEN 0 WHEN 'in_force' THEN 1 ELSE 2 END, published_at DESC, id DESC"
    query = f"SELECT * FROM plan {where} ORDER BY {order}"  # noqa: S608 - fixed texts
    return db.execute(query).fetchall()


def zones(db: sqlite3.Connection, plan_id: int, code: str = "", whole: bool = False) -> list[Row]:
    """Zones with their `sketch`, or with their whole `shape` as `sketch`; of one class when `code` is given."""
    drawn = "shape AS sketch" if whole else "sketch"
    columns = f"id, plan_id, code, name, block, kelurahan, note, area, {drawn}"
    query = f"SELECT {columns} FROM zone WHERE plan_id = ?"  # noqa: S608 - fixed texts
    if code:
        return db.execute(query + " AND code = ? ORDER BY area DESC", (plan_id, code)).fetchall()
    return db.execute(query + " ORDER BY id", (plan_id,)).fetchall()


def areas(db: sqlite3.Connection, plan_id: int) -> list[Area]:
    """The classes of a plan, the largest first."""
    query = "SELECT code, count(*), sum(area) FROM zone WHERE plan_id = ? GROUP BY code ORDER BY 3 DESC"
    return [Area(*row) for row in db.execute(query, (plan_id,))]


def at(db: sqlite3.Connection, plan_id: int, place: Point) -> list[Row]:
    """The zones at a place (longitude, latitude), the smallest first: more than one where zones overlap or meet."""
    lon, lat = place
    found = db.execute(
        "SELECT * FROM zone WHERE plan_id = ? AND west <= ? AND east >= ? AND south <= ? AND north >= ? ORDER BY area",
        (plan_id, lon, lon, lat, lat),
    )
    return [row for row in found if geometry.contains(json.loads(row["shape"]), place)]


def near(db: sqlite3.Connection, plan_id: int, place: Point, metres: float) -> list[Row]:
    """Zones that reach into a square around a place, with their whole shapes; at most 200."""
    wide, high = geometry.scale(place[1])
    x, y = metres / wide, metres / high
    return db.execute(
        "SELECT * FROM zone WHERE plan_id = ? AND west <= ? AND east >= ? AND south <= ? AND north >= ? LIMIT 200",
        (plan_id, place[0] + x, place[0] - x, place[1] + y, place[1] - y),
    ).fetchall()


def bounds(db: sqlite3.Connection, plan_id: int) -> geometry.Box | None:
    """The box around all zones of a plan."""
    query = "SELECT min(west), min(south), max(east), max(north) FROM zone WHERE plan_id = ?"
    west, south, east, north = db.execute(query, (plan_id,)).fetchone()
    return None if west is None else (west, south, east, north)


def add_draft(
    db: sqlite3.Connection, title: str, file_name: str, read: Read, by: str, note: str = "", invented: bool = False
) -> int:
    """Take in what was read, as a draft; returns its number. Inside a transaction."""
    warnings = json.dumps([asdict(one) for one in read.warnings])
    made = db.execute(
        "INSERT INTO plan (title, state, file_name, note, uploaded_at, uploaded_by, warnings, step, invented)"
        " VALUES (?, 'draft', ?, ?, ?, ?, ?, ?, ?)",
        (title, file_name[:120], note, now().isoformat(), by, warnings, read.step, int(invented)),
    )
    plan_id = int(made.lastrowid or 0)
    tolerance = _tolerance(read.zones, read.points)
    db.executemany(
        "INSERT INTO zone (plan_id, code, name, block, kelurahan, note, area, west, south, east, north, shape, sketch)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_zone_values(plan_id, zone, tolerance) for zone in read.zones),
    )
    present = in_force(db)
    matrix.inherit(db, plan_id, present["id"] if present else None)
    return plan_id


def copy(db: sqlite3.Connection, plan_id: int, title: str, by: str) -> int:
    """A new draft with the zones and rules of another version; returns its number. Inside a transaction."""
    made = db.execute(
        "INSERT INTO plan (title, state, file_name, note, uploaded_at, uploaded_by, warnings, step, invented)"
        " SELECT ?, 'draft', file_name, note, ?, ?, warnings, step, invented FROM plan WHERE id = ?",
        (title, now().isoformat(), by, plan_id),
    )
    draft = int(made.lastrowid or 0)
    columns = "code, name, block, kelurahan, note, area, west, south, east, north, shape, sketch"
    statement = f"INSERT INTO zone (plan_id, {columns}) SELECT ?, {columns} FROM zone WHERE plan_id = ?"  # noqa: S608
    db.execute(statement, (draft, plan_id))
    matrix.inherit(db, draft, plan_id)
    return draft


def publish(db: sqlite3.Connection, plan_id: int, regulation: str, decided_on: str) -> bool:
    """Make a draft the plan in force; the present one is kept as superseded. False when it is no draft any more."""
    with transaction(db):
        found = plan(db, plan_id)
        if found is None or found["state"] != State.DRAFT:
            return False
        moment = now().isoformat()
        db.execute("UPDATE plan SET state = 'superseded', superseded_at = ? WHERE state = 'in_force'", (moment,))
        db.execute(
            "UPDATE plan SET state = 'in_force', regulation = ?, decided_on = ?, published_at = ? WHERE id = ?",
            (regulation, decided_on, moment, plan_id),
        )
    return True


def discard(db: sqlite3.Connection, plan_id: int) -> bool:
    """Delete a draft and its zones; what was once in force is never deleted."""
    with transaction(db):
        return db.execute("DELETE FROM plan WHERE id = ? AND state = 'draft'", (plan_id,)).rowcount == 1


def is_full(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT count(*) >= ? FROM plan", (MOST_PLANS,)).fetchone()[0])


def changes(db: sqlite3.Connection, before: int, after: int) -> list[rules.Change]:
    """What another class has in the later plan (`rules.changes`)."""
    earlier = [(row["code"], json.loads(row["sketch"])) for row in zones(db, before, whole=True)]
    later = [
        (row["code"], row["block"], row["kelurahan"], row["area"], json.loads(row["sketch"]))
        for row in zones(db, after, whole=True)
    ]
    return rules.changes(earlier, later)


def count_lookup(db: sqlite3.Connection, code: str) -> None:
    """One look-up more today; nothing but the class is kept. Passed over while somebody else writes for long."""
    try:
        with transaction(db):
            db.execute(
                "INSERT INTO lookup (day, code, times) VALUES (?, ?, 1)"
                " ON CONFLICT (day, code) DO UPDATE SET times = times + 1",
                (today().isoformat(), code),
            )
    except sqlite3.OperationalError:
        return


def _tolerance(zones: Sequence[NewZone], points: int) -> float:
    """Degrees between two corners of a sketch so that all of them stay within `SKETCH_POINTS`."""
    if points <= SKETCH_POINTS:
        return 0.0
    west, south, east, north = geometry.box(point for zone in zones for point in geometry.points(zone.shape))
    tolerance = max(east - west, north - south) / 2_000
    for _ in range(8):
        left = sum(1 for zone in zones for _ in geometry.points(geometry.simplified(zone.shape, tolerance)))
        if left <= max(SKETCH_POINTS, 5 * len(zones)):
            break
        tolerance *= 1.6
    return tolerance


def _zone_values(plan_id: int, zone: NewZone, tolerance: float) -> tuple[Any, ...]:
    shape: Any = zone.shape
    sketch = geometry.simplified(shape, tolerance) if tolerance else shape
    words = (plan_id, zone.code, zone.name, zone.block, zone.kelurahan, zone.note, zone.area)
    return (*words, *geometry.box(geometry.points(shape)), _json(shape), _json(sketch))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def exported(db: sqlite3.Connection, plan: Row) -> Iterator[str]:
    """A plan as GeoJSON, feature by feature, with the names of the national data base (Permen ATR/KBPN 14/2021)."""
    words = {"plan": plan["title"], "regulation": plan["regulation"], "invented": bool(plan["invented"])}
    yield f'{{"type":"FeatureCollection","properties":{_json(words)},"features":['
    for at, row in enumerate(db.execute("SELECT * FROM zone WHERE plan_id = ? ORDER BY id", (plan["id"],))):
        names = {"KODSZN": "code", "NAMOBJ": "name", "KODBLK": "block", "WADMKD": "kelurahan", "REMARK": "note"}
        properties = {name: row[column] for name, column in names.items()}
        geometry = f'{{"type":"MultiPolygon","coordinates":{row["shape"]}}}'
        yield f'{"," if at else ""}{{"type":"Feature","properties":{_json(properties)},"geometry":{geometry}}}'
    yield "]}"
