"""Made-up content for a demonstration city: the same every time for the same day, different for each city."""

import json
import random
import sqlite3
from datetime import datetime, timedelta

from lumbung_plugin import codes, transaction
from lumbung_plugin.clock import local

from simtaru import demo_map, geometry, importing, landmarks, statements, store, uses_file
from simtaru.geometry import Point
from simtaru.rules import Stage

TITLES = ("RDTR Kawasan Contoh (rekaan) 2016", "RDTR Kawasan Contoh (rekaan) 2024", "Usulan revisi 2027 (rekaan)")
REGULATIONS = (
    "Peraturan Daerah rekaan Nomor 0 Tahun 2016 (demo)",
    "Peraturan Wali Kota rekaan Nomor 0 Tahun 2024 (demo)",
)
DECIDED = ("2016-08-15", "2024-05-20")
KINDS = (("Kantor Kelurahan", "Pemerintahan"), ("Sekolah Dasar", "Pendidikan"), ("Puskesmas Pembantu", "Kesehatan"),
         ("Pasar", "Perdagangan"), ("Lapangan", "Olahraga"))  # fmt: skip
PURPOSES = ("permit", "permit", "purchase", "certificate", "study")
REQUESTS = 44
STRICTER = {
    (1, "MINIMARKET", "R"): ("R-1", "R-2", "R-3", "R-4", "R-5"),
    (1, "RUKO", "R"): ("R-1", "R-2", "R-3", "R-4", "R-5"),
    (3, "HOTEL", "C"): ("C-1", "C-2"),
}
"""Version, use and stem of the class: forbidden there, unlike in the example."""
LOOKUP_DAYS = 60


def fill(db: sqlite3.Connection, code: str, now: datetime) -> bool:
    """Fill a database without a plan; returns whether it did."""
    with transaction(db):
        if db.execute("SELECT 1 FROM plan").fetchone():
            return False
        chance = random.Random(f"simtaru {code}")  # noqa: S311 - the same every time, not unguessable
        _plans(db, code, now)
        _matrix(db)
        places = _landmarks(db, code)
        _requests(db, chance, places, now)
        _lookups(db, chance, now)
    return True


def _plans(db: sqlite3.Connection, code: str, now: datetime) -> None:
    for edition, title in enumerate(TITLES, start=1):
        read = importing.read(demo_map.geojson(code, edition))
        if read.problems:
            raise ValueError(f"the demonstration's plan is refused: {read.problems[0]}")
        name = f"rencana-rekaan-{edition}.geojson"
        store.add_draft(db, title, name, read, "Administrator (demo)", "Peta rekaan untuk demo", invented=True)
    for plan_id, (regulation, decided) in enumerate(zip(REGULATIONS, DECIDED, strict=True), start=1):
        moment = f"{decided}T02:00:00+00:00"
        state, ended = ("in_force", "") if plan_id == 2 else ("superseded", f"{DECIDED[1]}T02:00:00+00:00")
        db.execute(
            "UPDATE plan SET state = ?, regulation = ?, decided_on = ?, published_at = ?, uploaded_at = ?,"
            " superseded_at = ? WHERE id = ?",
            (state, regulation, decided, moment, moment, ended, plan_id),
        )
    db.execute("UPDATE plan SET uploaded_at = ? WHERE id = 3", ((now - timedelta(days=2)).isoformat(),))


def _matrix(db: sqlite3.Connection) -> None:
    """The example for each version; the older one was stricter with shops among homes, the draft is with hotels."""
    rules = [
        (plan_id, code, letter, words, english, use)
        for plan_id in (1, 2, 3)
        for code, use, letter, words, english in uses_file.example()
        if (plan_id, use, code.partition("-")[0]) not in STRICTER
    ]
    strict = [
        (plan_id, code, "X", "", "", use) for plan_id, use, stem in STRICTER for code in STRICTER[plan_id, use, stem]
    ]
    db.executemany(
        "INSERT INTO rule (plan_id, class, letter, conditions, conditions_en, use_id)"
        " SELECT ?, ?, ?, ?, ?, id FROM land_use WHERE code = ?",
        [*rules, *strict],
    )


