"""One throw-away PostgreSQL per test process; each test's work is rolled back."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadGroupScheduling

from registry.accounts import service as accounts
from registry.app import create_app
from registry.catalog.search import store
from registry.config import Settings
from registry.core import audit
from registry.core.db import db
from registry.operate import database
from registry.operate.postgres import Cluster
from tests.moulds import Moulds
from tests.quick_restic import pour_repository  # noqa: F401 fixture

gc.disable()  # until all is loaded and collected, which stays to the end (`pytest_collection_finish`)
hypothesis.settings.register_profile("busy machines", deadline=None)
hypothesis.settings.load_profile("busy machines")

HOUR, LAST_SECONDS = 3600, 15
END_TO_END, ALONE = "tests/e2e/", "tests/plugins/"
QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")
SWEEP = """
create procedure pg_temp.sweep() language plpgsql as $$
declare one text;
begin
  set local session_replication_role = replica;
  for one in {filled} loop
    execute format('delete from %I', one);
    perform setval(objid::regclass, 1, false) from pg_depend join pg_class number on number.oid = objid
      where refobjid = one::regclass and classid = 'pg_class'::regclass and number.relkind = 'S';
  end loop;
end $$
"""
"""Only tables that hold something, which is quicker than all by far, and by the server itself, which plans it once."""


class OneStack(LoadGroupScheduling):
    """Each folder of end to end in one worker, in the order of its chapters; each plugin's pages in one. Marks would
    say so too, but pytest 9.2 no longer reads the name that xdist 3.8 gives a marked test.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith(ALONE):
            return file
        if file.startswith(END_TO_END):
            return file.rpartition("/")[0]
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneStack | None:
    return OneStack(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What tries the whole application in one test takes a minute: begun last, everybody would wait for it."""
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


def pytest_collection_finish() -> None:
    """Thousands of tests and the whole application are never garbage: nobody looks through them again and again."""
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_hour_ends() -> None:
    """Days, months and years end with an hour, wherever people live: what would begin in its last seconds waits for
    the next one. Plugins, browsers and PostgreSQL have the machine's clock, which no test can move.
    """
    left = HOUR - time.time() % HOUR
    if left < LAST_SECONDS:
        time.sleep(left)


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


@pytest.fixture(scope="session")
def sweeper(app: Flask, cluster: Cluster, settings: Settings) -> Iterator[Engine]:
    """The server's own role: neither policies nor foreign keys nor the log's trigger keep it from emptying tables."""
    database_name = make_url(settings.owner_url).database
    engine = create_engine(make_url(cluster.super_url()).set(database=database_name), pool_pre_ping=True)
    filled = " union all ".join(f"select '{one}' where exists (select from {one})" for one in _tables())
    sweep = SWEEP.format(filled=filled)
    event.listen(engine, "connect", lambda connection, _record: connection.execute(sweep).connection.commit())
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def moulds(sweeper: Engine, data: Path) -> Moulds:
    return Moulds(sweeper, data / "moulds", _tables())


def _tables() -> list[str]:
    return [*(table.name for table in db.metadata.sorted_tables), *QUEUE]


@pytest.fixture
def clean(sweeper: Engine) -> Iterator[None]:
    """Empties every table after a test that commits."""
    yield
    sweep(sweeper)


def sweep(sweeper: Engine) -> None:
    """Of all tables; as nobody but the server's own role can."""
    with sweeper.begin() as connection:
        connection.exec_driver_sql("call pg_temp.sweep()")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords of tests guard nothing, and each real hash takes a fifth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """Who acted in the test before is forgotten."""
    audit.act_as(audit.SYSTEM)


@pytest.fixture(scope="session", autouse=True)
def seen_at_once() -> Iterator[None]:
    """What the catalog heard of its version holds for a moment; tests change it and look in that moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "BELIEVED", 0.0)
        yield


@pytest.fixture
def context(app: Flask, clean: None) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask, clean: None) -> FlaskClient:
    return app.test_client()


os.environ.setdefault("TZ", "UTC")
