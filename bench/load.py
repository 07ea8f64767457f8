"""A closed loop of HTTP connections: each sends its next request when the answer to its last one is whole."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 8
PATIENCE = 30.0


@dataclass(frozen=True)
class Target:
    """Where to ask for what: ``address`` is a unix socket, or a port of this machine."""

    address: Path | int
    host: str
    path: str = "/"
    headers: tuple[str, ...] = ()

    @property
    def request(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}", *self.headers, "", ""]
        return "\r\n".join(lines).encode()

    def connect(self) -> socket.socket:
        if isinstance(self.address, int):
            return socket.create_connection(("127.0.0.1", self.address), PATIENCE)
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(PATIENCE)
        client.connect(str(self.address))
        return client


@dataclass
class Load:
    """What a loop found. ``latencies`` in seconds."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, hundredth: int) -> float:
        return statistics.quantiles(self.latencies, n=100)[hundredth - 1]


class AnswerError(Exception):
    """The other side did not answer 200, or broke off."""


class Asker:
    """One connection of the loop; a new one is made whenever the server closed the last."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._request = target.request
        self._answer = b""
        self.began = 0.0
        self.socket = target.connect()

    def ask(self) -> None:
        self._answer = b""
        self.began = time.perf_counter()
        self.socket.sendall(self._request)

    def hear(self) -> bool:
        """Take what has come; True when the answer is whole. Raises AnswerError."""
        piece = self.socket.recv(262_144)
        self._answer += piece
        if piece and not _whole(self._answer):
            return False
        if not self._answer.startswith(b"HTTP/1.1 200"):
            raise AnswerError(f"{self._target.path} of {self._target.host}: {self._answer[:200]!r}")
        return True

    def renew(self) -> bool:
        """A fresh connection when the server keeps none open; True when there is one."""
        if b"\r\nconnection: close\r\n" not in self._answer.partition(b"\r\n\r\n")[0].lower() + b"\r\n":
            return False
        self.socket.close()
        self.socket = self._target.connect()
        return True


def loop(target: Target, length: float, connections: int = CONNECTIONS) -> Load:
    """Keep ``connections`` busy for ``length`` seconds. Raises AnswerError."""
    found = Load(length)
    with selectors.DefaultSelector() as selector:
        askers = [Asker(target) for _ in range(connections)]
        for asker in askers:
            selector.register(asker.socket, selectors.EVENT_READ, asker)
            asker.ask()
        end = time.perf_counter() + length
        while (now := time.perf_counter()) < end:
            for key, _ in selector.select(end - now):
                _turn(selector, key.data, found)
        for asker in askers:
            asker.socket.close()
    return found


def once(target: Target) -> float:
    """Seconds of one request on a connection of its own. Raises AnswerError."""
    began = time.perf_counter()
    asker = Asker(target)
    try:
        asker.ask()
        while not asker.hear():
            continue
    finally:
        asker.socket.close()
    return time.perf_counter() - began


def _turn(selector: selectors.BaseSelector, asker: Asker, found: Load) -> None:
    if not asker.hear():
        return
    found.latencies.append(time.perf_counter() - asker.began)
    old = asker.socket.fileno()
    if asker.renew():
        selector.unregister(old)
        selector.register(asker.socket, selectors.EVENT_READ, asker)
    asker.ask()


def _whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
        if name.lower() == b"transfer-encoding":
            return body.endswith(b"0\r\n\r\n")
    return False
