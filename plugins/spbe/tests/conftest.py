from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from lumbung_plugin import offices
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff

YEAR = date.today().year
ANSWER = {"level": "3", "note": "Sudah ditetapkan dan dipakai semua OPD."}


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("spbe", fill=lambda db: offices.seed(db, ("Diskominfo", "Inspektorat", "Bagian Hukum")))


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
def begun(administrator, db) -> Callable[..., None]:
    """Begin a year and give all its indicators to Diskominfo."""

    def begin(value: int = YEAR, instrument: str = "permenpanrb-59-2020") -> None:
        answer = administrator.post("/admin", data={"year": value, "instrument": instrument})
        assert answer.status_code == 303, answer.text
        office = db.execute("SELECT id FROM office WHERE name = 'Diskominfo'").fetchone()[0]
        told = {f"office-{number}": office for number in range(1, 48)}
        administrator.post(f"/admin/{value}/pembagian", data=told)

    return begin
