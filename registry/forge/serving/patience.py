"""A client that takes its clone, or sends its push, too slowly is hung up on: it holds a slot others wait for.

Only the time counts in which the client keeps us waiting, never what git needs to think.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from typing import Any, Self

from registry.core.logs import logger
from registry.forge.serving import rules

LOOK = 5.0
"""Seconds between two looks at everybody."""

SOCKETS = ("gunicorn.socket", "werkzeug.socket")


class Patience:
    """With one transfer. ``wait`` begins the client's time, ``came`` ends it, ``went`` hands something over."""

    def __init__(self, environ: Mapping[str, Any], what: str) -> None:
        self._socket: socket.socket | None = next((environ[name] for name in SOCKETS if name in environ), None)
        self._what = what
        self._waited, self._moved, self._since = 0.0, 0, 0.0

    def __enter__(self) -> Self:
        _watch.add(self)
        return self

    def __exit__(self, *_error: object) -> None:
        _watch.discard(self)

    def wait(self) -> None:
        self._since = time.monotonic()

    def came(self, size: int) -> None:
        """``size`` bytes went over since `wait`."""
        if self._since:
            self._waited += time.monotonic() - self._since
        self._since = 0.0
        self._moved += size

    def went(self, size: int) -> None:
        """``size`` bytes are given to the server to send; the client's time runs until the next `came`."""
        self._moved += size
        self.wait()

    def look(self) -> None:
        """End the connection of a client that is too slow: whoever reads or writes it hears of it at once."""
        since = time.monotonic() - self._since if self._since else 0.0
        if self._socket is None or not rules.is_too_slow(self._waited + since, self._moved, since):
            return
        logger.info("too slow, hung up", what=self._what, seconds=round(self._waited + since), bytes=self._moved)
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # gone by itself


class _Watch:
    """One thread per process looks at all; begun by the first transfer, so that a fork of the process has its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Patience] = set()
        self._thread: threading.Thread | None = None

    def add(self, patience: Patience) -> None:
        with self._lock:
            self._open.add(patience)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="git patience", daemon=True)
                self._thread.start()

    def discard(self, patience: Patience) -> None:
        with self._lock:
            self._open.discard(patience)

    def _run(self) -> None:
        while True:
            time.sleep(LOOK)
            with self._lock:
                looked_at = list(self._open)
            for patience in looked_at:
                patience.look()


_watch = _Watch()
