"""The way to the plugin's own database: a real server behind it, its own role only, a bounded number of connections."""

from __future__ import annotations

import struct

import psycopg
import pytest

from registry.connect.gateway import budget, relay
from registry.core import pgwire
from tests.connect.gateway import Names, dial, raw, running, until


@pytest.fixture
def papan(deploy):
    return deploy(store="postgresql")


@pytest.fixture
def role(cluster, papan):
    """The plugin's role and database, as the host makes them."""
    name = pgwire.role_name(papan)
    with psycopg.connect(cluster.super_url(), autocommit=True) as admin:
        admin.execute(f"create role {name} login password 'kata'")
        admin.execute(f"create database {name} owner {name}")
        yield name
        admin.execute(f"drop database {name} with (force)")
        admin.execute(f"drop role {name}")


@pytest.fixture
def folder(app, settings, papan, role):
    found = settings.outside(papan)
    with running(app, settings, Names()):
        until((found / relay.SOCKET).exists)
        yield found


def connect(folder, role: str, **more: str):
    return psycopg.connect(host=str(folder), user=role, dbname=more.pop("dbname", role), password="kata", **more)


def test_the_plugin_works_in_its_own_database(folder, role):
    with connect(folder, role) as connection:
        connection.execute("create table a (b int)")
        connection.execute("insert into a select generate_series(1, 50000)")
        assert connection.execute("select count(*), current_user from a").fetchone() == (50_000, role)


@pytest.mark.parametrize("user", ["postgres", "lumbung_app", "lumbung_owner", "plugin_0"])
def test_no_other_role_is_even_asked_for(folder, role, user):
    with pytest.raises(psycopg.OperationalError, match="the only role here"):
        psycopg.connect(host=str(folder), user=user, dbname=role, password="kata")


def test_no_other_database_is_reached(folder, role):
    with pytest.raises(psycopg.OperationalError, match="the only database here"):
        connect(folder, role, dbname="postgres")


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x08", struct.pack("!I", 2**31), b"\xff" * 100, b""]
)
def test_what_is_no_database_client_is_let_go(folder, role, sent, monkeypatch):
    monkeypatch.setattr(relay, "STARTUP_SECONDS", 0.3)
    answer = raw(folder / relay.SOCKET, sent)
    assert answer == b"" or answer.startswith(b"E")


def test_connections_are_bounded_and_the_next_waits_its_turn(folder, role):
    held = [connect(folder, role) for _ in range(budget.DATABASE_CONNECTIONS)]
    with pytest.raises(psycopg.OperationalError):
        connect(folder, role, connect_timeout="2")
    for connection in held:
        connection.close()
    with connect(folder, role) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_plugin_without_postgresql_has_no_such_socket(deploy, settings, folder):
    lapor = settings.outside(deploy("lapor"))
    until((lapor / "host.sock").exists)
    assert not (lapor / relay.SOCKET).exists()


def test_a_silent_client_holds_nothing_for_long(folder, role, monkeypatch):
    monkeypatch.setattr(relay, "STARTUP_SECONDS", 0.2)
    with dial(folder / relay.SOCKET) as client:
        assert client.recv(1) == b""


def test_a_database_far_over_its_limit_lets_nobody_in(folder, role, settings, papan):
    closed = settings.run / "pg-closed" / str(papan)
    closed.parent.mkdir(exist_ok=True)
    closed.touch()
    with pytest.raises(psycopg.OperationalError, match="over its limit"):
        connect(folder, role)
    closed.unlink()
    connect(folder, role).close()
