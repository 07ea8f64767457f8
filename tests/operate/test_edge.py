"""The edge between slow or hostile clients and servers with few threads: a real Caddy, small servers behind it."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from registry.config import Settings
from registry.operate import edge
from tests.apart import free_port
from tests.waiting import until

REGISTRY, APPS, OWN = "lumbung.example", "apps.example", "lapor.bontang.go.id"
KNOWN = (REGISTRY, f"bontang.{APPS}", f"lapor.bontang.{APPS}", OWN)
BIG = 8 * 2**20 - 1024
PATIENCE = 30.0
"""Seconds for what comes in a moment where nothing else runs."""


@dataclass
class Behind:
    """A server that answers every request with its own name and keeps what it was sent."""

    name: str
    listener: socket.socket
    requests: list[bytes] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """The thread is gone before the descriptor is free: else it would go on with whoever gets its number."""
        self.listener.shutdown(socket.SHUT_RDWR)
        if self.thread is not None:
            self.thread.join(5)
        self.listener.close()

    def status(self, request: bytes) -> str:
        """The registry knows some names for which the edge may get a certificate."""
        asked = request.partition(b" ")[2].partition(b" ")[0].decode()
        if not asked.startswith(edge.ASK):
            return "200 OK"
        return "200 OK" if asked.partition("domain=")[2] in KNOWN else "404 Not Found"

    def run(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                self.requests.append(client.recv(65536))
                big = b"/besar" in self.requests[-1]
                body = b"x" * BIG if big else self.name.encode()
                head = f"HTTP/1.1 {self.status(self.requests[-1])}\r\nContent-Length: {len(body)}\r\n"
                head += "Connection: close\r\n\r\n"
                client.sendall(head.encode() + body)
                self.done.set()


@dataclass
class Edge:
    settings: Settings
    web: Behind
    plugin: Behind

    @property
    def port(self) -> int:
        return self.settings.port

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def ask(self, request: str) -> str:
        with self.open() as client:
            return _answer(client, request)

    def shake(self, name: str) -> ssl.SSLSocket:
        """A handshake for this name with a browser that knows the edge's own authority. Raises ssl.SSLError."""
        authority = self.settings.data / "edge" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        return ssl.create_default_context(cafile=str(authority)).wrap_socket(self.open(), server_hostname=name)

    def ask_safely(self, name: str, request: str) -> str:
        with self.shake(name) as client:
            return _answer(client, request)

    def link(self, name: str, target: str = "../plugins/bontang/lapor.sock") -> None:
        place = self.settings.run / "domains"
        place.mkdir(exist_ok=True)
        (place / f"{name}.sock").symlink_to(target)


def _answer(client: socket.socket, request: str) -> str:
    client.sendall(request.replace("\n", "\r\n").encode())
    client.settimeout(PATIENCE)
    answer = b""
    while piece := client.recv(65536):
        answer += piece
    return answer.decode("latin-1")


def _get(host: str, path: str = "/", more: str = "") -> str:
    return f"GET {path} HTTP/1.1\nHost: {host}\n{more}Connection: close\n\n"


