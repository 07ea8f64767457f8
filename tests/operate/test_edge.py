"""The edge between slow or hostile clients and servers with few threads: a real Caddy, small servers behind it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from registry.config import Settings
from registry.operate import edge

BIG = 8 * 2**20 - 1024


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
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                client.sendall(head.encode() + body)
                self.done.set()


@dataclass
class Edge:
    port: int
    web: Behind
    plugin: Behind

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 5)

    def ask(self, request: str) -> str:
        with self.open() as client:
            client.sendall(request.replace("\n", "\r\n").encode())
            client.settimeout(5)
            answer = b""
            while piece := client.recv(65536):
                answer += piece
        return answer.decode("latin-1")


@pytest.fixture
def caddy() -> Iterator[Edge]:
    folder = Path(tempfile.mkdtemp(prefix="edge-"))
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = Settings(data=folder, port=port)
    servers = [_behind(settings.run / "web.sock", "web"), _behind(settings.plugin_socket("bontang", "lapor"), "lapor")]
    (folder / "Caddyfile").write_text(edge.configuration(settings))
    command = [str(edge.program()), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    process = subprocess.Popen(command, env={"HOME": str(folder)}, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Edge(port, *servers)
    finally:
        process.kill()
        process.wait()
        for server in servers:
            server.stop()
        shutil.rmtree(folder)


def _behind(path: Path, name: str) -> Behind:
    path.parent.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)
    server = Behind(name, listener)
    server.start()
    return server


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("caddy did not start")


@pytest.mark.parametrize("host", ["localhost", "lapor.bontang.localhost"])
def test_a_slow_sender_takes_no_thread_behind_the_edge(caddy: Edge, host: str) -> None:
    server = caddy.web if host == "localhost" else caddy.plugin
    with caddy.open() as client:
        client.sendall(f"POST /join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nab".encode())
        time.sleep(0.5)
        assert server.requests == []
        client.sendall(b"cd")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
    assert server.requests[0].endswith(b"abcd")


def test_a_slow_reader_takes_no_thread_behind_the_edge(caddy: Edge) -> None:
    with caddy.open() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /besar HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert caddy.web.done.wait(5), "the server behind waits for a client that does not read"


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
