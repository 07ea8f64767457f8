"""What every bundle's tests begin with, as a pytest plugin: a hosted bundle, its application, the people who use it.

A bundle's `tests/conftest.py` names the bundle, and adds only what is its own::

    from lumbung_plugin.bundles import Bundle

    pytest_plugins = ["lumbung_plugin.fixtures"]

    @pytest.fixture(scope="session")
    def bundle() -> Bundle:
        return Bundle("lapor", {"title": "Kesah Etam"})

The database is migrated once and the application made once, with its templates; each test has a copy of the one and,
in the other, the city, the folder and the settings of its own, for they are read from the environment at each request.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lumbung_plugin.bundles import Bundle, Demonstration
from lumbung_plugin.storage import connect
from lumbung_plugin.testing import Siblings, as_staff, hosted

pytest.register_assert_rewrite("lumbung_plugin.contract")


@pytest.fixture(scope="session")
def prepared(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as after a first start, with what the bundle's tests fill in: never written to by a test."""
    with pytest.MonkeyPatch.context() as patch:
        data = hosted(patch, tmp_path_factory.mktemp("prepared"), bundle.config, bundle.name)
        bundle.upgrade()
        if bundle.fill:
            with closing(connect()) as db:
                bundle.fill(db)
                db.commit()
    return data


@pytest.fixture(scope="session")
def application(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Without CSRF tokens; of a folder of its own, so what it compiles is in no test's."""
    with pytest.MonkeyPatch.context() as patch:
        hosted(patch, tmp_path_factory.mktemp("application"), bundle.config, bundle.name)
        made = bundle.create_app()
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture(scope="session")
def demonstrations(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Demonstration]:
    """A demonstration of the city of a Kemendagri code, filled when first asked for."""

    @cache
    def filled(code: str) -> Demonstration:
        with pytest.MonkeyPatch.context() as patch:
            folder = hosted(patch, tmp_path_factory.mktemp("demo"), bundle.config, bundle.name)
            patch.setenv("TENANT_CODE", code)
            patch.setenv("TENANT_DEMO", "1")
            began = time.process_time()
            bundle.upgrade()
            return Demonstration(folder, time.process_time() - began)

    return filled


@pytest.fixture
def config(bundle: Bundle) -> Mapping[str, Any]:
    """The city's settings; a test file may say others."""
    return bundle.config


@pytest.fixture(autouse=True)
def host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bundle: Bundle, config: Mapping[str, Any], prepared: Path
) -> pytest.MonkeyPatch:
    """What the host gives a deployment; the database is brought up as before a start."""
    shutil.copytree(prepared, hosted(monkeypatch, tmp_path, config, bundle.name))
    return monkeypatch


@pytest.fixture
def empty(host: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """The host of a deployment that has no data yet, or that a test gives what an earlier release left."""
    host.setenv("DATA_DIR", str(tmp_path / "empty"))
    return host


@pytest.fixture
def demo(
    host: pytest.MonkeyPatch, tmp_path: Path, demonstrations: Callable[[str], Demonstration]
) -> pytest.MonkeyPatch:
    """The host of a demonstration of Bontang, filled."""
    put(demonstrations("64.74"), tmp_path)
    host.setenv("TENANT_DEMO", "1")
    return host


def put(demonstration: Demonstration, tmp_path: Path) -> None:
    """Let the test's data folder be that of the demonstration. No connection may be open."""
    shutil.rmtree(tmp_path / "data")
    shutil.copytree(demonstration.folder, tmp_path / "data")


@pytest.fixture
def app(application: Flask, host: pytest.MonkeyPatch) -> Iterator[Flask]:
    """What a test changes in its configuration is undone."""
    kept = dict(application.config)
    yield application
    application.config.clear()
    application.config.update(kept)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen."""
    return app.test_client()


@pytest.fixture
def operator(client: FlaskClient) -> FlaskClient:
    return as_staff(client, "operator")


@pytest.fixture
def administrator(client: FlaskClient) -> FlaskClient:
    return as_staff(client, "administrator")


@pytest.fixture
def db(request: pytest.FixtureRequest, host: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A connection beside the application's; to the demonstration's database where the test wants one."""
    if "demo" in request.fixturenames:
        request.getfixturevalue("demo")
    with closing(connect()) as connection:
        yield connection


@pytest.fixture
def lumbung(host: pytest.MonkeyPatch) -> Iterator[Siblings]:
    """A Lumbung to ask."""
    with Siblings(host) as found:
        yield found