@contextmanager
def _running(**given: object) -> Iterator[Edge]:
    folder = Path(tempfile.mkdtemp(prefix="edge-"))
    settings = Settings(data=folder, port=free_port(), http_port=free_port(), **given)  # type: ignore[arg-type]
    city = "bontang"
    servers = [_behind(settings.run / "web.sock", "web"), _behind(settings.plugin_socket(city, "lapor"), "lapor")]
    (folder / "Caddyfile").write_text(edge.configuration(settings))
    command = [str(edge.program()), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    homes = {"HOME": str(folder / "edge"), "XDG_DATA_HOME": str(folder / "edge")}
    process = subprocess.Popen(command, env=homes, stderr=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or _listens(settings.port))
        assert process.poll() is None, "caddy did not start"
        yield Edge(settings, *servers)
    finally:
        process.kill()
        process.wait()
        for server in servers:
            server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def caddy() -> Iterator[Edge]:
    with _running() as edge:
        yield edge


@pytest.fixture
def safe() -> Iterator[Edge]:
    """With https, by an authority of its own."""
    names = {"registry_host": REGISTRY, "plugin_domain": APPS}
    with _running(scheme="https", tls="internal", **names) as edge:
        yield edge


@pytest.fixture
def behind() -> Iterator[Edge]:
    """A proxy in front ends TLS: these tests play it from 127.0.0.1."""
    names = {"registry_host": REGISTRY, "plugin_domain": APPS}
    with _running(scheme="https", edge="behind", **names) as edge:
        yield edge


def _behind(path: Path, name: str) -> Behind:
    path.parent.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)
    server = Behind(name, listener)
    server.start()
    return server


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("host", "path"),
    [("localhost", "/join"), ("lapor.bontang.localhost", "/join"), ("lapor.bontang.localhost", "/_lumbung/renew")],
)
def test_a_slow_sender_takes_no_thread_behind_the_edge(caddy: Edge, host: str, path: str) -> None:
    server = caddy.plugin if host != "localhost" and path == "/join" else caddy.web
    with caddy.open() as client:
        client.sendall(f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nab".encode())
        time.sleep(0.5)
        assert server.requests == []
        client.sendall(b"cd")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
    assert server.requests[0].endswith(b"abcd")


def test_a_slow_reader_takes_no_thread_behind_the_edge(caddy: Edge) -> None:
    with caddy.open() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /besar HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert caddy.web.done.wait(PATIENCE), "the server behind waits for a client that does not read"


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("lapor.bontang.localhost", "lapor"), ("lapor.bontang.localhost:8000", "lapor"), ("localhost", "web"),
        ("bontang.localhost", "web"), ("lapor.bontang.localhost.jahat.example", "web"),
        ("..bontang.localhost", "web"), ("a.lapor.bontang.localhost", "web"), ("LAPOR.bontang.localhost", "web"),
    ],
)  # fmt: skip
def test_a_host_name_leads_to_its_own_socket_and_no_other(caddy: Edge, host: str, answers: str) -> None:
    answer = caddy.ask(f"GET / HTTP/1.1\nHost: {host}\nConnection: close\n\n")
    assert answer.endswith(answers) or answer.startswith("HTTP/1.1 400")


def test_nobody_tells_the_registry_another_host_or_address(caddy: Edge) -> None:
    forged = "X-Forwarded-Host: localhost\nX-Forwarded-For: 10.0.0.1\nX-Forwarded-Proto: https\n"
    caddy.ask(f"GET / HTTP/1.1\nHost: bontang.localhost\n{forged}Connection: close\n\n")
    told = caddy.web.requests[0].decode()
    assert "X-Forwarded-Host: bontang.localhost" in told and "X-Forwarded-For: 127.0.0.1" in told
    assert "X-Forwarded-Proto: http\r" in told and "10.0.0.1" not in told


def test_a_request_of_two_lengths_is_no_two_requests(caddy: Edge) -> None:
    smuggled = "POST / HTTP/1.1\nHost: localhost\nContent-Length: 30\nTransfer-Encoding: chunked\n\n0\n\n"
    answer = caddy.ask(smuggled + "GET /console HTTP/1.1\nHost: localhost\nConnection: close\n\n")
    assert answer.startswith("HTTP/1.1 ")
    assert all(request.count(b"HTTP/1.1") == 1 for request in caddy.web.requests)


