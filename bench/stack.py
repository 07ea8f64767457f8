"""A whole Lumbung with demo data in a temporary folder, for as long as a measurement needs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from flask import Flask

from bench.load import Target
from registry.accounts import service as accounts
from registry.app import create_app
from registry.config import Settings
from registry.core.uow import unit_of_work
from registry.operate.parts import local_settings

CITY = "bontang"
ADMIN = "admin@bontang.example"
WARM, PLAIN, ZYGOTE = "lumbung-plugin", "bwrap", "lumbung-zygote"
"""Names of processes: a plugin's first one, its bubblewrap, what warm plugins are children of."""

START_SECONDS = 180.0
POLL = 0.01


class StackError(Exception):
    """The throw-away stack did not do what a measurement needs; the message tells what and where its log is."""


@dataclass
class Stack:
    """A running installation, and the tools to act in it as Bontang's admin."""

    process: subprocess.Popen[bytes]
    settings: Settings
    app: Flask
    token: str

    @classmethod
    def start(cls, folder: Path) -> Stack:
        """`lumbung up --demo` on a free port. Raises StackError."""
        data, port, log = folder / "data", _free_port(), folder / "up.log"
        command = [sys.executable, "-m", "registry", "up", "--demo", "--port", str(port), "--data", str(data)]
        with log.open("wb") as output:
            # What else the demo would run is no part of what is measured.
            env = os.environ | {"LUMBUNG_DEMO_RUN": "bandung:lapor,antrian"}
            process = subprocess.Popen(command, env=env, stdout=output, stderr=output, start_new_session=True)
        try:
            _until(lambda: b"is ready" in log.read_bytes() or process.poll() is not None, START_SECONDS, "start")
            if process.poll() is not None:
                raise StackError(f"it did not start:\n{log.read_text()[-2000:]}")
            settings = local_settings(data)
            app = create_app(settings)
            return cls(process, settings, app, _token(app))
        except BaseException:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            raise

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def api(self, method: str, path: str, body: object = None) -> Any:
        """The answer of ``/api/v1``. Raises StackError unless it is 2xx."""
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            given = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1{path}", given, {**headers, "Host": f"localhost:{self.settings.port}"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise StackError(f"{method} {path}: {answer.status} {text.decode()[:500]}")
        return json.loads(text) if text else None

    def done(self, job: dict[str, Any], seconds: float = 120) -> None:
        """Wait for a job to end well. Raises StackError."""
        while job["state"] not in ("done", "failed") and (seconds := seconds - POLL) > 0:
            time.sleep(POLL)
            job = self.api("GET", f"/jobs/{job['id']}")
        if job["state"] != "done":
            raise StackError(f"{job['kind']} of {job['subject']}: {job['state']} {job['message']}\n{job['log']}")

    def fork(self, app: str) -> None:
        self.api("POST", "/forks", {"city": CITY, "app": app})

    def deploy(self, app: str, name: str) -> None:
        """A new deployment, from the call to `committed`."""
        self.done(self.api("POST", "/deployments", {"city": CITY, "app": app, "name": name, "config": {}}))
        _until(self.settings.plugin_socket(CITY, name).exists, 5, f"the socket of {name}")

    def sleep(self, name: str) -> None:
        """Bontang's plugin ``name`` is reachable and nothing of it runs."""
        for enabled in (False, True):
            self.api("PATCH", f"/deployments/{name}.{CITY}", {"enabled": enabled})
            self.wait(name, "waiting" if enabled else "off")

    def wait(self, name: str, state: str) -> None:
        path = f"/deployments/{name}.{CITY}"
        _until(lambda: self.api("GET", path)["state"] == state, 30, f"{name} {state}")

    def inside(self, name: str, path: str = "/") -> Target:
        """The plugin's page through its own socket."""
        return Target(self.settings.plugin_socket(CITY, name), self._host(name), path)

    def outside(self, name: str, path: str = "/", headers: tuple[str, ...] = ()) -> Target:
        """The same page through the edge."""
        return Target(self.settings.port, self._host(name), path, headers)

    def page(self, path: str) -> Target:
        """A page of the registry through the edge."""
        return Target(self.settings.port, f"localhost:{self.settings.port}", path)

    def environment(self) -> Path:
        """The environment of a build without libraries of its own: the runtime and the sdk."""
        whole = (path.parent for path in self.settings.data.glob("builds/env/*/.whole"))
        return min(whole, key=lambda path: len(list(path.glob("lib/python*/site-packages/*"))))

    def sandboxes(self) -> dict[int, psutil.Process]:
        """Every process of every plugin that runs, by its id; not the zygotes they were born from."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        roots = [one for one in family if one.name() == WARM or one.name() == PLAIN and not _is_zygote(one)]
        return {one.pid: one for root in roots for one in (root, *root.children(recursive=True))}

    def _host(self, name: str) -> str:
        return f"{name}.{CITY}.localhost:{self.settings.port}"


def _is_zygote(bubble: psutil.Process) -> bool:
    return any(child.name() == ZYGOTE for child in bubble.children())


def _token(app: Flask) -> str:
    with app.app_context(), unit_of_work():
        user = accounts.find_by_email(ADMIN)
        if user is None:
            raise StackError("there is no demo data")
        return accounts.create_token(user, "bench", 1)[1]


def _until(condition: Callable[[], object], limit: float, what: str) -> None:
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise StackError(f"{what}: not within {limit:g} seconds")
        time.sleep(POLL)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def peers_environment() -> dict[str, str]:
    """What a process is started with that is compared with a sandbox: as little."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}
