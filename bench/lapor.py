"""How lapor bears a city's growth: its list, search, map, figures, queue and form with 100,000 reports against 1,000,
asked in process by Flask's client, without host and network.

Each line is the 95th percentile of one page or act with much data, as a multiple of the same with little: 1 is an app
that does not notice.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from registry.config import REPOSITORY

ROUNDS, ASKED = 3, 40
SMALL, LARGE = 1_000, 100_000
OPERATOR = {"id": "1", "name": "Operator (demo)", "role": "operator", "opd": None, "opd_id": None}
Act = Callable[[FlaskClient], object]


def run(house: House) -> list[Row]:
    folder = house.folder
    cities = {size: told(folder / f"lapor-{size}", "lapor") for size in (SMALL, LARGE)}
    for size, environment in cities.items():
        with patch.dict(os.environ, environment):
            import_module("lapor.migrations").upgrade()
        _fill_lapor(Path(environment["DATA_DIR"]) / "data.sqlite3", size)
    with patch.dict(os.environ, cities[SMALL]):
        client = client_of("lapor")
    # More than all of a city's senders together may send within ten minutes.
    limits: Any = import_module("lapor.citizen")
    limits.TOGETHER = ROUNDS * ASKED * 2
    rows = []
    for what, act in LAPOR.items():
        found = rounds(
            ROUNDS, small=partial(p95, client, act, cities[SMALL]), large=partial(p95, client, act, cities[LARGE])
        )
        growth = ratio(found["large"], found["small"])
        rows.append(Row("lapor", f"{what}, 100,000 reports, p95", "1,000 reports", growth, BOUNDS.get(what)))
        slow = spread([1000 * seconds for seconds in found["large"]])
        rows.append(Row("lapor", f"{what}, 100,000 reports, p95", "", slow, unit="ms"))
    return rows


def told(data: Path, app: str) -> dict[str, str]:
    """The environment a host gives ``app`` for a new data folder; its bundle and the library can be imported then."""
    data.mkdir(parents=True)
    config = data / "config.json"
    config.write_text(json.dumps({"kelurahan": ["Api-Api", "Guntung", "Loktuan"]}))
    for folder in (REPOSITORY / "sdk", REPOSITORY / "plugins" / app):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return {
        "DATA_DIR": str(data),
        "CONFIG_FILE": str(config),
        "SECRET_KEY": "bench",
        "PLUGIN_NAME": app,
        "PLUGIN_ORIGIN": f"http://{app}.bench.localhost",
        "TENANT_NAME": "Kota Bontang",
        "TENANT_CODE": "64.74",
        "TENANT_TIMEZONE": "Asia/Makassar",
        "TENANT_DEMO": "",
    }


def client_of(app: str) -> FlaskClient:
    """A client of a new application, without tokens against forgery."""
    made = import_module(app).create_app()
    made.config.update(WTF_CSRF_ENABLED=False)
    client: FlaskClient = made.test_client()
    return client


def p95(client: FlaskClient, act: Act, environment: Mapping[str, str]) -> float:
    """The 95th percentile of ``ASKED`` times in one city, in seconds, after one that warms up."""
    times = []
    with patch.dict(os.environ, environment):
        act(client)
        for _ in range(ASKED):
            began = time.perf_counter()
            act(client)
            times.append(time.perf_counter() - began)
    return statistics.quantiles(times, n=20)[-1]


def page(path: str, environ: Mapping[str, Any] | None = None) -> Act:
    """Reads one page, which must be there."""

    def read(client: FlaskClient) -> None:
        answer = client.get(path, environ_overrides=dict(environ or {}))
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"

    return read


def _send(client: FlaskClient) -> None:
    """A whole report by form, each from a browser of its own."""
    client.delete_cookie("session")
    given = {"kind": "complaint", "category_id": "1", "title": "Lubang di jalan raya", "kelurahan": "Api-Api"}
    answer = client.post("/lapor", data={**given, "body": "Lubang selebar satu meter sejak dua pekan."})
    assert answer.status_code == 302, f"the form answers {answer.status_code}"


LAPOR: dict[str, Act] = {
    "the list": page("/laporan"),
    "a page deep in the list": page("/laporan?sesudah=500"),
    "the list of a category": page("/laporan?kategori=3"),
    "a search": page("/laporan?q=lampu+pasar"),
    "the map": page("/peta"),
    "the figures of a year": page("/angka?hari=365"),
    "the operator's queue": page("/kerja?status=new", {"lumbung.person": OPERATOR}),
    "the form": page("/lapor"),
    "a report sent": _send,
}
BOUNDS = {"the list": 2, "the list of a category": 2, "a search": 3, "the form": 2, "a report sent": 2}
WORDS = ("lampu jalan lubang sampah selokan pasar sekolah air banjir parkir trotoar jembatan taman rambu gang "
         "pohon tumbang bocor mati rusak").split()  # fmt: skip

# Each word stands in about a tenth of the reports, as the commonest of a city's complaints do.
VOCABULARY = [*WORDS, *(f"kata{place}" for place in range(380))]


def _fill_lapor(path: Path, count: int) -> None:
    """Reports over a year, most of them answered, spread over all categories, offices and kelurahan."""
    dice = random.Random(count)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO report (number, code_hash, kind, category_id, title, body, kelurahan, latitude, longitude,"
            " state, office_id, deadline, created_at, answered_at, rating) "
            "VALUES (?, '', 'complaint', ?, ?, ?, ?, ?, ?, ?, ?, date('now', ?), strftime('%Y-%m-%dT%H:%M:%S+00:00',"
            " 'now', ?), strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', ?), ?)",
            (_report(dice, place, count) for place in range(count)),
        )


def _report(dice: random.Random, place: int, count: int) -> tuple[object, ...]:
    minutes = 60 + int((count - place) / count * 525_000)
    chance = dice.random()
    state = "new" if chance < 0.02 else "accepted" if chance < 0.03 else "assigned" if chance < 0.08 else "answered"
    given = state in ("assigned", "answered")
    return (
        f"LP-2000-{place:06}",
        dice.randrange(1, 12),
        " ".join(dice.choices(VOCABULARY, k=4)),
        " ".join(dice.choices(VOCABULARY, k=40)),
        dice.choice(("Api-Api", "Guntung", "Loktuan")),
        0.1 + dice.random() / 10,
        117.45 + dice.random() / 20,
        state,
        dice.randrange(1, 9) if given else None,
        f"-{minutes - 8000} minutes" if given else None,
        f"-{minutes} minutes",
        f"-{max(minutes - dice.randrange(100, 9000), 0)} minutes" if state == "answered" else None,
        dice.choice((None, 3, 4, 5)) if state == "answered" else None,
    )
