"""A city with one running kelurahan, one RT, one post and two kinds, on a fixed Monday."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from lumbung_plugin import clock, connect
from lumbung_plugin.testing import hosted
from masdarling import bank, catalogue, create_app, migrations, rollout, savers

TODAY = date(2026, 11, 23)
STAFF = "Petugas (demo)"
PLASTIC, PAPER = 1, 2


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hosted(monkeypatch, tmp_path, {"least_withdrawal": 5000, "keep_days": 30}, "masdarling")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    for module in (bank, savers):
        monkeypatch.setattr(module, "now", lambda: clock.now())
    migrations.upgrade()


@pytest.fixture
def db(host: None) -> Iterator[sqlite3.Connection]:
    with closing(connect()) as opened:
        rollout.save_kelurahan(opened, None, "Telihan", "running", date(2025, 1, 4), "")
        catalogue.save_group(opened, None, 1, "RT 05", 40, True)
        place = {"kelurahan_id": 1, "address": "", "hours": "", "lat": None, "lon": None, "active": 1}
        catalogue.save_post(opened, None, {**place, "name": "Bank Sampah Telihan"})
        for name, per_kg in (("Plastik", 3500), ("Kardus", 1600)):
            kind_id = catalogue.save_kind(opened, None, name, "", "plastik", True)
            catalogue.set_price(opened, kind_id, TODAY, per_kg)
        yield opened


@pytest.fixture
def app(db: sqlite3.Connection) -> Flask:
    made = create_app()
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def saver(db: sqlite3.Connection, app: Flask) -> int:
    """A passbook of RT 05."""
    with app.app_context():
        return savers.join(db, 1, "Warga (demo)", "")[0]
