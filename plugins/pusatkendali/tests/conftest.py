import shutil
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from lumbung_plugin import connect
from lumbung_plugin.kpi import Figure
from lumbung_plugin.testing import Siblings, as_staff, hosted
from pusatkendali import create_app, gathering
from pusatkendali.gathering import Answer
from pusatkendali.migrations import upgrade
from pusatkendali.models import Hearing

LATE = Figure("lapor.terlambat", 12, "laporan", "Lewat tenggat", "Past the deadline", good="down")
OFFICES = ("Dinas Kesehatan", "Dinas PUPR")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A migrated database with two offices, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("migrated")
    with pytest.MonkeyPatch.context() as patch:
        hosted(patch, folder, {}, "pusatkendali")
        upgrade()
        with closing(connect()) as db:
            db.executemany("INSERT INTO office (name) VALUES (?)", [(name,) for name in OFFICES])
            db.commit()
    return folder / "data" / "data.sqlite3"


@pytest.fixture(autouse=True)
def host(monkeypatch, tmp_path, migrated):
    """Bontang as the host gives it, with two offices."""
    data = hosted(monkeypatch, tmp_path, {"title": "Bessai Berinta"}, "pusatkendali")
    data.mkdir()
    shutil.copy(migrated, data)
    return monkeypatch


@pytest.fixture
def app():
    made = create_app()
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def db():
    with closing(connect()) as connection:
        yield connection


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def leader(client) -> FlaskClient:
    return as_staff(client, "administrator", name="Kantor wali kota (demo)")


@pytest.fixture
def health(client) -> FlaskClient:
    """An operator of the first office."""
    return as_staff(client, "operator", "Dinas Kesehatan")


@pytest.fixture
def works(client) -> FlaskClient:
    """An operator of the second office."""
    return as_staff(client, "operator", "Dinas PUPR")


@pytest.fixture
def tell(db):
    """Take in what a sibling tells: `tell(LATE)`; returns the figure's number."""

    def told(figure: Figure = LATE, at=None) -> int:
        app = figure.name.partition(".")[0]
        gathering.take_in(db, {app: Answer(Hearing.SHOWN, [figure])}, at or gathering.clock.now())
        db.commit()
        return db.execute("SELECT id FROM figure WHERE name = ?", (figure.name,)).fetchone()["id"]

    return told


@pytest.fixture
def lumbung(monkeypatch):
    with Siblings(monkeypatch) as found:
        yield found


@pytest.fixture
def given(leader, db):
    """A disposition to the first office; returns its number."""
    leader.post("/kerja/disposisi/baru", data=ORDER)
    return db.execute("SELECT number FROM disposition").fetchone()["number"]


ORDER = {
    "title": "Antrean puskesmas",
    "instruction": "Buka loket kedua sampai pekan depan.",
    "office_id": "1",
    "days": "3",
}
