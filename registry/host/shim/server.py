"""cheroot on an inherited socket: bounded, draining on SIGTERM, leaving by itself when nobody comes.

Connections are not kept alive: they come from the edge through a unix socket, where a new one costs next to
nothing, and only so can the plugin leave at any moment without cutting a request on a connection it has
already accepted.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cheroot import connections, server, wsgi

from . import SIGN

THREADS = 8
DRAIN_SECONDS = 10
MAX_REQUEST_HEADERS = 32 * 1024

_HEADER_NAME = re.compile(rb"[A-Za-z0-9-]+")


class HeaderReader(server.HeaderReader):
    """Drops headers whose name is not letters, digits and hyphens: in WSGI an underscore equals a hyphen."""

    def _allow_header(self, key_name: bytes) -> bool:
        return _HEADER_NAME.fullmatch(key_name) is not None


class Request(server.HTTPRequest):
    header_reader = HeaderReader()


class Connection(server.HTTPConnection):
    RequestHandlerClass = Request


class Server(wsgi.Server):
    """Serves the listening unix socket it is given instead of binding one."""

    ConnectionClass = Connection
    expiration_interval = 0.25
    keep_alive_conn_limit = 0
    max_request_header_size = MAX_REQUEST_HEADERS

    def __init__(self, listener: socket.socket, application: Callable[..., Any], max_body: int) -> None:
        super().__init__("inherited", application, numthreads=THREADS, max=THREADS, server_name="lumbung")
        self.timeout = 20
        self.shutdown_timeout = DRAIN_SECONDS
        self.max_request_body_size = max_body
        self._listener = listener

    def prepare(self) -> None:
        self._interrupt = None
        self.software = "lumbung"
        self.socket = self._listener
        self.socket.settimeout(1)
        self._connections = connections.ConnectionManager(self)
        self.requests.start()
        self.ready = True
        self._start_time = time.time()

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        super().error_log(msg.encode("ascii", "backslashreplace").decode(), level, traceback)


class Activity:
    """Counts requests under way, to know how long nobody came."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._busy = 0
        self._last = time.monotonic()
        self._served = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self._busy += 1
        try:
            answer = self._application(environ, start_response)
        except BaseException:
            self._done()
            raise
        return _Counted(answer, self._done)

    def idle(self) -> float:
        """Seconds since the last request ended; 0 while one is under way."""
        with self._lock:
            return 0.0 if self._busy else time.monotonic() - self._last

    def _done(self) -> None:
        with self._lock:
            self._busy -= 1
            self._last = time.monotonic()
            first, self._served = not self._served, True
        if first:
            tell("served")


class _Counted:
    """An answer that says when it is over."""

    def __init__(self, answer: Iterable[bytes], done: Callable[[], None]) -> None:
        self._answer = answer
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            close = getattr(self._answer, "close", None)
            if close is not None:
                close()
        finally:
            self._done()


def tell(word: str) -> None:
    """One line to the host, in one write."""
    os.write(2, f"{SIGN}{word}\n".encode())


def serve(listener: socket.socket, application: Callable[..., Any], max_body: int, idle_seconds: float) -> int:
    """Serve until SIGTERM, or until ``idle_seconds`` passed without a request (0: never). Returns the exit
    code.
    """
    activity = Activity(application)
    web = Server(listener, activity, max_body)
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    web.prepare()
    stopping = threading.Thread(target=_stop_in_time, args=(web, asked, activity, idle_seconds), daemon=True)
    stopping.start()
    tell("ready")
    web.serve()
    stopping.join(DRAIN_SECONDS + 1)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop_in_time(web: Server, asked: threading.Event, activity: Activity, idle_seconds: float) -> None:
    while not asked.wait(_patience(activity, idle_seconds)):
        if idle_seconds and activity.idle() >= idle_seconds:
            break
    tell("leaving")
    web.stop()


def _patience(activity: Activity, idle_seconds: float) -> float | None:
    return max(idle_seconds - activity.idle(), 0.05) if idle_seconds else None
