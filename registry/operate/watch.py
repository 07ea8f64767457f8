"""The processes of one machine started in order, started again when they end, renewed without losing a request.

The watch itself holds the sockets of the web servers: while one is started again, connections wait; an upgrade of
Lumbung starts the new server beside the old one, which finishes what it has and leaves.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from registry.config import Settings
from registry.core import sockets, tails
from registry.core.files import write_whole
from registry.operate import edge, part_logs
from registry.operate.parts import PORT_NOTE, Part, Renewal, environment, parts

PATIENCE = 180.0
"""Seconds for a part to be ready: a web server reads the whole catalog first, a tenth of a second per thousand."""
RESTART_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a part that ended by itself is started again: the n-th time in a row, then the last one for ever."""
SETTLED = 60.0
BACKLOG = 1024
MIGRATION_SECONDS = 3_600
PID, RENEWAL = "up.pid", "renewal.json"
"""In the run folder: who is asked for a renewal, and what came of the last one."""
ACTIVATE = Path(__file__).with_name("activate.py")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class UpError(Exception):
    """It cannot start; the message says what is missing or taken and what to do."""


@dataclass(frozen=True)
class Renewed:
    """What came of a renewal: ``message`` is empty when every part is the program now on disk."""

    at: str
    message: str


class Watch:
    """Starts the parts in order, starts again what ended by itself, stops them in the other order."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.leaving: list[subprocess.Popen[bytes]] = []
        self.started: dict[str, float] = {}
        self.failures: dict[str, int] = {}
        self.sockets: dict[str, socket.socket] = {}
        self.stopping = self.renewing = False

    def start(self) -> None:
        """Until all are ready, or the watch was told to stop. Raises UpError."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGUSR2, self._renew)
        signal.signal(signal.SIGHUP, self._stop if sys.stdin.isatty() else self._renew)
        run = self.settings.run
        (run / "Caddyfile").write_text(edge.configuration(self.settings))
        (run / PORT_NOTE).write_text(str(self.settings.port))
        (run / PID).write_text(str(os.getpid()))
        known = parts(self.settings)
        for together in ([one for one in known if one.listens], *([one] for one in known if not one.listens)):
            self._begin(together)

    def _begin(self, together: list[Part]) -> None:
        """The servers load side by side: each takes seconds, and none needs another."""
        for part in together:
            if not self.stopping:
                say(part.name)
                self._start(part)
        for part in together:
            if not self.stopping:
                self._wait(part)

    def stay(self) -> None:
        """Until it is told to stop."""
        while not self.stopping:
            self._revive()
            part_logs.shorten(part_logs.of(self.settings.data))
            if self.renewing:
                self.renewing = False
                self._renew_all()
            self.leaving = [process for process in self.leaving if process.poll() is None]
            time.sleep(0.3)

    def stop_all(self) -> None:
        self.stopping = True
        (self.settings.run / PID).unlink(missing_ok=True)
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                say(f"stopping {name}")
                _end(process)
        for process in self.leaving:
            _end(process, 0.1)
        for name, listener in self.sockets.items():
            listener.close()
            (self.settings.run / f"{name}.sock").unlink(missing_ok=True)

    def _start(self, part: Part) -> None:
        log = self.settings.data / "log" / f"{part.name}.log"
        log.parent.mkdir(exist_ok=True)
        command, kept = self._command(part)
        with log.open("ab") as output:
            self.running[part.name] = subprocess.Popen(
                command,
                env={**environment(self.settings), **part.environment, "LUMBUNG_PROCESS": part.name},
                cwd=self.settings.data,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=kept,
                preexec_fn=die_with_parent,
            )
        self.started[part.name] = time.monotonic()

    def _command(self, part: Part) -> tuple[tuple[str, ...], tuple[int, ...]]:
        if not part.listens:
            return part.command, ()
        if part.name not in self.sockets:
            self.sockets[part.name] = sockets.listen(self.settings.run / f"{part.name}.sock", BACKLOG)
        descriptor = self.sockets[part.name].fileno()
        return (sys.executable, "-I", str(ACTIVATE), str(descriptor), *part.command), (descriptor,)

    def _wait(self, part: Part) -> None:
        deadline = time.monotonic() + PATIENCE
        process = self.running[part.name]
        while not part.ready(process.pid):
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
            say(f"{part.name} ended ({process.returncode}); starting it again")
            self._start(part)

    def _renew_all(self) -> None:
        """Migrations first, by the program now on disk: they leave what the old one needs (docs/runbook.md)."""
        say("renewing")
        message = _migrate(self.settings)
        if not message:
            same = self._write_routes()
            try:
                for part in parts(self.settings):
                    if part.name != "edge" or not same:
                        self._renew_part(part)
            except UpError as error:
                message = str(error)
        say(f"not renewed: {message}" if message else "renewed")
        write_whole(self.settings.run / RENEWAL, json.dumps({"at": datetime.now(UTC).isoformat(), "message": message}))

    def _write_routes(self) -> bool:
        """The edge's file; whether it is as before. Then the edge is left alone: one that reads it again closes
        connections that have not asked yet.
        """
        file, routes = self.settings.run / "Caddyfile", edge.configuration(self.settings)
        same = file.read_text() == routes
        file.write_text(routes)
        return same

    def _renew_part(self, part: Part) -> None:
        """Raises UpError when the new one does not start: then the old one goes on."""
        old = self.running[part.name]
        if isinstance(part.renewal, signal.Signals):
            old.send_signal(part.renewal)
            return
        if part.renewal is Renewal.AFTER:
            _end(old)
        self._start(part)
        try:
            self._wait(part)
        except UpError:
            _end(self.running[part.name], 1)
            self.running[part.name] = old
            raise
        old.terminate()
        self.leaving.append(old)

    def _renew(self, _signal: int, _frame: FrameType | None) -> None:
        self.renewing = True

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def say(text: str) -> None:
    print(f"  · {text}", file=sys.stderr, flush=True)


def _migrate(settings: Settings) -> str:
    """By a process of the new program; what it said when it failed."""
    command = [sys.executable, "-m", "registry", "db", "upgrade"]
    try:
        done = subprocess.run(
            command, env=environment(settings), cwd=settings.data, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=MIGRATION_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"the migrations did not end within {MIGRATION_SECONDS} seconds"
    return done.stderr.strip()[-2000:] or "the migrations failed" if done.returncode else ""


def _end(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Asked to leave, then made to."""
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def die_with_parent() -> None:
    """A part never outlives its watch, even when that is killed."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _tail(settings: Settings, name: str) -> str:
    return "\n".join(tails.newest_lines(settings.data / "log" / f"{name}.log", 15)) or "(no log)"
