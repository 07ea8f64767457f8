"""A gateway in a thread of its own, and a plugin's end of its socket."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry.connect.gateway import proxy
from registry.connect.gateway.main import Gateway
from tests.waiting import until


@dataclass
class Names:
    """The resolver of a test: answers in turn, the last one for ever; and judges 127.0.0.1 only when told to."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        answers = self.answers.get(host, [[]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def judge(self, address: str) -> bool:
        return address in self.trusted or proxy.is_outside(address)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextlib.contextmanager
def running(app, settings, names: Names) -> Iterator[Gateway]:
    """A gateway until the block ends; it must end in order."""
    made: list[Gateway] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        made.append(Gateway(app, settings, proxy.Route(names.resolve, names.judge)))
        loops.append(asyncio.get_running_loop())
        await made[0].run()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        until(lambda: loops)
        yield made[0]
    finally:
        loops[0].call_soon_threadsafe(made[0].stop)
        thread.join(15)
        assert not thread.is_alive(), "the gateway does not leave"


def dial(place: Path, seconds: float = 10) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(seconds)
    client.connect(str(place))
    return client


def ask(place: Path, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """One request at a gateway's socket; a body that is no bytes is sent as JSON."""
    connection = http.client.HTTPConnection("gateway", timeout=20)
    connection.sock = dial(place, 20)
    try:
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, sent, headers or {})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def raw(place: Path, sent: bytes, seconds: float = 10) -> bytes:
    """Send bytes, read until the end."""
    with dial(place, seconds) as client:
        client.sendall(sent)
        received = b""
        with contextlib.suppress(ConnectionError):
            while piece := client.recv(65536):
                received += piece
        return received


def tunnel(place: Path, target: str) -> tuple[bytes, socket.socket]:
    """The head of the answer to a CONNECT, and the connection."""
    client = dial(place)
    client.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(1)
        if not piece:
            break
        head += piece
    return head, client
