"""Made-up content for a demonstration city: the same every time for the same day and city."""

import random
import sqlite3
from datetime import date, timedelta

from lumbung_plugin import city, now, today, transaction

from masdarling import demo_pictures, rules
from masdarling.demo_content import ACTIVITIES, KINDS, STAGES, Place, place_of
from masdarling.rules import Reach

MONTH = timedelta(days=30)
HISTORY = 420
NEW_PRICES = timedelta(days=100)
PICTURES = 6
STAFF = "Petugas pos (demo)"


def fill(db: sqlite3.Connection) -> bool:
    """Fill a database that holds no kelurahan; whether it did."""
    if db.execute("SELECT 1 FROM kelurahan").fetchone():
        return False
    place = place_of(city().code)
    # S311: the same every time, not unguessable.
    chance = random.Random(f"masdarling {city().code}")  # noqa: S311
    with transaction(db):
        db.execute("INSERT INTO fact (name, value) VALUES ('demo', ?)", (today().isoformat(),))
        _rollout(db, place)
        _catalogue(db)
        groups = _groups(db, chance, place)
        _posts(db, chance, place)
        savers = _savers(db, chance, groups)
        _ledger(db, chance, savers)
        _activities(db, chance, groups)
    return True


def _rollout(db: sqlite3.Connection, place: Place) -> None:
    for number, name in enumerate(place.kelurahan):
        reach = Reach.RUNNING if number < place.running else Reach.PLANNED
        reach = Reach.PREPARED if place.running <= number < place.running + place.prepared else reach
        started = today() - MONTH * 26 + MONTH * 3 * number if reach is Reach.RUNNING else None
        note = "Kelurahan percontohan (demo)" if number == 0 else ""
        db.execute(
            "INSERT INTO kelurahan (name, reach, started, note) VALUES (?, ?, ?, ?)",
            (name, reach.value, min(started, today() - timedelta(days=20)).isoformat() if started else None, note),
        )
    for name, english, begins, ends, aim in STAGES:
        days = ((today() + MONTH * begins).isoformat(), (today() + MONTH * ends).isoformat())
        db.execute(
            "INSERT INTO stage (name, name_en, begins, ends, aim) VALUES (?, ?, ?, ?, ?)",
            (name, english, *days, aim or len(place.kelurahan)),
        )


def _catalogue(db: sqlite3.Connection) -> None:
    for kind_id, (name, english, family, before, per_kg, _) in enumerate(KINDS, start=1):
        db.execute("INSERT INTO kind (id, name, name_en, family) VALUES (?, ?, ?, ?)", (kind_id, name, english, family))
        days = ((today() - timedelta(days=500), before), (today() - NEW_PRICES, per_kg))
        db.executemany(
            "INSERT INTO price (kind_id, since, per_kg) VALUES (?, ?, ?)",
            [(kind_id, day.isoformat(), price) for day, price in days],
        )