@pytest.mark.parametrize("path", ["/metrics", "/METRICS", "/%6detrics", "//metrics", "/x/../metrics"])
def test_the_figures_of_the_process_are_not_public(caddy: Edge, path: str) -> None:
    caddy.ask(f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\n\n")
    assert caddy.web.requests == []


def test_a_citys_own_host_name_leads_to_its_plugin(caddy: Edge) -> None:
    caddy.link(OWN)
    assert caddy.ask(_get(OWN)).endswith("lapor")
    assert caddy.ask(_get(f"{OWN}:{caddy.port}")).endswith("lapor")


def test_the_registry_answers_its_own_paths_on_a_citys_host_name(caddy: Edge) -> None:
    caddy.link(OWN)
    assert caddy.ask(_get(OWN, "/_lumbung/enter")).endswith("web")


def test_a_host_name_without_a_plugin_gets_the_registrys_page(caddy: Edge) -> None:
    assert caddy.ask(_get("antri.bontang.go.id", "/rahasia")).endswith("web")
    assert caddy.web.requests[0].startswith(b"GET /_lumbung/unavailable ")


@pytest.mark.parametrize(
    "host",
    [
        "../../plugins/bontang/lapor", "..", ".", "a..b", "%2e%2e/plugins/bontang/lapor", "lapor.bontang.go.id.",
        "-a.example", "a-.example", "10.0.0.1", "[::1]", "a" * 64 + ".example", ".".join(["aa"] * 60) + ".id",
        "LAPOR.BONTANG.GO.ID", "lapor_x.example", "lapor.bontang.go.id/../x",
    ],
)  # fmt: skip
def test_no_spelling_of_a_host_name_leaves_the_folder_of_names(caddy: Edge, host: str) -> None:
    caddy.link(OWN)
    answer = caddy.ask(_get(host))
    assert answer.endswith("web") or answer.startswith("HTTP/1.1 400")


def test_a_name_of_ours_is_shaken_hands_with(safe: Edge) -> None:
    safe.link(OWN)
    assert safe.ask_safely(REGISTRY, _get(REGISTRY)).endswith("web")
    assert safe.ask_safely(f"bontang.{APPS}", _get(f"bontang.{APPS}")).endswith("web")
    assert safe.ask_safely(f"lapor.bontang.{APPS}", _get(f"lapor.bontang.{APPS}")).endswith("lapor")
    assert safe.ask_safely(OWN, _get(OWN)).endswith("lapor")


def test_a_name_nobody_here_has_gets_no_certificate(safe: Edge) -> None:
    for name in ("jahat.example", f"x.y.{APPS}"):
        with pytest.raises(ssl.SSLError), safe.shake(name):
            pass


def test_the_plain_port_sends_browsers_to_https_and_asks_nobody_else(safe: Edge) -> None:
    client = http.client.HTTPConnection("127.0.0.1", safe.settings.http_port, timeout=PATIENCE)
    client.request("POST", "/cities?q=a", headers={"Host": REGISTRY})
    answer = client.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{REGISTRY}:{safe.port}/cities?q=a"
    assert safe.web.requests == []


def test_only_the_registry_tells_browsers_to_keep_to_https(safe: Edge) -> None:
    assert "Strict-Transport-Security: max-age=31536000\r" in safe.ask_safely(REGISTRY, _get(REGISTRY))
    plugin = f"lapor.bontang.{APPS}"
    assert "Strict-Transport-Security" not in safe.ask_safely(plugin, _get(plugin))


def test_without_https_nobody_is_told_to_keep_to_it(caddy: Edge) -> None:
    assert "Strict-Transport-Security" not in caddy.ask(_get("localhost"))


def test_a_trusted_proxy_tells_who_asks(behind: Edge) -> None:
    told = _told(behind, "X-Forwarded-For: 10.9.9.9, 203.0.113.7\nX-Forwarded-Host: jahat.example\n")
    assert "X-Forwarded-For: 203.0.113.7\r" in told
    assert f"X-Forwarded-Host: {REGISTRY}\r" in told and "X-Forwarded-Proto: https\r" in told


def test_who_is_not_the_trusted_proxy_is_not_believed() -> None:
    with _running(scheme="https", edge="behind", registry_host=REGISTRY, trusted_proxies=("10.0.0.0/8",)) as edge:
        assert "X-Forwarded-For: 127.0.0.1\r" in _told(edge, "X-Forwarded-For: 203.0.113.7\n")


def test_behind_a_proxy_addresses_carry_no_port(behind: Edge) -> None:
    assert behind.settings.origin == f"https://{REGISTRY}"
    assert behind.settings.plugin_origin("bontang", "lapor") == f"https://lapor.bontang.{APPS}"


def _told(edge: Edge, forwarded: str) -> str:
    edge.ask(_get(REGISTRY, more=forwarded))
    return edge.web.requests[0].decode()
