"""``lumbung up``: everything on one machine, as one foreground process that starts, watches and stops the parts."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from registry.config import Settings
from registry.operate import database, demo, doctor, edge
from registry.operate.parts import PORT_NOTE, Part, embedded, environment, parts, port_is_taken
from registry.operate.postgres import Cluster

PATIENCE = 60.0
RESTART_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a part that ended by itself is started again: the n-th time in a row, then the last one for ever."""
SETTLED = 60.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class UpError(Exception):
    """It cannot start; the message says what is missing or taken and what to do."""


def up(settings: Settings) -> None:
    """Start all, say where it is, and stay until Ctrl-C. Raises UpError, PostgresError."""
    os.umask(0o022)
    settings.data.mkdir(parents=True, exist_ok=True)
    with only_one(settings.data):
        if port_is_taken(settings.port):
            raise UpError(f"port {settings.port} is taken: stop what uses it, or choose another with --port")
        doctor.require_programs()
        cluster = None if settings.database_url else embedded(settings)
        try:
            _say("database")
            settings = _with_database(settings, cluster)
            _say("migrations")
            database.upgrade(settings)
            accounts = demo.seed(settings) if settings.demo else []
            Watch(settings).run(accounts)
        finally:
            if cluster:
                _say("stopping the database")
                cluster.stop()


def _with_database(settings: Settings, cluster: Cluster | None) -> Settings:
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o711)
    if cluster is None:
        return settings
    cluster.prepare()
    return replace(
        settings, database_url=cluster.app_url(), owner_url=cluster.owner_url(), admin_url=cluster.super_url()
    )


class Watch:
    """Starts the parts in order, starts again what ended by itself, stops them in the other order."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.failures: dict[str, int] = {}
        self.stopping = False

    def run(self, accounts: list[demo.Account]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._stop if os.isatty(0) else self._renew)
        try:
            (self.settings.run / "Caddyfile").write_text(edge.configuration(self.settings))
            (self.settings.run / PORT_NOTE).write_text(str(self.settings.port))
            for part in parts(self.settings):
                if not self.stopping:
                    _say(part.name)
                    self._start(part)
                    self._wait(part)
            if not self.stopping:
                _welcome(self.settings, accounts)
            while not self.stopping:
                self._revive()
                time.sleep(0.3)
        finally:
            self._stop_all()

    def _start(self, part: Part) -> None:
        log = self.settings.data / "log" / f"{part.name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as output:
            self.running[part.name] = subprocess.Popen(
                part.command,
                env={**environment(self.settings), **part.environment, "LUMBUNG_PROCESS": part.name},
                cwd=self.settings.data,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started[part.name] = time.monotonic()

    def _wait(self, part: Part) -> None:
        deadline = time.monotonic() + PATIENCE
        while not part.ready():
            process = self.running[part.name]
            if process.poll() is not None or time.monotonic() > deadline:
                raise UpError(f"{part.name} does not start; the end of its log:\n{_tail(self.settings, part.name)}")
            if self.stopping:
                return
            time.sleep(0.05)

    def _revive(self) -> None:
        for part in parts(self.settings):
            process = self.running.get(part.name)
            if process is None or process.poll() is None:
                continue
            lived = time.monotonic() - self.started[part.name]
            failures = 0 if lived > SETTLED else self.failures.get(part.name, 0)
            if lived < RESTART_AFTER[min(failures, len(RESTART_AFTER) - 1)]:
                continue
            self.failures[part.name] = failures + 1
            _say(f"{part.name} ended ({process.returncode}); starting it again")
            self._start(part)

    def _renew(self, _signal: int, _frame: FrameType | None) -> None:
        """The host goes on as the program now on disk; plugins do not notice (`registry.host.renewal`)."""
        host = self.running.get("host")
        if host is not None and host.poll() is None:
            host.send_signal(signal.SIGHUP)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        self.stopping = True
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                _say(f"stopping {name}")
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """One `lumbung up` per data folder. Raises UpError."""
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpError(f"Lumbung is running already in {data}: stop it first, or choose another --data") from None
        yield


def _die_with_parent() -> None:
    """A part never outlives its watch, even when that is killed."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _tail(settings: Settings, name: str) -> str:
    path = settings.data / "log" / f"{name}.log"
    return "\n".join(path.read_text(errors="replace").splitlines()[-15:]) if path.exists() else "(no log)"


def _say(text: str) -> None:
    print(f"  · {text}", file=sys.stderr, flush=True)


def _welcome(settings: Settings, accounts: list[demo.Account]) -> None:
    lines = ["", f"Lumbung is ready: {settings.origin}/"]
    if accounts:
        lines += ["", "Demo accounts:"]
        lines += [f"  {account.email:<30} {account.password:<20} {account.what}" for account in accounts]
    lines += ["", "Ctrl-C stops it.", ""]
    print("\n".join(lines), flush=True)
