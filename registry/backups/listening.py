"""A restic that runs: what it says a line at a time, and whether it still moves."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import IO, Any, cast

from registry.backups import complaints
from registry.core import tails

MAX_COMPLAINT = 4_000

Tell = Callable[[float], None]
"""Called with the share done, 0 to 1."""


class Watch:
    """Over what one restic says of its progress, about once a second: told on, unless it moves no more."""

    def __init__(self, told: Tell | None = None, still: float = inf) -> None:
        self._told = told
        self._still = still
        self._reached: tuple[Any, ...] = ()
        self._since = time.monotonic()

    def see(self, status: dict[str, Any]) -> None:
        """Raises `complaints.StalledError` where nothing was counted for too long."""
        reached = tuple(status.get(name) for name in ("total_bytes", "total_files", "bytes_done", "files_done"))
        if reached != self._reached:
            self._reached, self._since = reached, time.monotonic()
        elif time.monotonic() - self._since > self._still:
            raise complaints.StalledError
        if self._told:
            self._told(min(float(status.get("percent_done", 0)), 1.0))


def listen(command: list[str], env: dict[str, str], folder: Path | None, seconds: float, watch: Watch) -> list[Any]:
    """Its JSON values but those of its progress, when it has ended well. Raises `complaints.RepositoryError`; then, and
    ``seconds`` after it began, it is gone.
    """
    values: list[Any] = []
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            for line in cast(IO[bytes], process.stdout):
                values += [value for value in _value(line) if not _is_progress(value, watch)]
            code = process.wait()
        finally:
            late = not limit.is_alive() and process.returncode is not None and process.returncode < 0
            limit.cancel()
            process.kill()
            process.wait()
        if code:
            raise complaints.of(_end(errors), late)
    return values


def _is_progress(value: Any, watch: Watch) -> bool:
    if not isinstance(value, dict) or value.get("message_type") != "status":
        return False
    watch.see(value)
    return True


def _value(line: bytes) -> list[Any]:
    """What a line says; restic mixes plain words in."""
    with suppress(ValueError):
        return [json.loads(line)]
    return []


def _end(errors: IO[bytes]) -> str:
    return tails.end(errors, MAX_COMPLAINT)
