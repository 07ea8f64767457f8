"""The way to hosts outside: named, granted, public, counted; and no way around it."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from registry.connect import reading
from registry.connect.gateway import budget, main, proxy
from registry.connect.rules import Wish
from registry.core import scope
from registry.core.db import db
from registry.hosting.models import Deployment
from tests.connect.conftest import find
from tests.connect.gateway import Names, ask, raw, tunnel, until

NAME = "api.bmkg.example"


class Echo:
    """A host outside, on 127.0.0.1: sends back what it gets, in capitals."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.met = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            self.met += 1
            threading.Thread(target=self._echo, args=(client,), daemon=True).start()

    def _echo(self, client: socket.socket) -> None:
        with client:
            while piece := client.recv(65536):
                client.sendall(piece.upper())


@pytest.fixture
def echo():
    found = Echo()
    yield found
    found.listener.close()


@pytest.fixture
def wish(echo):
    return Wish("egress", f"{NAME}:{echo.port}")


@pytest.fixture
def papan(deploy, wish):
    return deploy(egress=(wish.name,))


@pytest.fixture
def names():
    return Names({NAME: [["127.0.0.1"]]}, trusted={"127.0.0.1"})


def out(app, papan) -> int:
    with app.app_context():
        scope.enter_city(find("bontang").id)
        return reading.out_today(db.session.get_one(Deployment, papan))[1]


def test_an_allowed_host_is_reached_and_bytes_are_counted(host, decide, wish, app, papan):
    decide()
    head, client = tunnel(host, wish.name)
    assert head.startswith(b"HTTP/1.1 200")
    client.sendall(b"halo")
    assert client.recv(10) == b"HALO"
    client.close()
    until(lambda: out(app, papan) == 8)


def test_without_a_grant_nothing_is_even_resolved(host, wish, names, echo):
    answer = raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403") and b"not-granted" in answer
    assert names.asked == [] and echo.met == 0


def test_what_travels_early_arrives_first(host, decide, wish):
    decide()
    assert b"HALO" in raw_tunnel(host, wish.name, b"halo")


def raw_tunnel(host, target: str, early: bytes) -> bytes:
    head, client = tunnel_with(host, target, early)
    client.shutdown(socket.SHUT_WR)
    with client:
        return head + client.recv(100)


def tunnel_with(host, target: str, early: bytes) -> tuple[bytes, socket.socket]:
    head, client = tunnel(host, target)
    client.sendall(early)
    return head, client


@pytest.mark.parametrize(
    "target",
    ["127.0.0.1:5432", "169.254.169.254:80", "[::1]:80", "localhost:8000", "other.example:443", "2130706433:80",
     "api.bmkg.example", "api.bmkg.example:", "api.bmkg.example:1", "API.BMKG.EXAMPLE:99999"],
)  # fmt: skip
def test_a_host_that_was_not_named_is_refused(host, decide, names, target):
    decide()
    answer = raw(host, f"CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 400")) and names.asked == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"], ["169.254.169.254"], ["127.0.0.2"], ["::1"], ["::ffff:127.0.0.2"], ["64:ff9b::a00:1"],
        ["fd00::1"], ["fe80::1%lo"], ["0.0.0.0"], ["127.0.0.1", "10.0.0.1"], ["100.64.0.1"],
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_and_nothing_is_connected(host, decide, wish, names, echo, addresses):
    names.answers[NAME] = [addresses]
    decide()
    answer = raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403") and b"private-address" in answer and echo.met == 0


def test_a_name_that_changes_its_answer_is_asked_once_and_pinned(host, decide, wish, names, echo):
    names.answers[NAME] = [["127.0.0.1"], ["169.254.169.254"]]
    decide()
    head, client = tunnel(host, wish.name)
    assert head.startswith(b"HTTP/1.1 200") and names.asked == [NAME]
    until(lambda: echo.met == 1)
    client.close()
    head, client = tunnel(host, wish.name)
    assert head.startswith(b"HTTP/1.1 403"), "the second answer is judged anew"
    client.close()


def test_a_name_without_an_address_is_said(host, decide, wish, names):
    names.answers[NAME] = [[]]
    decide()
    assert b"host-unknown" in raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def test_this_machines_own_addresses_are_not_outside():
    assert not proxy.is_outside("127.0.0.1")
    assert not any(proxy.is_outside(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), 80))
    assert proxy.is_outside("8.8.8.8")


@pytest.fixture
def only_told(monkeypatch):
    """It does not look by itself after a while."""
    monkeypatch.setattr(main, "FOLLOW_SECONDS", 3600.0)


def test_taking_back_cuts_what_is_open(only_told, host, decide, wish, echo):
    decide()
    head, client = tunnel(host, wish.name)
    client.sendall(b"halo")
    assert client.recv(10) == b"HALO"
    decide(give=False)
    assert client.recv(10) == b""
    client.close()
    assert b"not-granted" in raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def test_a_revision_that_no_longer_asks_loses_what_is_open(host, decide, wish, upgrade, papan):
    decide()
    _head, client = tunnel(host, wish.name)
    upgrade(papan)
    assert client.recv(1) == b""
    client.close()


def test_a_day_has_its_measure(host, decide, wish, monkeypatch, app, papan):
    monkeypatch.setattr("registry.connect.gateway.serving.EGRESS_PER_DAY", 100_000)
    decide()
    _head, client = tunnel(host, wish.name)
    received = exhaust(client)
    assert received < 200_000
    until(lambda: out(app, papan) >= 100_000)
    assert b"quota" in raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def exhaust(client: socket.socket) -> int:
    """Send until it is cut; answers what came back."""
    received = 0
    with client:
        try:
            for _round in range(100):
                client.sendall(b"x" * 10_000)
                received += len(client.recv(65536))
        except OSError:
            pass
    return received


def test_a_plugin_has_few_tunnels_at_once(host, decide, wish):
    decide()
    held = [tunnel(host, wish.name) for _ in range(budget.TUNNELS)]
    answer = raw(host, f"CONNECT {wish.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 429")
    assert ask(host, "GET", "/tenant").status == 200, "its other calls go on"
    for _head, client in held:
        client.close()


def test_a_tunnel_nobody_uses_is_closed(host, decide, wish, monkeypatch):
    monkeypatch.setattr(proxy, "TUNNEL", proxy.Limits(idle=0.2, total=10))
    decide()
    _head, client = tunnel(host, wish.name)
    assert client.recv(1) == b""
    client.close()


def test_a_tunnel_has_an_end(host, decide, wish, monkeypatch):
    monkeypatch.setattr(proxy, "TUNNEL", proxy.Limits(idle=5, total=0.5))
    decide()
    _head, client = tunnel(host, wish.name)
    begun = time.monotonic()
    with client, pytest.raises(OSError):
        while time.monotonic() - begun < 8:
            client.sendall(b"x")
            if not client.recv(1):
                raise OSError
            time.sleep(0.05)
    assert time.monotonic() - begun < 5


def test_each_use_is_seen_by_the_admin(host, decide, wish, app, papan):
    decide()
    for _ in range(2):
        tunnel(host, wish.name)[1].close()
    with app.app_context():
        scope.enter_city(find("bontang").id)
        [one] = reading.connections(db.session.get_one(Deployment, papan))
        assert one.count == 2 and one.used_at is not None
