"""What one plugin did and took in one minute. Pure: words and readings in, one row out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from registry.host.limits import Use
from registry.host.shim.stats import BUCKETS

MOST = 200_000
"""Requests one report may tell of: a plugin can lie about itself, but not without bounds."""


@dataclass(frozen=True)
class Told:
    """What the shim counted since its last report (word ``stats``)."""

    requests: int
    errors: int
    slow: int
    histogram: tuple[int, ...]


@dataclass
class Tally:
    """Of one deployment in one minute; the names are the columns of ``samples``.

    ``memory_bytes`` and ``processes`` (threads too) are the most seen, ``cpu_seconds`` what was added, ``starts_ms``
    the slowest wake, ``killed`` how often the memory limit ended something, ``stuck`` how often all threads were.
    """

    requests: int = 0
    errors: int = 0
    slow: int = 0
    histogram: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    memory_bytes: int = 0
    cpu_seconds: float = 0.0
    disk_bytes: int = 0
    files: int = 0
    wakes: int = 0
    starts_ms: int = 0
    processes: int = 0
    killed: int = 0
    stuck: int = 0
    read_only: bool = False

    def add(self, told: Told) -> None:
        self.requests += told.requests
        self.errors += told.errors
        self.slow += told.slow
        self.histogram = [a + b for a, b in zip(self.histogram, told.histogram, strict=True)]

    def took(self, use: Use, before: Use) -> None:
        """Another reading of its group, and the one before."""
        self.memory_bytes = max(self.memory_bytes, use.memory)
        self.cpu_seconds += max(use.cpu - before.cpu, 0.0)
        self.processes = max(self.processes, use.tasks)
        self.killed += max(use.killed - before.killed, 0)


COLUMNS = tuple(one.name for one in fields(Tally))


@dataclass(frozen=True)
class Row:
    """A tally as it is written."""

    deployment: int
    minute: datetime
    tally: Tally

    def values(self) -> dict[str, Any]:
        return {"deployment": self.deployment, "minute": self.minute, **vars(self.tally)}


def read(word: str) -> Told | None:
    """A word ``stats {…}`` of a shim; None for what is no such word or cannot be true."""
    name, _, text = word.partition(" ")
    if name != "stats":
        return None
    try:
        given = json.loads(text)
        told = Told(_count(given["n"]), _count(given["e"]), _count(given["slow"]), tuple(map(_count, given["h"])))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = len(told.histogram) == len(BUCKETS) + 1 and sum(told.histogram) == told.requests
    return told if fits and max(told.errors, told.slow) <= told.requests else None


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise ValueError("not a count")
    return value
