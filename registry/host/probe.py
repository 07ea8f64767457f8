"""Work done in a sandbox that no citizen meets: a migration, and the health check on a private socket."""

from __future__ import annotations

import os
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.config import Settings
from registry.host import quota, words
from registry.host.logs import PluginLog
from registry.host.spawn import HURRY_SECONDS, Launcher, Sandbox
from registry.hosting.plain import RunSpec

PROBE_SECONDS = 20
MIGRATE_SECONDS = 600
LEAVE_SECONDS = 12
_POLL = 0.05
_MAX_ANSWER = 65_536


class RefusedError(Exception):
    """The new revision did not pass. ``word`` is a key of `registry.host.words`, ``detail`` its blank."""

    def __init__(self, word: str, detail: object = "") -> None:
        super().__init__(word, detail)
        self.word = word
        self.detail = detail


class Printed(Protocol):
    """Whoever takes what a sandbox prints; `PluginLog` is such."""

    def feed(self, piece: bytes) -> None: ...
    def close(self) -> None: ...


class HostLeavingError(Exception):
    """The host was told to stop: the step stays open, the next host reverts it."""


@dataclass(frozen=True)
class Trial:
    """Runs a revision aside. ``leaving`` is set when the host stops."""

    launcher: Launcher
    leaving: threading.Event

    def migrate(self, spec: RunSpec, log: PluginLog, seconds: float = MIGRATE_SECONDS) -> None:
        """Run the bundle's migration; raises RefusedError, StartError."""
        sandbox = self.launcher.start(spec, "migrate")
        sandbox.hurry()
        code = self.watch(sandbox, log, seconds, quota.Guard(spec.data, spec.limits, share=2))
        if code is None:
            raise RefusedError("migrate_slow", round(seconds / 60))
        if code != 0:
            raise RefusedError("migrate")

    def watch(self, sandbox: Sandbox, log: Printed, seconds: float, guard: quota.Guard | None = None) -> int | None:
        """Wait for a sandbox that ends by itself; its exit code, None when it had to be killed for time. Raises
        RefusedError when ``guard`` finds its data too large.
        """
        try:
            end = time.monotonic() + seconds
            while (code := sandbox.ended()) is None and time.monotonic() < end:
                self._drain(sandbox, log)
                if guard is not None and (size := guard.over(sandbox.group)) is not None:
                    raise RefusedError("disk", words.megabytes(size))
                time.sleep(_POLL)
            return code
        finally:
            self._finish(sandbox, log)

    def probe(self, spec: RunSpec, place: Path, log: PluginLog, seconds: float = PROBE_SECONDS) -> None:
        """Start the revision on a socket at ``place`` and ask for its health; raises RefusedError,
        StartError.
        """
        with socket.socket(socket.AF_UNIX) as listener:
            place.unlink(missing_ok=True)
            listener.bind(str(place))
            listener.listen(8)
            sandbox = self.launcher.start(spec, "serve", listener.fileno())
            sandbox.hurry()
            try:
                _judge(self._answer(spec, place, sandbox, log, seconds), spec.revision)
                sandbox.ask_to_leave()
                self._wait(sandbox, log)
            finally:
                place.unlink(missing_ok=True)
                self._finish(sandbox, log)

    def _answer(self, spec: RunSpec, place: Path, sandbox: Sandbox, log: Printed, seconds: float) -> bytes:
        """The whole answer of the health check; connections wait in the backlog until the plugin is up."""
        end = time.monotonic() + seconds
        host = spec.origin.partition("//")[2]
        question = f"GET {spec.manifest.health} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        received = b""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(place))
            client.sendall(question.encode())
            client.settimeout(_POLL)
            while len(received) < _MAX_ANSWER:
                self._drain(sandbox, log)
                if sandbox.ended() is not None:
                    raise RefusedError("start", f"exit {sandbox.ended()}")
                if time.monotonic() > end:
                    raise RefusedError("silent", round(seconds))
                try:
                    piece = client.recv(8192)
                except TimeoutError:
                    continue
                if not piece:
                    break
                received += piece
        return received

    def _wait(self, sandbox: Sandbox, log: PluginLog) -> None:
        end = time.monotonic() + LEAVE_SECONDS
        while sandbox.ended() is None and time.monotonic() < end:
            self._drain(sandbox, log)
            time.sleep(_POLL)

    def _drain(self, sandbox: Sandbox, log: Printed) -> None:
        if self.leaving.is_set():
            raise HostLeavingError
        if time.monotonic() - sandbox.started > HURRY_SECONDS:
            sandbox.settle()
        try:
            log.feed(os.read(sandbox.output, 65_536))
        except BlockingIOError:
            return

    def _finish(self, sandbox: Sandbox, log: Printed) -> None:
        sandbox.kill()
        try:
            log.feed(os.read(sandbox.output, 65_536))
        except BlockingIOError:
            log.feed(b"")
        log.close()
        sandbox.close()


def private_socket(settings: Settings, spec: RunSpec) -> Path:
    """Where only the host asks."""
    folder = settings.run / "probe"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder / f"{spec.deployment}.sock"


def _judge(answer: bytes, revision: int) -> None:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    status = " ".join(head[0].split(" ")[1:2]) or "?"
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if status != "200":
        raise RefusedError("health", status)
    if headers.get("x-lumbung-revision") != str(revision):
        raise RefusedError("health", "X-Lumbung-Revision?")
