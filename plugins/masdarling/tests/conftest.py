"""A city with one running kelurahan, one RT, one post and two kinds, on a fixed Monday."""

import sqlite3
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from lumbung_plugin import clock
from lumbung_plugin.bundles import Bundle
from masdarling import bank, catalogue, rollout, savers

TODAY = date(2026, 11, 23)
STAFF = "Petugas (demo)"
PLASTIC, PAPER = 1, 2


pytest_plugins = ["lumbung_plugin.fixtures"]


def at_ten() -> datetime:
    """In the morning of that day."""
    return datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def fill(db: sqlite3.Connection) -> None:
    """On that day, too: a price begins on the day it is set, or later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", at_ten)
        rollout.save_kelurahan(db, None, "Telihan", "running", date(2025, 1, 4), "")
        catalogue.save_group(db, None, 1, "RT 05", 40, True)
        place = {"kelurahan_id": 1, "address": "", "hours": "", "lat": None, "lon": None, "active": 1}
        catalogue.save_post(db, None, {**place, "name": "Bank Sampah Telihan"})
        for name, per_kg in (("Plastik", 3500), ("Kardus", 1600)):
            kind_id = catalogue.save_kind(db, None, name, "", "plastik", True)
            catalogue.set_price(db, kind_id, TODAY, per_kg)


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("masdarling", {"least_withdrawal": 5000, "keep_days": 30}, fill=fill)


@pytest.fixture(autouse=True)
def monday(host: pytest.MonkeyPatch) -> None:
    """It is ten in the morning of that day."""
    host.setattr(clock, "now", at_ten)
    for module in (bank, savers):
        host.setattr(module, "now", lambda: clock.now())


@pytest.fixture
def saver(db: sqlite3.Connection, app: Flask) -> int:
    """A passbook of RT 05."""
    with app.app_context():
        return savers.join(db, 1, "Warga (demo)", "")[0]
