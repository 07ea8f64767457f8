"""A plugin's own database: what its role cannot do, and that its content is copied and put back by that role alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from registry.config import Settings
from registry.host import data, pgdump, postgres
from registry.host.holdings import Holdings, Keeper, NoServerError
from registry.hosting.plain import FIRST_UID, Manifest
from tests.apart import first_number

from .conftest import fresh_database

WITH_STORE = Manifest("app:application", store="postgresql")


@pytest.fixture(scope="module")
def settings(cluster: str) -> Iterator[Settings]:
    """Beside other databases of the same server."""
    folder = Path(tempfile.mkdtemp(prefix="lpd-"))
    os.chmod(cluster.partition("host=")[2], 0o711)  # as the embedded server's
    yield Settings(data=folder, database_url=fresh_database(cluster), admin_url=cluster.format("postgres"))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def keeper(settings: Settings) -> Keeper:
    return Keeper(data.Stores(settings.data, os.getuid() == 0), postgres.server(settings), settings.outside)


def open_door(holdings: Holdings) -> None:
    """As the gateway does, without its relay: the server's own socket."""
    assert holdings.database is not None
    holdings.door.parent.mkdir(parents=True)
    os.link(Path(holdings.database.server.host) / holdings.door.name, holdings.door)


@contextmanager
def two_of(keeper: Keeper) -> Iterator[list[Holdings]]:
    """Two deployments with a database each."""
    made = []
    for _city in range(2):
        holdings = keeper.of(first_number())
        open_door(holdings)
        holdings.prepare()
        holdings.provide(WITH_STORE)
        made.append(holdings)
    yield made
    for holdings in made:
        holdings.purge()


@pytest.fixture(scope="module")
def lasting(keeper: Keeper) -> Iterator[list[Holdings]]:
    """The two of all tests that change nothing."""
    with two_of(keeper) as made:
        yield made


@pytest.fixture
def provided(keeper: Keeper) -> Iterator[list[Holdings]]:
    with two_of(keeper) as made:
        yield made


@pytest.fixture
def mine(provided: list[Holdings]) -> Holdings:
    return provided[0]


@pytest.fixture
def neighbour(provided: list[Holdings]) -> Holdings:
    return provided[1]


def enter(holdings: Holdings, **more: Any) -> psycopg.Connection[Any]:
    """As the plugin itself."""
    own = holdings.database
    assert own is not None
    given = {"dbname": own.name, "user": own.name, "password": own.password, "host": own.server.host, **more}
    return psycopg.connect(**given, autocommit=True)


