"""The WSGI layer right below the server: who is being served, for how long, and how much they are answered.

Only the plugin's own time counts: a visitor who sends or reads slowly is not the plugin's fault.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import SIGN
from .stats import Counts

NAMELESS = 200
"""Characters of a path that are noted."""


class AnswerTooLargeError(Exception):
    """The plugin's answer passed its limit; raised into the server, which breaks the connection off."""


@dataclass
class Visit:
    """One request. ``spent`` are seconds of the plugin's own so far, ``since`` when it was last entered (None: it
    is not in the plugin's code now).
    """

    path: str
    status: int = 200
    size: int = 0
    spent: float = 0.0
    since: float | None = None
    late: bool = False
    steps: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def enter(self) -> None:
        with self.steps:
            self.since = time.monotonic()

    def leave(self) -> None:
        with self.steps:
            if self.since is not None:
                self.spent += time.monotonic() - self.since
                self.since = None

    def seconds(self) -> float:
        with self.steps:
            return self.spent + (time.monotonic() - self.since if self.since is not None else 0.0)


class Activity:
    """Wraps the application. ``limit`` is the seconds a request may take, ``largest`` the bytes of an answer."""

    def __init__(self, application: Callable[..., Iterable[bytes]], limit: float, largest: int) -> None:
        self.counts = Counts()
        self._application = application
        self._limit = limit
        self._largest = largest
        self._lock = threading.Lock()
        self._open: dict[int, Visit] = {}
        self._last = time.monotonic()
        self._served = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        visit = Visit(str(environ.get("PATH_INFO", ""))[:NAMELESS])
        with self._lock:
            self._open[id(visit)] = visit
        answer = _Answer(visit, self._largest, lambda: self._done(visit))
        environ["wsgi.input"] = _Input(environ["wsgi.input"], visit)

        def start(status: str, headers: Any, *exc_info: Any) -> Callable[[bytes], Any]:
            visit.status = int(status[:3]) if status[:3].isdigit() else 500
            return answer.writer(start_response(status, headers, *exc_info))

        visit.enter()
        try:
            answer.take(self._application(environ, start))
        except BaseException:
            visit.status = 500
            self._done(visit)
            raise
        finally:
            visit.leave()
        return answer

    def idle(self) -> float:
        """Seconds since the last request ended; 0 while one is under way."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last

    def late(self) -> int:
        """How many requests take too long now; each is noted once."""
        with self._lock:
            visits = list(self._open.values())
        found = [visit for visit in visits if visit.seconds() > self._limit]
        for visit in found:
            if not visit.late:
                visit.late = True
                note(f"slow request: {visit.path} takes longer than {self._limit:g} seconds")
        return len(found)

    def _done(self, visit: Visit) -> None:
        visit.leave()
        with self._lock:
            if self._open.pop(id(visit), None) is None:
                return
            self._last = time.monotonic()
            first, self._served = not self._served, True
        self.counts.add(visit.status, visit.spent, visit.late or visit.spent > self._limit)
        if first:
            tell("served")


class _Answer:
    """An answer that is counted while it is sent, cut when it is too large, and says when it is over."""

    def __init__(self, visit: Visit, largest: int, done: Callable[[], None]) -> None:
        self._visit = visit
        self._largest = largest
        self._done = done
        self._given: Iterable[bytes] = ()

    def take(self, given: Iterable[bytes]) -> None:
        self._given = given

    def writer(self, write: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
        def counted(piece: bytes) -> Any:
            self._count(piece)
            self._visit.leave()
            try:
                return write(piece)
            finally:
                self._visit.enter()

        return counted

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self._given)
        while True:
            self._visit.enter()
            try:
                piece = next(pieces)
            except StopIteration:
                return
            finally:
                self._visit.leave()
            self._count(piece)
            yield piece

    def _count(self, piece: bytes) -> None:
        self._visit.size += len(piece)
        if self._visit.size > self._largest:
            note(f"answer cut: {self._visit.path} sent more than {self._largest} bytes")
            raise AnswerTooLargeError

    def close(self) -> None:
        try:
            close = getattr(self._given, "close", None)
            if close is not None:
                close()
        finally:
            self._done()


class _Input:
    """A request's body: waiting for the visitor to send it is not the plugin's time."""

    def __init__(self, body: Any, visit: Visit) -> None:
        self._body = body
        self._visit = visit

    def read(self, *size: int) -> bytes:
        return self._wait(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        return self._wait(self._body.readline, *size)

    def readlines(self, *hint: int) -> list[bytes]:
        return self._wait(self._body.readlines, *hint)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _wait(self, act: Callable[..., Any], *given: int) -> Any:
        self._visit.leave()
        try:
            return act(*given)
        finally:
            self._visit.enter()


def note(text: str) -> None:
    """A line for the plugin's log."""
    sys.stderr.write(text.encode("ascii", "backslashreplace").decode() + "\n")
    sys.stderr.flush()


def tell(word: str) -> None:
    """One line to the host, in one write."""
    os.write(2, f"{SIGN}{word}\n".encode())