def _landmarks(db: sqlite3.Connection, code: str) -> list[Point]:
    """Five made-up places in each kelurahan; returns places within zones for the requests."""
    found: dict[str, list[Point]] = {}
    for row in store.zones(db, 2, whole=True):
        found.setdefault(row["kelurahan"], []).append(geometry.inside(json.loads(row["sketch"])))
    rows = []
    for kelurahan, places in sorted(found.items()):
        for at, (name, kind) in enumerate(KINDS):
            lon, lat = places[at % len(places)]
            shift = (at // len(places)) * 0.0008
            address = f"Jalan Contoh {at * 7 + 3}"
            rows.append(
                {
                    "name": f"{name} {kelurahan} (demo)",
                    "kind": kind,
                    "address": address,
                    "kelurahan": kelurahan,
                    "lat": round(lat + shift, 6),
                    "lon": round(lon + shift, 6),
                }
            )
    landmarks.add(db, rows)
    return [place for places in found.values() for place in places]


def _requests(db: sqlite3.Connection, chance: random.Random, places: list[Point], now: datetime) -> None:
    plan = store.in_force(db)
    uses = [row["id"] for row in db.execute("SELECT id FROM land_use ORDER BY id")]
    for serial in range(REQUESTS):
        created = now - timedelta(hours=(REQUESTS - serial) * 40 + chance.randint(0, 20))
        stage = _stage(chance, serial)
        lon, lat = chance.choice(places)
        year = local(created).year
        closed = min(created + timedelta(hours=chance.randint(20, 150)), now) if stage != Stage.NEW else None
        use_id = chance.choice(uses)
        said = statements.said_at(db, plan, (lon, lat), use_id) if plan else None
        issued = stage in (Stage.ISSUED, Stage.WITHDRAWN)
        db.execute(
            "INSERT INTO request (number, code_hash, stage, name, phone, address, purpose, lat, lon, use_id,"
            " created_at, due_on, closed_at, closed_by, reason, statement, check_code, plan_id, said, demo)"
            " VALUES (?, 'demo', ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (codes.number(db, statements.REQUEST, year), stage, f"Pemohon {serial + 1} (demo)",
             f"Jalan Contoh {chance.randint(1, 90)}", chance.choice(PURPOSES), round(lat, 6), round(lon, 6), use_id,
             created.isoformat(), (local(created).date() + timedelta(days=7)).isoformat(),
             closed.isoformat() if closed else None, "Operator (demo)" if closed else "", _reason(stage),
             codes.number(db, statements.STATEMENT, year) if issued else None,
             f"DEMO-{chance.getrandbits(60):015X}" if issued else None,
             plan["id"] if issued and plan else None, json.dumps(said) if issued else ""),
        )  # fmt: skip


def _stage(chance: random.Random, serial: int) -> Stage:
    if serial >= REQUESTS - 6:
        return Stage.NEW
    return chance.choices((Stage.ISSUED, Stage.REFUSED, Stage.WITHDRAWN), (30, 5, 1))[0]


def _reason(stage: Stage) -> str:
    return {
        Stage.REFUSED: "Titik yang dikirim berada di luar bidang tanah pada bukti kepemilikan (demo).",
        Stage.WITHDRAWN: "Diganti setelah batas bidang tanah diperbaiki (demo).",
    }.get(stage, "")


def _lookups(db: sqlite3.Connection, chance: random.Random, now: datetime) -> None:
    classes = [area.code for area in store.areas(db, 2)]
    today = local(now).date()
    for back in range(LOOKUP_DAYS):
        day = today - timedelta(days=back)
        busy = 0.4 if day.weekday() >= 5 else 1.0
        times = {code: round(chance.expovariate(0.5) * busy) for code in chance.sample(classes, min(12, len(classes)))}
        db.executemany(
            "INSERT INTO lookup (day, code, times) VALUES (?, ?, ?)",
            [(day.isoformat(), code, count) for code, count in times.items() if count],
        )
