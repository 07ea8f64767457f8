"""One throw-away PostgreSQL per test process; each test's work is rolled back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from xdist.scheduler import LoadGroupScheduling

from registry.app import create_app
from registry.config import Settings
from registry.core import audit
from registry.core.db import db
from registry.operate import database
from registry.operate.postgres import Cluster

END_TO_END = "tests/e2e/"


class OneStack(LoadGroupScheduling):
    """Everything end to end in one worker. Its mark `xdist_group` says so too, but pytest 9.2 no longer reads the
    name that xdist 3.8 gives a marked test, and then every worker starts a stack and the chapters lose their order.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "e2e" if nodeid.startswith(END_TO_END) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneStack | None:
    return OneStack(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lumbung-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(data: Path) -> Iterator[Cluster]:
    cluster = Cluster(data / "postgres", data / "run" / "pg", data / "secrets", ("-c fsync=off",))
    cluster.prepare()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def settings(cluster: Cluster, data: Path) -> Settings:
    return Settings(data=data, database_url=cluster.app_url(), owner_url=cluster.owner_url())


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    database.upgrade(settings)
    return app


@pytest.fixture
def clean(app: Flask, settings: Settings) -> Iterator[None]:
    """Empties every table after a test that commits."""
    yield
    engine = create_engine(settings.owner_url)
    with engine.begin() as connection:
        names = ", ".join([*(table.name for table in db.metadata.sorted_tables), "procrastinate_jobs"])
        connection.exec_driver_sql("alter table audit_entries disable trigger append_only")
        connection.exec_driver_sql(f"truncate {names} restart identity cascade")
        connection.exec_driver_sql("alter table audit_entries enable trigger append_only")
    engine.dispose()


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """Who acted in the test before is forgotten."""
    audit.act_as(audit.SYSTEM)


@pytest.fixture
def context(app: Flask, clean: None) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask, clean: None) -> FlaskClient:
    return app.test_client()


os.environ.setdefault("TZ", "UTC")
