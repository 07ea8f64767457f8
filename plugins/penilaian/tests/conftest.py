"""A hosted deployment with two services, an official and a service for visit codes."""

import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lumbung_plugin import offices
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff
from penilaian import store

THINGS = (
    ("service", "KTP elektronik", "", "Loket 1", 0),
    ("service", "Akta kelahiran", "", "", 0),
    ("official", "Petugas loket", "7", "Loket 1", 0),
    ("service", "Kartu keluarga", "", "", 1),
)


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("penilaian", {"minimum": 5, "burst_count": 6, "burst_minutes": 10}, fill=things)


def things(db: sqlite3.Connection) -> None:
    offices.seed(db, ["Disdukcapil", "DPMPTSP"])
    for at, (kind, name, number, place, token_only) in enumerate(THINGS):
        store.save(db, {
            "office_id": 1 + (at == 1), "kind": kind, "name": name, "name_en": "", "number": number, "place": place,
            "survey": 1, "token_only": token_only, "active": 1,
        })  # fmt: skip


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen who reads English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def someone(app: Flask) -> Callable[[], FlaskClient]:
    """Another citizen each time."""

    def new() -> FlaskClient:
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return new


@pytest.fixture
def staff(client: FlaskClient) -> Callable[..., FlaskClient]:
    """A member of staff who reads English; an administrator unless something else is said."""
    return lambda role="administrator", opd=None: as_staff(client, role, opd)


@pytest.fixture
def code(db: sqlite3.Connection) -> Callable[[str], str]:
    """The code of a rated thing, by its name."""
    return lambda name: str(db.execute("SELECT code FROM target WHERE name = ?", (name,)).fetchone()[0])


@pytest.fixture
def answers() -> Callable[..., dict[str, str]]:
    """A filled-in survey."""
    return lambda value=4, **more: {f"u{at}": str(value) for at in range(1, 10)} | more
