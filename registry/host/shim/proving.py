"""The verb ``prove``: the bundle's own tests in a Python of their own, watched by the shim, which tells the host.

What the tests say of themselves they say in one process with the code they try: it can forge each line of it, and no
wall between processes changes that. What it cannot do is speak in the shim's place: its word begins with a secret that
came through a descriptor and is known to the shim's process alone.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from . import SIGN

REPORTER = Path(__file__).with_name("reporter.py")
APP, SCRATCH = "/app", "/data/scratch"
KEPT = ("PATH", "HOME", "LANG", "TZ", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Tests begin with nothing of a deployment: what they need of one they say themselves."""

LEAVE_SECONDS = 10.0
"""After pytest's end, for threads that do not end."""
MAX_LINE, MAX_TESTS, MAX_FAILURES = 4096, 200_000, 20
OUTCOMES = ("passed", "failed", "skipped", "errors")
_PR_SET_DUMPABLE = 4


def prove() -> int:
    """Run them and tell how it went in lines ``proved SECRET JSON``; returns 0 whatever they said."""
    secret = _secret()
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # the secret is in this process's memory: nobody reads it
    heard, told = os.pipe()
    tests = subprocess.Popen(
        [sys.executable, "-B", str(REPORTER), str(told)],
        pass_fds=(told,), stdin=subprocess.DEVNULL, cwd=APP, env=_environment(),
    )  # fmt: skip
    os.close(told)
    tally = Tally()
    code = _followed(tests, heard, tally)
    with suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)  # all but this process: nobody writes between these lines
    for name in tally.failures:
        _tell(secret, {"failure": name})
    _tell(secret, {**tally.counts, "end": tally.end, "exit": code})
    return 0


class Tally:
    """What was heard, bounded: ``counts`` by outcome, the names of the first failures, how pytest ended (None: it has
    not said).
    """

    def __init__(self) -> None:
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self.failures: list[str] = []
        self.end: int | None = None
        self._rest = b""

    def hear(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        self._rest = self._rest[-MAX_LINE:]
        for line in lines:
            self._take(line[:MAX_LINE])

    def _take(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            outcome, name = str(told["outcome"]), str(told.get("name", ""))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        if outcome == "end":
            self.end = told["exit"] if isinstance(told.get("exit"), int) else None
        elif outcome in OUTCOMES and sum(self.counts.values()) < MAX_TESTS:
            self.counts[outcome] += 1
            if outcome in ("failed", "errors") and len(self.failures) < MAX_FAILURES:
                self.failures.append(name[:200])


def _followed(tests: subprocess.Popen[bytes], heard: int, tally: Tally) -> int:
    """Its exit code; negative when a signal ended it, as at its `LEAVE_SECONDS`."""
    limit: float | None = None
    while tests.poll() is None:
        if select.select([heard], [], [], 0.1)[0]:
            tally.hear(os.read(heard, 65_536))
        if tally.end is not None:
            limit = limit or time.monotonic() + LEAVE_SECONDS
            if time.monotonic() > limit:
                tests.kill()
    os.set_blocking(heard, False)
    while piece := _left(heard):
        tally.hear(piece)
    return tests.returncode


def _left(heard: int) -> bytes:
    """What is in the pipe still; somebody may hold its other end open for ever."""
    try:
        return os.read(heard, 65_536)
    except BlockingIOError:
        return b""


def _secret() -> str:
    """From standard input, which is nothing afterwards."""
    secret = os.read(0, 200).decode("ascii").strip()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return secret


def _environment() -> dict[str, str]:
    os.makedirs(SCRATCH, exist_ok=True)
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {"TMPDIR": SCRATCH}


def _tell(secret: str, told: dict[str, object]) -> None:
    """On a line of its own, whatever was printed last."""
    sys.stderr.write(f"\n{SIGN}proved {secret} {json.dumps(told)}\n")
    sys.stderr.flush()
