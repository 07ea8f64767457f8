from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lumbung_plugin import connect, offices, transaction
from lumbung_plugin.testing import as_staff, hosted
from spbe import create_app
from spbe.migrations import upgrade

YEAR = date.today().year
ANSWER = {"level": "3", "note": "Sudah ditetapkan dan dipakai semua OPD."}


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """What the host gives a deployment; the database is brought up as before a start."""
    hosted(monkeypatch, tmp_path, {}, name="spbe")
    upgrade()
    with closing(connect()) as db, transaction(db):
        offices.seed(db, ("Diskominfo", "Inspektorat", "Bagian Hukum"))
    return monkeypatch


@pytest.fixture
def app():
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(app) -> FlaskClient:
    """A citizen."""
    return app.test_client()


@pytest.fixture
def administrator(client) -> FlaskClient:
    return as_staff(client, "administrator", name="Administrator (demo)")


@pytest.fixture
def operator(client) -> FlaskClient:
    """An operator of the office Diskominfo."""
    found = as_staff(client, "operator", "Diskominfo")
    found.environ_base["lumbung.person"]["id"] = "2"
    return found


@pytest.fixture
def assessor(client) -> FlaskClient:
    """An operator of the Inspektorat, the office that assesses."""
    found = as_staff(client, "operator", "Inspektorat")
    found.environ_base["lumbung.person"]["id"] = "3"
    return found


@pytest.fixture
def db():
    with closing(connect()) as connection:
        yield connection


@pytest.fixture
def begun(administrator, db) -> Callable[..., None]:
    """Begin a year and give all its indicators to Diskominfo."""

    def begin(value: int = YEAR, instrument: str = "permenpanrb-59-2020") -> None:
        answer = administrator.post("/admin", data={"year": value, "instrument": instrument})
        assert answer.status_code == 303, answer.text
        office = db.execute("SELECT id FROM office WHERE name = 'Diskominfo'").fetchone()[0]
        told = {f"office-{number}": office for number in range(1, 48)}
        administrator.post(f"/admin/{value}/pembagian", data=told)

    return begin
