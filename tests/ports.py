"""Ports for programs that want theirs told before they start."""

from __future__ import annotations

import os
import random
import re
import socket
from itertools import count

LOWEST, WIDTH, WORKERS = 12_000, 1_000, 12
"""Below those that Linux gives to whoever asks for any (from 32768 on); so many for each worker of a run of tests."""

_turn = count(random.randrange(WIDTH))


def free_port() -> int:
    """One that nobody else here is given: of any free one that the kernel tells, another process may have become the
    owner before the program that was told of it has started.
    """
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % WORKERS
    for _ in range(WIDTH):
        port = LOWEST + worker * WIDTH + next(_turn) % WIDTH
        if _is_free(port):
            return port
    raise AssertionError("no port of this worker is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
