from datetime import date

import pytest
from flask.testing import FlaskClient
from lumbung_plugin import transaction
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff
from rencana import work
from rencana.rules import Actor, Direction
from rencana.work import NewMilestone, NewProgramme

INFORMATICS, ROADS = "Dinas Komunikasi dan Informatika", "Dinas Pekerjaan Umum dan Penataan Ruang"
GREEN = "Dinas Lingkungan Hidup"
BOSS = Actor("Administrator (demo)", None, True)


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("rencana", {"title": "Rencana", "remind_to": ["sekretariat@bontang.example"]})


@pytest.fixture
def owner(client) -> FlaskClient:
    return as_staff(client, "operator", INFORMATICS)


@pytest.fixture
def partner(client) -> FlaskClient:
    return as_staff(client, "operator", ROADS)


@pytest.fixture
def stranger(client) -> FlaskClient:
    return as_staff(client, "operator", GREEN)


@pytest.fixture
def offices(db) -> dict[str, int]:
    return {row["name"]: row["id"] for row in db.execute("SELECT id, name FROM office")}


@pytest.fixture
def programme(db, offices) -> int:
    """A programme of the informatics office with the roads' office as its partner."""
    new = NewProgramme(2, "Pusat kendali kota", "Pimpinan melihat angka kota dari satu ruang.", True,
                       offices[INFORMATICS], date(2020, 1, 1), date(2029, 12, 31), (offices[ROADS],))  # fmt: skip
    with transaction(db):
        return work.save_programme(db, BOSS, None, new)


@pytest.fixture
def milestone(db, programme):
    """Adds a milestone; returns its id."""

    def made(title: str = "Ruang siap", due: date = date(2021, 6, 1), app: str = "", figure: str = "",
             target: float | None = None, direction: Direction = Direction.UP) -> int:  # fmt: skip
        with transaction(db):
            work.save_milestone(db, BOSS, programme, None, NewMilestone(title, due, app, figure, target, direction))
        return db.execute("SELECT max(id) FROM milestone").fetchone()[0]

    return made
