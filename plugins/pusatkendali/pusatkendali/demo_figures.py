"""Made-up figures and sixty days of their history: the same every time for the same moment."""

import random
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from lumbung_plugin import clock

from pusatkendali import history, sources
from pusatkendali.models import Grain

FILE = Path(__file__).parent / "data" / "demo.toml"
DAYS, HOURS, FIVE_MINUTES = 60, 24 * 14, 96
# A few the mayor lets everybody see.
RELEASED = (
    "lapor.diterima", "lapor.selesai", "penilaian.ikm", "antrian.dilayani", "antrian.tunggu_median",
    "perizinan.tepat_waktu", "anggaran.dihemat", "masdarling.kilogram",
)  # fmt: skip
WEEKEND = 0.12


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up figure, as `demo.toml` describes it."""

    name: str
    unit: str
    label_id: str
    label_en: str
    good: str
    level: float
    drift: float
    swing: float
    week: bool
    whole: bool

    @property
    def app(self) -> str:
        return self.name.partition(".")[0]


@lru_cache(maxsize=1)
def made() -> list[Made]:
    """All of them, in the order of the file."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["figure"]
    return [
        Made(
            *one["id"].split("|"),
            one["level"],
            one["drift"],
            one["swing"],
            bool(one.get("week")),
            bool(one.get("whole", 1)),
        )
        for one in told
    ]


def fill(db: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Write figures and history; returns the figures' numbers by name."""
    found = {}
    for place, one in enumerate(made()):
        chance = random.Random(f"{one.name} {clock.local(now).date()}")  # noqa: S311 the same every time
        found[one.name] = _figure(db, one, now, place)
        db.executemany(
            "INSERT OR REPLACE INTO history (figure_id, grain, at, value, low, high) VALUES (?, ?, ?, ?, ?, ?)",
            [(found[one.name], *point) for point in _points(one, now, chance)],
        )
    return found


def _figure(db: sqlite3.Connection, one: Made, now: datetime, place: int) -> int:
    return int(
        db.execute(
            "INSERT INTO figure (app, name, label_id, label_en, unit, good, theme, value, at, seen_at, position, "
            "released, demo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (one.app, one.name, one.label_id, one.label_en, one.unit, one.good, sources.known()[one.app].theme,
             _rounded(one, one.level), now.isoformat(), now.isoformat(), 10 + place, int(one.name in RELEASED)),
        ).lastrowid or 0
    )  # fmt: skip


def _points(one: Made, now: datetime, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """(grain, at, value, low, high), ending at the level itself."""
    spans = (
        (Grain.DAY, timedelta(days=1), DAYS),
        (Grain.HOUR, timedelta(hours=1), HOURS),
        (Grain.RAW, timedelta(minutes=30), FIVE_MINUTES),
    )
    for grain, step, count in spans:
        for back in range(count, -1, -1):
            at = now - back * step
            value = _rounded(one, one.level if not back else _value(one, at, now, chance))
            spread = abs(value) * one.swing / 2
            yield grain, history.key(grain, at), value, _rounded(one, value - spread), _rounded(one, value + spread)


def _value(one: Made, at: datetime, now: datetime, chance: random.Random) -> float:
    age = (now - at) / timedelta(days=DAYS)
    level = one.level / (1 + one.drift) if one.drift > -1 else one.level
    value = one.level + (level - one.level) * age
    quiet = WEEKEND if one.week and clock.local(at).weekday() >= 5 else 1.0
    return value * quiet * (1 + chance.uniform(-one.swing, one.swing))


def _rounded(one: Made, value: float) -> float:
    return float(round(value)) if one.whole else round(value, 2 if one.level < 10 else 1)
