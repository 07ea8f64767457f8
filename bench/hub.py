"""JupyterHub on the same machine: how others start a sleeping server by a request's wish and lead to it by a proxy.

Set up in the folder of the measurement from pinned registries (`bench/peer`), with its process spawner and its own
proxy, serving the same bundles with the same server in the same Python environment, without any sandbox.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from bench.load import AnswerError, Target, once

PEER = Path(__file__).parent / "peer"
PATIENCE = 60.0
POLL = 0.002


class HubError(Exception):
    """JupyterHub could not be set up or did not answer; the message says where its log is."""


@dataclass(frozen=True)
class App:
    """A bundle's folder and entrypoint, and what its process is told."""

    bundle: Path
    entrypoint: str
    environment: Mapping[str, str]


@dataclass
class Hub:
    """A running JupyterHub whose users are apps."""

    process: subprocess.Popen[bytes]
    port: int
    hub_port: int
    token: str

    def wake(self, name: str) -> float:
        """Seconds from the call that starts the user's server to the first byte of its page through the proxy."""
        began = time.perf_counter()
        self._api("POST", f"/users/{name}/server")
        end = began + PATIENCE
        while time.perf_counter() < end:
            try:
                once(self.outside(name))
                return time.perf_counter() - began
            except (AnswerError, OSError):
                time.sleep(POLL)
        raise HubError(f"{name} did not answer within {PATIENCE:.0f} seconds")

    def sleep(self, name: str) -> None:
        """Stop the user's server, and wait until it is gone."""
        self._api("DELETE", f"/users/{name}/server")
        end = time.monotonic() + PATIENCE
        while name in self.awake() and time.monotonic() < end:
            time.sleep(0.05)

    def awake(self) -> set[str]:
        """The users whose server runs."""
        return {one["name"] for one in self._api("GET", "/users") if one["servers"]}

    def outside(self, name: str) -> Target:
        """Its page through JupyterHub's proxy."""
        return Target(self.port, f"127.0.0.1:{self.port}", f"/user/{name}/")

    def inside(self, name: str) -> Target:
        """Its page from its own server."""
        port = self.server(name).net_connections("tcp4")[0].laddr.port
        return Target(int(port), f"127.0.0.1:{port}", f"/user/{name}/")

    def server(self, name: str) -> psutil.Process:
        """The process of a user's server."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return next(one for one in family if one.environ().get("JUPYTERHUB_USER") == name)

    def _api(self, method: str, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self.hub_port, timeout=PATIENCE)
        try:
            connection.request(method, f"/hub/api{path}", headers={"Authorization": f"token {self.token}"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise HubError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text) if text else None


@contextmanager
def running(folder: Path, environment: Path, apps: Mapping[str, App]) -> Iterator[Hub]:
    """JupyterHub for as long as the block lasts; ``environment`` is the Python the apps run in. Raises HubError."""
    place = folder / "hub"
    place.mkdir()
    programs = _installed(place)
    port, hub_port, api_port = (_free_port() for _ in range(3))
    token = secrets.token_hex(16)
    python = str(environment / "bin" / "python3")
    told = {
        "port": port, "hub_port": hub_port, "api_port": api_port, "folder": str(place), "token": token,
        "proxy": [shutil.which("node") or "node", str(place / "node_modules/.bin/configurable-http-proxy")],
        "apps": {
            name: {
                "command": [python, str(PEER / "serve.py"), str(app.bundle), app.entrypoint],
                "environment": dict(app.environment),
            }
            for name, app in apps.items()
        },
    }  # fmt: skip
    (place / "settings.json").write_text(json.dumps(told))
    log = place / "hub.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "jupyterhub", "-f", PEER / "jupyterhub_config.py"],
            cwd=place, stdout=output, stderr=output, env={**os.environ, "PEER_SETTINGS": str(place / "settings.json")},
        )  # fmt: skip
    hub = Hub(process, port, hub_port, token)
    try:
        _wait(hub, log)
        for name in apps:
            hub._api("POST", f"/users/{name}")
        yield hub
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _installed(place: Path) -> Path:
    """The folder of JupyterHub's programs, freshly installed by its lock; the proxy lies in ``place``."""
    uv = Path(sys.executable).with_name("uv")
    made = place / "venv"
    python = made / "bin" / "python"
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PEER / name, place)
    for command in (
        [uv, "venv", "-q", "--python", sys.executable, made],
        [uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", PEER / "jupyterhub.lock"],
        ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
    ):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True)
        if done.returncode:
            raise HubError(f"{command[0]} failed: {done.stderr[-500:]}")
    return made / "bin"


def _wait(hub: Hub, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and hub.process.poll() is None:
        try:
            hub._api("GET", "/users")
            with socket.create_connection(("127.0.0.1", hub.port), 1):
                return
        except (OSError, HubError):
            time.sleep(0.1)
    raise HubError(f"JupyterHub does not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
