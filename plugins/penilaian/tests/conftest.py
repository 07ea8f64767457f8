"""A hosted deployment with two services, an official and a service for visit codes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lumbung_plugin import connect, offices
from lumbung_plugin.testing import as_staff, hosted
from penilaian import create_app, store
from penilaian.migrations import upgrade

THINGS = (
    ("service", "KTP elektronik", "", "Loket 1", 0),
    ("service", "Akta kelahiran", "", "", 0),
    ("official", "Petugas loket", "7", "Loket 1", 0),
    ("service", "Kartu keluarga", "", "", 1),
)


@pytest.fixture
def chosen() -> dict[str, object]:
    """The city's settings; a test file may say others."""
    return {"minimum": 5, "burst_count": 6, "burst_minutes": 10}


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: dict[str, object]) -> pytest.MonkeyPatch:
    hosted(monkeypatch, tmp_path, chosen, name="penilaian")
    upgrade()
    return monkeypatch


@pytest.fixture
def db(host: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    with closing(connect()) as connection:
        offices.seed(connection, ["Disdukcapil", "DPMPTSP"])
        for at, (kind, name, number, place, token_only) in enumerate(THINGS):
            store.save(connection, {
                "office_id": 1 + (at == 1), "kind": kind, "name": name, "name_en": "", "number": number, "place": place,
                "survey": 1, "token_only": token_only, "active": 1,
            })  # fmt: skip
        connection.commit()
        yield connection


@pytest.fixture
def app(db: sqlite3.Connection) -> Flask:
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


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
    """A member of staff who reads English."""

    def member(role: str = "administrator", opd: str | None = None) -> FlaskClient:
        found = as_staff(client, role, opd)
        found.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return found

    return member


@pytest.fixture
def code(db: sqlite3.Connection) -> Callable[[str], str]:
    """The code of a rated thing, by its name."""
    return lambda name: str(db.execute("SELECT code FROM target WHERE name = ?", (name,)).fetchone()[0])


@pytest.fixture
def answers() -> Callable[..., dict[str, str]]:
    """A filled-in survey."""
    return lambda value=4, **more: {f"u{at}": str(value) for at in range(1, 10)} | more
