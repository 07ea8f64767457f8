"""What the shim counts of a plugin's requests and tells the host now and then; see `registry.host.meter`."""

from __future__ import annotations

import json
import threading
from bisect import bisect_left

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper ends in seconds; one more bucket holds what took longer."""

EVERY = 10.0
"""Seconds between two reports, while there is something to report."""


class Counts:
    """Requests since the last report. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def add(self, status: int, seconds: float, slow: bool) -> None:
        with self._lock:
            self._requests += 1
            self._errors += status >= 500
            self._slow += slow
            self._histogram[bisect_left(BUCKETS, seconds)] += 1

    def take(self) -> str | None:
        """The control word ``stats`` with what was counted since the last call; None when nothing was."""
        with self._lock:
            if not self._requests:
                return None
            told = {"n": self._requests, "e": self._errors, "h": self._histogram, "slow": self._slow}
            self._clear()
        return f"stats {json.dumps(told, separators=(',', ':'))}"

    def _clear(self) -> None:
        self._requests = self._errors = self._slow = 0
        self._histogram = [0] * (len(BUCKETS) + 1)
