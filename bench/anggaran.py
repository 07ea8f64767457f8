"""How the budget (plugins/anggaran) bears its size: a version with 20,000 sub-activities against one with 2,000.

Each line is the 95th percentile of one page or act, asked in process by Flask's client, as a multiple of the same with
the small version. Pages of a list should not notice; sums and a comparison read every row once; a CSV of ten times the
lines may take ten times as long.
"""

from __future__ import annotations

import io
import os
import random
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from importlib import import_module
from itertools import count as counting
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from bench.lapor import ROUNDS, Act, client_of, p95, page, told

SMALL, LARGE = 2_000, 20_000
OFFICES, ACTIVITIES = 40, 50
ADMINISTRATOR = {"id": "1", "name": "Administrator (demo)", "role": "administrator", "opd": None, "opd_id": None}
STAFF = {"lumbung.person": ADMINISTRATOR}
NUMBERS = counting()
HEAD = "Kode,Sub kegiatan,OPD,Pagu,Program,Kegiatan,Indikator,Target,Lokasi,Alasan\n"

PAGES: dict[str, Act] = {
    "the list": page("/kegiatan"),
    "a page deep in the list": page("/kegiatan?urut=pagu&sesudah=900"),
    "a search": page("/kegiatan?q=drainase+guntung"),
    "from the total to the offices": page("/rincian?menurut=opd"),
    "what was saved": page("/dihemat"),
    "two versions compared": page("/banding"),
    "the reviewer's list": page("/kerja?status=submitted&urut=pagu", STAFF),
}
BOUNDS = {"the list": 3, "a page deep in the list": 3, "two versions compared": 15, "a CSV": 15}


def run(house: House) -> list[Row]:
    """Pages, the comparison, and a CSV with as many lines as the version has sub-activities."""
    cities = {size: told(house.folder / f"anggaran-{size}", "anggaran") for size in (SMALL, LARGE)}
    for size, environment in cities.items():
        with patch.dict(os.environ, environment):
            import_module("anggaran.migrations").upgrade()
        _fill(Path(environment["DATA_DIR"]) / "data.sqlite3", size)
    with patch.dict(os.environ, cities[SMALL]):
        client = client_of("anggaran")
    rows = []
    for what, act in PAGES.items():
        found = rounds(
            ROUNDS, small=partial(p95, client, act, cities[SMALL]), large=partial(p95, client, act, cities[LARGE])
        )
        rows += _rows(f"{what}, 20,000 sub-activities, p95", found, BOUNDS.get(what))
    found = rounds(
        ROUNDS,
        small=partial(_taken_in, client, SMALL, cities[SMALL]),
        large=partial(_taken_in, client, LARGE, cities[LARGE]),
    )
    return rows + _rows("a CSV of 20,000 lines looked at and taken in", found, BOUNDS["a CSV"])


def _rows(what: str, found: dict[str, list[float]], bound: float | None) -> list[Row]:
    slow = spread([1000 * seconds for seconds in found["large"]])
    growth = ratio(found["large"], found["small"])
    return [Row("anggaran", what, "2,000", growth, bound), Row("anggaran", what, "", slow, unit="ms")]


def _fill(path: Path, count: int) -> None:
    """A frozen version, and one that struck out, reduced and added some of it; the second is frozen too."""
    dice = random.Random(count)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO office (name) VALUES (?)", [(f"Dinas {n:02d}",) for n in range(OFFICES)])
        first = db.execute("SELECT id FROM office WHERE name = 'Dinas 00'").fetchone()[0]
        for n in range(ACTIVITIES):
            programme = f"1.{n % 10 + 1:02d}.{n // 10 + 2:02d}"
            db.execute("INSERT INTO programme (code, name) VALUES (?, ?)", (programme, f"Program {n}"))
            db.execute(
                "INSERT INTO activity (programme_id, code, name) VALUES (?, ?, ?)",
                (n + 1, f"{programme}.2.01", f"Kegiatan {n}"),
            )
        db.execute("INSERT INTO year (year) VALUES (2027)")
        for number, stage in ((1, "RKPD"), (2, "APBD")):
            db.execute(
                "INSERT INTO version (year_id, stage, position, opened_at) VALUES (1, ?, ?, '')", (stage, number)
            )
            db.executemany(_INSERT, (_item(dice, number, first, place, count) for place in range(count)))
            db.execute("UPDATE version SET frozen_at = '2026-01-01' WHERE id = ?", (number,))
        db.execute("INSERT INTO version (year_id, stage, position, opened_at) VALUES (1, 'Perubahan', 3, '')")


_INSERT = """INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, location,
  state, cause_id, changed_at) VALUES (?, ?, ?, ?, (SELECT code FROM activity WHERE id = ?) || ?,
  ?, ?, ?, ?, ?, ?, '')"""


def _item(dice: random.Random, version: int, first: int, place: int, count: int) -> tuple[object, ...]:
    office, activity = first + place % OFFICES, place // OFFICES % ACTIVITIES + 1
    number = place // OFFICES // ACTIVITIES + (count if version == 2 and place % 29 == 0 else 0)
    asked = 1_000_000 * (1 + place % 977)
    struck, reduced = version == 2 and place % 13 == 0, version == 2 and place % 17 == 0
    amount = 0 if struck else asked // 2 if reduced else asked
    words = " ".join(dice.choices(("jalan", "drainase", "sekolah", "taman", "lampu", "Guntung", "Loktuan"), k=4))
    state = "struck" if struck else "submitted"
    cause = dice.randrange(1, 7) if amount < asked else None
    return (version, office, activity, activity, activity, f".{number:04d}"[:5], words, asked, amount, "", state, cause)


def _file(count: int) -> bytes:
    """A file of ``count`` lines that no file before it had."""
    number = next(NUMBERS)
    lines = [
        f"1.01.02.2.01.{place // OFFICES:04d},Kegiatan {number} {place},Dinas {place % OFFICES:02d},"
        f"{1_000_000 + place + number},,,Indikator,10 unit,Jalan {place % 17},Warga membutuhkannya\n"
        for place in range(count)
    ]
    return (HEAD + "".join(lines)).encode()


def _taken_in(client: FlaskClient, count: int, environment: Mapping[str, str]) -> float:
    """Seconds for the preview and the taking in together."""
    sent = {"file": (io.BytesIO(_file(count)), "usulan.csv")}
    options: dict[str, Any] = {"environ_overrides": STAFF}
    with patch.dict(os.environ, environment):
        began = time.perf_counter()
        answer = client.post("/kerja/impor", data=sent, content_type="multipart/form-data", **options)
        assert answer.status_code == 302, f"the upload answers {answer.status_code}"
        preview = answer.headers["Location"]
        assert client.get(preview, **options).status_code == 200
        assert client.post(preview, **options).status_code == 302, "the file was not taken in"
        return time.perf_counter() - began
