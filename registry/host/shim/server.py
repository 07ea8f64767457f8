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
from collections.abc import Callable
from typing import Any

from cheroot import connections, server, wsgi

from . import STUCK, stats
from .activity import Activity, note, tell

THREADS = 8
DRAIN_SECONDS = 10
MAX_REQUEST_HEADERS = 32 * 1024
LOOK_SECONDS = 1.0
LINGER = stats.EVERY + 2 * LOOK_SECONDS
"""So long after the last request the watch goes on looking every second: its figures are still to be told."""

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


def serve(
    listener: socket.socket,
    application: Callable[..., Any],
    max_body: int,
    idle_seconds: float,
    request_seconds: float = 60,
    max_answer: int = 100 * 2**20,
) -> int:
    """Serve until SIGTERM, or until ``idle_seconds`` passed without a request (0: never). Returns the exit
    code. When every thread is held by a request longer than ``request_seconds``, the process ends with STUCK.
    """
    activity = Activity(application, request_seconds, max_answer)
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
    _report(activity)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop_in_time(web: Server, asked: threading.Event, activity: Activity, idle_seconds: float) -> None:
    """Watch over the requests; tell figures while there are any; leave when asked, when idle, or when stuck."""
    told = time.monotonic()
    while not asked.wait(_patience(activity, idle_seconds)):
        if activity.late() >= THREADS:
            note("stuck: every thread is held by a slow request; starting anew")
            tell("stuck")
            os._exit(STUCK)
        if time.monotonic() - told >= stats.EVERY:
            told = time.monotonic()
            _report(activity)
        if idle_seconds and activity.idle() >= idle_seconds:
            break
    _report(activity)
    tell("leaving")
    web.stop()


def _report(activity: Activity) -> None:
    word = activity.counts.take()
    if word is not None:
        tell(word)


def _patience(activity: Activity, idle_seconds: float) -> float:
    """Seconds until the next look: rarely while nobody comes, for a sleeper should not cost anything."""
    idle = activity.idle()
    look = LOOK_SECONDS if idle < LINGER else LOOK_SECONDS * 5
    return min(look, max(idle_seconds - idle, 0.05)) if idle_seconds else look
