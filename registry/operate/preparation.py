"""What `up` asks of a process of its own, so that the watch, which stays for months, never carries the application:
migrations and the demo's first part before the start, the rest of the demo once Lumbung is ready.

The rest takes a while the first time, and nobody should wait for it to look around. What a stop leaves undone is done
at the next start.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from registry.config import Settings
from registry.core import tails
from registry.operate.parts import environment
from registry.operate.watch import UpError, die_with_parent

LOG = "prepare.log"
PROGRAM = "registry.operate.prepare"
GO_ON = b"\n"


@dataclass(frozen=True)
class Account:
    """One of the demo whose password is known now."""

    email: str
    password: str
    what: str


@dataclass(frozen=True)
class Preparation:
    """Runs beside the parts until the demo is whole."""

    process: subprocess.Popen[bytes]
    accounts: list[Account]

    def go_on(self) -> None:
        """Lumbung is ready: now the rest. Without a demo there is none, and nobody listens."""
        if self.process.stdin:
            with suppress(BrokenPipeError), self.process.stdin as told:
                told.write(GO_ON)


@contextmanager
def prepared(settings: Settings) -> Iterator[Preparation]:
    """Everything is migrated and the demo has begun; leaving ends what is still done. Raises UpError."""
    log = settings.data / "log" / LOG
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM],
            env=environment(settings),
            cwd=settings.data,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    with process:
        try:
            yield Preparation(process, _accounts(settings, process))
        finally:
            process.terminate()


def _accounts(settings: Settings, process: subprocess.Popen[bytes]) -> list[Account]:
    """Told in one line when it is done so far."""
    line = process.stdout.readline() if process.stdout else b""
    told = json.loads(line) if line else {}
    if "accounts" in told:
        return [Account(**one) for one in told["accounts"]]
    end = "\n".join(tails.newest_lines(settings.data / "log" / LOG, 15))
    raise UpError(told.get("refused") or f"the preparation failed; the end of its log:\n{end}")
