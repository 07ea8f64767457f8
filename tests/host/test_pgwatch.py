"""The watch over plugins' databases: what a role cannot be held to by its settings."""

# ruff: noqa: F811 - fixtures of another module are arguments here

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.config import Settings
from registry.host import pgwatch
from registry.host.holdings import Holdings, Keeper
from registry.host.pgwatch import MEMORY, Session, Watch, excess

from .support import until
from .test_postgres import enter, keeper, mine, provided, settings  # noqa: F401


def session(state: str, running: float = 0, resting: float = 0) -> Session:
    return Session(1, "plugin_1", state, running, resting)


@pytest.mark.parametrize(
    ("found", "memory", "ends"),
    [(session("active", 119), 0, False), (session("active", 121), 0, True), (session("idle", 9e9, 9e9), 0, False),
     (session("idle in transaction", 0, 119), 0, False), (session("idle in transaction", 0, 121), 0, True),
     (session("idle in transaction (aborted)", 0, 121), 0, True), (session("fastpath function call", 0, 121), 0, True),
     (session("active", 1), MEMORY, False), (session("idle"), MEMORY + 1, True),
     (Session(1, "plugin_1", None, None, None), 0, False)],
)  # fmt: skip
def test_when_a_session_ends(found: Session, memory: int, ends: bool) -> None:
    assert bool(excess(found, memory)) is ends


@pytest.fixture
def watch(settings: Settings, keeper: Keeper) -> Watch:
    return Watch(settings, keeper.server)


def look(watch: Watch) -> None:
    assert watch._server is not None
    with watch._server.connected() as connection:
        watch._sized = float("-inf")
        watch.look(watch._server, connection)


def test_a_statement_without_end_is_ended_whatever_its_settings_say(
    watch: Watch,
    mine: Holdings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pgwatch, "STATEMENT_SECONDS", 0.5)
    ended: list[Any] = []

    def run(connection: psycopg.Connection[Any]) -> None:
        try:
            connection.execute("set statement_timeout = 0")
            connection.execute("select pg_sleep(60)")
        except psycopg.OperationalError as error:
            ended.append(error)

    with enter(mine) as connection:
        thread = threading.Thread(target=run, args=(connection,))
        thread.start()
        until(lambda: (look(watch), ended)[1])
        thread.join()
    assert len(ended) == 1


def test_the_host_s_own_copying_takes_its_time(watch: Watch, mine: Holdings, monkeypatch: Any) -> None:
    monkeypatch.setattr(pgwatch, "MEMORY", -1)
    assert mine.database is not None
    mine.database.server.copying.add(mine.database.name)
    with enter(mine) as connection:
        look(watch)
        assert connection.execute("select 1").fetchone() == (1,)
        mine.database.server.copying.clear()
        look(watch)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def deploy(settings: Settings, holdings: Holdings, disk: int) -> None:
    """A row as hosting's, with this limit."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute('insert into builds (manifest) values (\'{"store": "postgresql"}\')')
        connection.execute("insert into revisions (build_id, limits) select id, jsonb_build_object('disk', %s::bigint)"
                           " from builds", (disk,))  # fmt: skip
        connection.execute("insert into deployments (id, serving_revision_id) overriding system value"
                           " select %s, id from revisions", (holdings.paths.deployment,))  # fmt: skip


def test_a_database_far_over_its_limit_is_closed_until_there_is_room(
    watch: Watch,
    mine: Holdings,
    settings: Settings,
) -> None:
    settings.run.mkdir(exist_ok=True)
    deploy(settings, mine, 12 * 2**20)
    closed = settings.run / "pg-closed" / str(mine.paths.deployment)
    look(watch)
    assert not closed.exists()
    with enter(mine) as connection:
        connection.execute("select lo_from_bytea(0, %s)", (os.urandom(9 * 2**20),))
        look(watch)
        assert closed.exists()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    assert pgwatch.size_of(settings, mine.paths.deployment) > 12 * 2**20
    mine.empty()
    look(watch)
    assert not closed.exists()
    assert pgwatch.size_of(settings, mine.paths.deployment) == 0


def test_memory_is_that_of_the_server_s_own_process(watch: Watch, tmp_path: Path) -> None:
    place = tmp_path / "7"
    place.mkdir()
    (place / "status").write_text("Name:\tpostgres\nRssAnon:\t  2048 kB\nRssFile:\t 99 kB\n")
    watch._proc = tmp_path
    assert watch._memory(7) == 2 * 2**20
    assert watch._memory(8) == 0
