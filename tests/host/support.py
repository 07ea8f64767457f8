"""Talking to a plugin's socket, and running one sandbox without the host process."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.host import data
from registry.host.environment import Serving
from registry.host.limits import Cgroups
from registry.host.spawn import Launcher, Sandbox
from registry.hosting.plain import FIRST_UID, City, DeploymentPaths, Limits, Manifest, RunSpec

BONTANG = City("64.74", "bontang", "Kota Bontang", timezone="Asia/Makassar")
TANJUNGPINANG = City("21.72", "tanjungpinang", "Kota Tanjungpinang")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, place: Path, seconds: float) -> None:
        super().__init__("plugin", timeout=seconds)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))


def ask(
    place: Path,
    path: str = "/",
    method: str = "GET",
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 20,
) -> Answer:
    """One request through a unix socket."""
    connection = UnixConnection(place, seconds)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def until(condition: Callable[[], Any], seconds: float = 20, pause: float = 0.05) -> Any:
    """Wait for something true and return it; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s")


class Workshop:
    """A data folder in which single sandboxes are run, plainly or ``warm``."""

    def __init__(self, root: Path, runtime: Path, public_key: bytes, groups: Cgroups, warm: bool = False) -> None:
        self.root = root
        self.sockets = root / "sock"
        self.sockets.mkdir()
        (root / "builds").mkdir(mode=0o755)
        self._runtime = runtime
        self._warm = warm
        self._serving = Serving(public_key, idle_seconds=0)
        self.launcher = Launcher(root, self._serving, groups, bases=lambda runtime: runtime if warm else None)
        if warm:
            assert self.launcher.wait_warm(runtime, 30), self.launcher.not_warm
        self._next = random.randrange(100_000, 900_000)  # no other installation here has the same users
        self._open: list[Plugin] = []

    def spec(
        self, source: str, city: City = BONTANG, manifest: Manifest | None = None, limits: Limits | None = None
    ) -> RunSpec:
        number, self._next = self._next, self._next + 1
        code = self.root / "builds" / f"code{number}"
        code.mkdir(mode=0o755)
        (code / "app.py").write_text(source)
        paths = DeploymentPaths(self.root, number)
        data.Store(paths, FIRST_UID + number if self.launcher.own_users else None).prepare()
        manifest = manifest or Manifest("app:application")
        return RunSpec(
            number, f"app{number}", city, f"http://app{number}.{city.slug}.localhost:8000", 7, "1.0.0",
            manifest, limits or Limits(), code, self._runtime, paths.data, {"colour": "green"}, "canary-secret",
        )  # fmt: skip

    def start(self, spec: RunSpec) -> Plugin:
        place = self.sockets / f"{spec.deployment}.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(place))
        listener.listen(64)
        plugin = Plugin(spec, place, listener, self.launcher.start(spec, "serve", listener.fileno()))
        assert plugin.sandbox.warm == self._warm, self.launcher.not_warm
        self._open.append(plugin)
        return plugin

    def close(self) -> None:
        for plugin in self._open:
            plugin.close()
        self.launcher.close()


@dataclass
class Plugin:
    spec: RunSpec
    place: Path
    listener: socket.socket
    sandbox: Sandbox

    def run(self, code: str) -> Any:
        """What the OBEDIENT bundle makes of some Python."""
        return ask(self.place, "/", "POST", code).json

    def alive(self) -> bool:
        return ask(self.place).status == 200

    def output(self) -> str:
        try:
            return os.read(self.sandbox.output, 100_000).decode()
        except BlockingIOError:
            return ""

    def close(self) -> None:
        if not self.listener._closed:  # type: ignore[attr-defined]
            self.sandbox.close()
            self.listener.close()
