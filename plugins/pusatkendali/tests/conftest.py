import pytest
from flask.testing import FlaskClient
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.kpi import Figure
from lumbung_plugin.testing import as_staff
from pusatkendali import gathering
from pusatkendali.gathering import Answer
from pusatkendali.models import Hearing

LATE = Figure("lapor.terlambat", 12, "laporan", "Lewat tenggat", "Past the deadline", good="down")
OFFICES = ("Dinas Kesehatan", "Dinas PUPR")


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """With two offices."""
    return Bundle("pusatkendali", {"title": "Bessai Berinta"}, fill=two_offices)


def two_offices(db):
    db.executemany("INSERT INTO office (name) VALUES (?)", [(name,) for name in OFFICES])


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