def content(holdings: Holdings) -> str:
    """All there is, as SQL text."""
    own = holdings.database
    assert own is not None
    done = subprocess.run(
        [own.server.programs / "pg_dump", "--no-owner", own.name], env=pgdump._environment(own),
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def fill(holdings: Holdings, *words: str) -> None:
    with enter(holdings) as connection:
        connection.execute("create table if not exists notes (id serial primary key, word text)")
        for word in words:
            connection.execute("insert into notes (word) values (%s)", (word,))


def words(holdings: Holdings) -> list[str]:
    with enter(holdings) as connection:
        return [word for (word,) in connection.execute("select word from notes order by id")]


# What the role is


def test_a_plugin_works_in_its_own_database(mine: Holdings) -> None:
    with enter(mine) as connection:
        connection.execute("create extension pg_trgm")
        connection.execute("create schema archive")
        connection.execute("create table archive.t (a int)")
    fill(mine, "satu")
    assert words(mine) == ["satu"]


ACTS = """
create role x
create database x
alter role {own} superuser
alter role {own} connection limit 99
alter role {own} set temp_file_limit = -1
set temp_file_limit = -1
alter role {own} in database postgres set x.y = 1
set log_min_messages = debug5
alter database {own} connection limit 99
alter database {own} owner to {own}
drop role {neighbour}
set role {neighbour}
set session authorization postgres
copy (select 1) to program 'id'
copy (select 1) to '/tmp/x'
create table t (a text); copy t from '/etc/passwd'
select pg_read_file('/etc/passwd')
select pg_ls_dir('/')
select lo_import('/etc/passwd')
select lo_export(lo_creat(-1), '/tmp/x')
create extension dblink
create extension postgres_fdw
create extension adminpack
create extension file_fdw
load 'dblink'
create function f() returns int language c as 'libc.so.6', 'system'
create language plpython3u
create event trigger e on sql_drop execute function f()
select * from pg_authid
select pg_reload_conf()
select pg_switch_wal()
create subscription s connection 'host=x' publication p
select pg_create_physical_replication_slot('x')
alter system set work_mem = '9GB'
checkpoint
create tablespace t location '/tmp'
grant pg_read_server_files to {own}
create policy p on pg_authid
select pg_terminate_backend(pid) from pg_stat_activity where usename = '{neighbour}'
"""
NOT_ALLOWED = (
    errors.InsufficientPrivilege, errors.UndefinedFile, errors.UndefinedObject, errors.FeatureNotSupported,
    errors.ObjectNotInPrerequisiteState, errors.InvalidParameterValue, errors.UndefinedFunction,
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS.strip().splitlines())
def test_it_gains_nothing(lasting: list[Holdings], act: str) -> None:
    mine, neighbour = lasting
    assert mine.database and neighbour.database
    with enter(mine) as connection, enter(neighbour), pytest.raises(NOT_ALLOWED):
        connection.execute(act.format(own=mine.database.name, neighbour=neighbour.database.name))


def test_it_opens_its_own_database_to_nobody(provided: list[Holdings]) -> None:
    mine, neighbour = provided
    assert mine.database is not None
    with enter(mine) as connection:
        connection.execute(f"grant connect on database {mine.database.name} to public")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        enter(neighbour, dbname=mine.database.name)


def test_no_other_database_lets_it_in(lasting: list[Holdings], settings: Settings) -> None:
    mine, neighbour = lasting
    registry = str(psycopg.conninfo.conninfo_to_dict(settings.database_url)["dbname"])
    assert neighbour.database is not None
    for other in (neighbour.database.name, registry, "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied|CONNECT"):
            enter(mine, dbname=other)


def test_no_other_role_takes_its_password(lasting: list[Holdings]) -> None:
    mine, neighbour = lasting
    assert neighbour.database is not None
    for role in (neighbour.database.name, "test"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            enter(mine, user=role, dbname=neighbour.database.name)


def test_what_others_ask_cannot_be_seen(lasting: list[Holdings]) -> None:
    mine, neighbour = lasting
    with enter(mine) as connection, enter(neighbour) as other:
        other.execute("select 'rahasia kota lain'")
        seen = connection.execute("select * from pg_stat_activity").fetchall()
    assert "rahasia" not in str(seen)


def test_neither_words_nor_locks_pass_between_two_plugins(provided: list[Holdings]) -> None:
    mine, neighbour = provided
    with enter(mine) as one, enter(neighbour) as other:
        one.execute("listen a")
        other.execute("notify a, 'x'")
        other.execute("select pg_advisory_lock(1)")
        assert one.execute("select pg_try_advisory_lock(1)").fetchone() == (True,)
        assert list(one.notifies(timeout=0.3)) == []


def test_connections_are_counted(mine: Holdings) -> None:
    held = [enter(mine) for _ in range(postgres.CONNECTIONS)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        enter(mine)
    for connection in held:
        connection.close()


@pytest.mark.parametrize(("name", "value"), [("statement_timeout", "1min"), ("temp_file_limit", "512MB"),
                                             ("idle_in_transaction_session_timeout", "1min")])  # fmt: skip
def test_it_begins_with_limits(lasting: list[Holdings], name: str, value: str) -> None:
    with enter(lasting[0]) as connection:
        assert connection.execute(f"show {name}").fetchone() == (value,)


def test_temporary_files_are_bounded(mine: Holdings) -> None:
    with enter(mine) as connection:
        connection.execute("alter role current_user set work_mem = '64kB'")
        with pytest.raises(errors.ConfigurationLimitExceeded):
            connection.execute("select count(*) from (select g, repeat('x', 2000) from generate_series(1, 1000000) g"
                               " order by 2, 1 desc offset 1) t")  # fmt: skip


def test_the_password_is_kept_nowhere_and_hard_to_change(mine: Holdings, settings: Settings) -> None:
    own = mine.database
    assert own is not None and own.password not in repr(own) + repr(own.server)
    with enter(mine) as connection:
        connection.execute("alter role current_user password 'own'")
        connection.execute("alter role current_user set search_path = evil")
    mine.provide(WITH_STORE)
    with enter(mine) as connection:
        assert connection.execute("show search_path").fetchone() == ('"$user", public',)


def test_without_an_admin_a_bundle_with_this_store_is_refused(settings: Settings) -> None:
    keeper = Keeper(data.Stores(settings.data, False), None, settings.outside)
    keeper.of(7).provide(Manifest("app:application"))
    with pytest.raises(NoServerError, match="DATABASE_ADMIN_URL"):
        keeper.of(7).provide(WITH_STORE)


# Copies


def test_a_snapshot_is_put_back_as_it_was(mine: Holdings) -> None:
    fill(mine, "satu", "dua")
    (mine.paths.data / "file").write_text("lama")
    before = content(mine)
    mine.snapshot(1)
    with enter(mine) as connection:
        connection.execute("drop table notes")
        connection.execute("create table other (a int)")
    (mine.paths.data / "file").write_text("baru")
    mine.restore(1)
    assert content(mine) == before
    assert (mine.paths.data / "file").read_text() == "lama"
    fill(mine, "tiga")
    assert words(mine) == ["satu", "dua", "tiga"]


def test_everything_a_plugin_may_make_is_copied(mine: Holdings) -> None:
    with enter(mine) as connection:
        connection.execute("create extension pg_trgm")
        connection.execute("create schema s")
        connection.execute("create table s.t (id int generated always as identity, v text unique, check (v <> ''))")
        connection.execute("create index on s.t using gin (v gin_trgm_ops)")
        connection.execute("create view s.w as select v from s.t")
        connection.execute("create materialized view s.m as select v from s.t")
        connection.execute("create function s.f() returns trigger language plpgsql as $$ begin return new; end $$")
        connection.execute("create trigger g before insert on s.t for each row execute function s.f()")
        connection.execute("insert into s.t (v) values ('x')")
        connection.execute("select lo_from_bytea(0, 'gambar')")
        connection.execute("comment on schema public is 'milik saya'")
    before = content(mine)
    mine.snapshot(1)
    mine.restore(1)
    assert content(mine) == before


def test_a_copy_is_another_plugin_s_when_it_takes_it_over(provided: list[Holdings]) -> None:
    mine, neighbour = provided
    fill(mine, "satu")
    copy = mine.paths.home / "copies" / "1"
    mine.copy_to(copy)
    neighbour.take_over(copy)
    assert words(neighbour) == ["satu"]
    fill(neighbour, "dua")
    assert words(mine) == ["satu"]


def test_without_a_copy_there_is_no_database_afterwards(mine: Holdings) -> None:
    """The revision that left this snapshot kept its data in files only."""
    assert mine.database is not None
    mine.database.empty()
    mine.snapshot(1)
    mine.provide(WITH_STORE)
    mine.restore(1)
    assert not mine.database.exists()


def test_a_hostile_copy_runs_with_the_rights_of_the_plugin_alone(mine: Holdings) -> None:
    with enter(mine) as connection:
        connection.execute("create table who (name text, is_super text)")
        connection.execute("create function public.now() returns timestamptz language plpgsql as $$ begin"
                           " insert into public.who values (current_user, current_setting('is_superuser'));"
                           " return pg_catalog.now(); end $$")  # fmt: skip
        connection.execute("create table t (a int, at timestamptz default public.now())")
        connection.execute("create function leak() returns void language sql as $$ insert into public.who"
                           " values (current_user, current_setting('is_superuser')) $$")  # fmt: skip
        connection.execute("create function spy(a int) returns int immutable language plpgsql as"
                           " $$ begin perform public.leak(); return a; end $$")  # fmt: skip
        connection.execute("insert into t values (1)")
        connection.execute("create index on t (spy(a))")
        connection.execute("alter role current_user set search_path = public, pg_catalog")
    mine.snapshot(1)
    mine.restore(1)
    with enter(mine) as connection:
        found = set(connection.execute("select * from public.who"))
    assert mine.database is not None
    assert found == {(mine.database.name, "off")}


def test_a_file_that_is_no_copy_changes_nothing(mine: Holdings) -> None:
    fill(mine, "satu")
    mine.snapshot(1)
    for junk in (b"", b"PGDMP" + b"\xff" * 500, b"\\! touch /tmp/owned\n", mine.paths.snapshots.name.encode()):
        (mine.paths.snapshots / "1.pgdump").write_bytes(junk)
        with pytest.raises(postgres.StoreError):
            mine.restore(1)
        assert words(mine) == ["satu"]
        assert leftovers(mine) == []


def leftovers(holdings: Holdings) -> list[str]:
    assert holdings.database is not None
    with holdings.database.server.connected() as connection:
        names = connection.execute(
            "select datname from pg_database where datname like %s", (f"{holdings.database.name}\\_%",)
        )
        return [str(name) for (name,) in names]


def test_killed_in_the_middle_it_is_the_one_or_the_other(mine: Holdings) -> None:
    fill(mine, "satu")
    mine.snapshot(1)
    assert mine.database is not None
    mine.database.fresh("_new")
    mine.settle()
    assert words(mine) == ["satu"]
    assert leftovers(mine) == []
    mine.restore(1)
    assert words(mine) == ["satu"]


def test_a_drill_reads_the_copy_beside_the_real_data(mine: Holdings) -> None:
    fill(mine, "satu")
    copy = mine.paths.home / "copies" / "1"
    mine.copy_to(copy)
    fill(mine, "dua")
    made = mine.drill(copy)
    with enter(mine, dbname=made) as connection:
        assert connection.execute("select word from notes").fetchall() == [("satu",)]
    mine.drilled()
    assert words(mine) == ["satu", "dua"]
    assert leftovers(mine) == []


def test_programs_run_as_the_deployment_s_user(mine: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    real = subprocess.run
    monkeypatch.setattr(pgdump.subprocess, "run", lambda words, **more: (asked.append(more), real(words, **more))[1])
    mine.snapshot(1)
    mine.restore(1)
    programs = [one for one in asked if "PGUSER" in one["env"]]
    assert len(programs) == 2
    for one in programs:
        assert one["user"] == mine.user
        assert one["env"]["PGUSER"].startswith("plugin_")
    assert mine.user is None or mine.user >= FIRST_UID


def test_purged_is_gone(mine: Holdings) -> None:
    assert mine.database is not None
    mine.purge()
    assert not mine.database.exists()
    with mine.database.server.connected() as connection:
        rolled = connection.execute("select 1 from pg_roles where rolname = %s", (mine.database.name,)).fetchone()
    assert rolled is None
    mine.purge()


def test_a_server_that_is_away_is_no_verdict_on_the_data(settings: Settings) -> None:
    away = postgres.Server("postgresql://x@/x?host=/nowhere", settings.database_url, "/nowhere", Path("/usr/bin"),
                           postgres.open_vault(settings.secrets))  # fmt: skip
    with pytest.raises(psycopg.OperationalError):
        away.of(7).exists()