def _groups(db: sqlite3.Connection, chance: random.Random, place: Place) -> list[tuple[int, int, date]]:
    """(id, kelurahan, since) of every RT."""
    found = []
    for kelurahan_id, row in enumerate(
        db.execute("SELECT started FROM kelurahan WHERE reach = 'running' ORDER BY id").fetchall(), start=1
    ):
        started = date.fromisoformat(row["started"])
        for number in sorted(chance.sample(range(1, 30), max(2, place.groups + 2 - kelurahan_id // 3))):
            since = started + timedelta(days=chance.randint(0, max(1, (today() - started).days // 2)))
            made = db.execute(
                "INSERT INTO rt (kelurahan_id, name, since) VALUES (?, ?, ?)",
                (kelurahan_id, f"RT {number:02d}", since.isoformat()),
            )
            rt_id, households = int(made.lastrowid or 0), chance.randint(28, 96)
            _census(db, rt_id, since, households, households + chance.randint(-4, 12))
            found.append((rt_id, kelurahan_id, since))
    return found


def _census(db: sqlite3.Connection, rt_id: int, since: date, first: int, later: int) -> None:
    """Counted when the RT joined and once more halfway to today."""
    halfway = since + (today() - since) // 2
    for day, households in ((since, first), (max(halfway, since + timedelta(days=1)), later)):
        db.execute(
            "INSERT INTO census (rt_id, since, households) VALUES (?, ?, ?)", (rt_id, day.isoformat(), households)
        )


def _posts(db: sqlite3.Connection, chance: random.Random, place: Place) -> None:
    for number, name in enumerate(place.kelurahan[: place.running], start=1):
        lat, lon = place.middle[0] + chance.uniform(-0.035, 0.035), place.middle[1] + chance.uniform(-0.035, 0.035)
        hours = chance.choice(("Sabtu 07.30–11.00", "Minggu 07.30–11.00", "Rabu dan Sabtu 15.30–17.30"))
        db.execute(
            "INSERT INTO post (kelurahan_id, name, address, hours, lat, lon) VALUES (?, ?, ?, ?, ?, ?)",
            (number, f"Bank Sampah {name}", f"Balai RW {chance.randint(1, 12):02d}, {name} (demo)", hours,
             round(lat, 5), round(lon, 5)),
        )  # fmt: skip


def _savers(
    db: sqlite3.Connection, chance: random.Random, groups: list[tuple[int, int, date]]
) -> list[tuple[int, int, date]]:
    """(id, post, joined) of every passbook. Their codes are known to nobody."""
    found, number = [], 0
    for rt_id, kelurahan_id, since in groups:
        for _ in range(chance.randint(7, 15)):
            number += 1
            joined = since + timedelta(days=chance.randint(0, max(1, (today() - since).days * 2 // 3)))
            made = db.execute(
                "INSERT INTO customer (number, code_hash, rt_id, name, joined) VALUES (?, ?, ?, ?, ?)",
                (f"BS-{joined.year}-{900000 + number}", "", rt_id, f"Nasabah {number} (demo)", joined.isoformat()),
            )
            found.append((int(made.lastrowid or 0), kelurahan_id, joined))
    return found


def _ledger(db: sqlite3.Connection, chance: random.Random, savers: list[tuple[int, int, date]]) -> None:
    """Deposits every few weeks until yesterday, now and then a withdrawal, a few mistakes put right; in the order of
    their days.
    """
    acts, present = [], today()
    for customer_id, post_id, joined in savers:
        day = max(joined, present - timedelta(days=HISTORY)) + timedelta(days=chance.randint(0, 20))
        pace = chance.choice((14, 21, 28, 35, 56))
        while day < present:
            acts.append((day, customer_id, post_id, chance.random()))
            day += timedelta(days=max(5, round(pace * chance.uniform(0.6, 1.5))))
    held: dict[int, int] = {}
    for number, (day, customer_id, post_id, fate) in enumerate(sorted(acts)):
        balance = held.get(customer_id, 0)
        if fate < 0.14 and balance > 40_000:
            amount = -(balance // 2 // 1000 * 1000)
            _entry(db, number, customer_id, "withdrawal", day, post_id, amount)
        else:
            lines = _weighed(chance, day >= present - NEW_PRICES)
            amount = sum(line[3] for line in lines)
            entry_id = _entry(db, number, customer_id, "deposit", day, post_id, amount, lines)
            if fate > 0.985:
                opposite = [(kind_id, -weight, price, -worth) for kind_id, weight, price, worth in lines]
                _entry(db, number, customer_id, "reversal", day, post_id, -amount, opposite, entry_id)
                amount = 0
        held[customer_id] = balance + amount


def _weighed(chance: random.Random, dear: bool) -> list[tuple[int, int, int, int]]:
    lines = []
    for kind_id in chance.sample(range(1, len(KINDS) + 1), chance.choice((1, 2, 2, 3))):
        _, _, _, before, per_kg, usual = KINDS[kind_id - 1]
        price = per_kg if dear else before
        weight = max(100, round(usual * chance.uniform(0.4, 2.2)) // 50 * 50)
        lines.append((kind_id, weight, price, rules.worth(weight, price)))
    return lines


def _entry(
    db: sqlite3.Connection, number: int, customer_id: int, kind: str, day: date, post_id: int, amount: int,
    lines: list[tuple[int, int, int, int]] = [], reverses: int | None = None,  # noqa: B006 - only read
) -> int:  # fmt: skip
    note = "Berat salah dibaca (demo)" if reverses else ""
    made = db.execute(
        "INSERT INTO entry (customer_id, kind, day, at, post_id, amount, actor, note, nonce, reverses)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (customer_id, kind, day.isoformat(), f"{day.isoformat()}T02:{number % 60:02d}:00+00:00", post_id, amount, STAFF,
         note, f"demo-{kind}-{number}", reverses),
    )  # fmt: skip
    entry_id = int(made.lastrowid or 0)
    db.executemany(
        "INSERT INTO line (entry_id, kind_id, grams, per_kg, amount) VALUES (?, ?, ?, ?, ?)",
        [(entry_id, *line) for line in lines],
    )
    return entry_id


def _activities(db: sqlite3.Connection, chance: random.Random, groups: list[tuple[int, int, date]]) -> None:
    pictures = demo_pictures.pictures(PICTURES)
    for number in range(len(ACTIVITIES) * 2):
        title, body = ACTIVITIES[number % len(ACTIVITIES)]
        rt_id = groups[(number * 7) % len(groups)][0]
        day = today() - timedelta(days=4 + number * 13 + chance.randint(0, 6))
        made = db.execute(
            "INSERT INTO activity (rt_id, title, body, day, people, shown, actor, created)"
            " VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
            (rt_id, title, f"{body} (demo)", day.isoformat(), chance.randint(12, 64), STAFF, now().isoformat()),
        )
        if number < len(pictures):
            photo = pictures[number]
            db.execute(
                "INSERT INTO activity_photo (activity_id, name, width, height, text) VALUES (?, ?, ?, ?, ?)",
                (made.lastrowid, photo.name, photo.width, photo.height, "Gambar lingkungan RT, bukan foto (demo)"),
            )
