"""How much one plugin may ask of the gateway, so that no plugin is felt by another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

CONNECTIONS, TUNNELS, DATABASE_CONNECTIONS = 16, 8, 12
ALL_DATABASE_CONNECTIONS = 100
"""Of all plugins together: the server has room for more, and the registry needs it."""

CALLS = 2
"""Of one plugin in the database, and at the resolver, at once: the threads are shared by all."""

PER_MINUTE, BURST = 600, 60


class Bucket:
    """Lets `BURST` through at once and `PER_MINUTE` in the long run."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left, self._at = float(BURST), clock()

    def take(self) -> bool:
        now = self._clock()
        self._left = min(BURST, self._left + (now - self._at) * PER_MINUTE / 60)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass
class Budget:
    """Of one plugin. Connections beyond the limit wait in their socket's own backlog."""

    connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))
    database: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DATABASE_CONNECTIONS))
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CALLS))
    names: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CALLS))
    bucket: Bucket = field(default_factory=Bucket)
    tunnels: int = 0
    told: int = 0
    """Bytes of today as the table last knew them."""
    untold: int = 0
    """Bytes since then."""
