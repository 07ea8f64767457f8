"""What two workers of one run of tests must not both take: ports told to a program before it starts, and users."""

from __future__ import annotations

import os
import random
import re
import socket
from itertools import count

WORKERS = 12
WORKER = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % WORKERS

LOWEST_PORT, PORTS = 12_000, 1_000
"""Below those that Linux gives to whoever asks for any (from 32768 on); so many for each worker."""

LOWEST_NUMBER, HOUSEHOLDS, HOUSEHOLD = 100_000, 500, 500
"""Of deployments, whose users follow from them; below are those of an installation beside the tests."""

_ports = count(random.randrange(PORTS))
_households = count(random.randrange(HOUSEHOLDS))


def free_port() -> int:
    """One that nobody else here is given: of any free one that the kernel tells, another process may have become the
    owner before the program that was told of it has started.
    """
    for _ in range(PORTS):
        port = LOWEST_PORT + WORKER * PORTS + next(_ports) % PORTS
        if _is_free(port):
            return port
    raise AssertionError("no port of this worker is free")


def first_number() -> int:
    """The first of `HOUSEHOLD` numbers for deployments that no other installation of these tests has."""
    return LOWEST_NUMBER + (WORKER * HOUSEHOLDS + next(_households) % HOUSEHOLDS) * HOUSEHOLD


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
