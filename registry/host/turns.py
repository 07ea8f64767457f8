"""Who may start next: a storm of wakes from one city waits in its own row, and every city gets its turn.

Three bounds: how many sandboxes start at once, how many are awake per city, and how many in all (also by the memory
the machine really has left). Whoever has no place waits, its visitors in the backlog of its socket; the plugin that
nobody used for longest is asked to leave for it.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.host.reactor import Reactor

START_COUNTS = 3.0
"""Seconds after which a start that is not over takes no place among the starts any more: hanging blocks nobody."""
SHORTEST_STAY = 5.0
"""Seconds a plugin may stay before it has to make room, or two would chase each other out."""
LOOK_AGAIN = 1.0
TYPICAL = 24 * 2**20
"""Bytes an awake plugin takes of its own, by rule of thumb: only for the bound in all."""
SPARE_SHARE = 20
"""One in so many bytes of the machine's memory stays free."""


@dataclass(frozen=True)
class Bounds:
    """``at_once`` starts, ``awake`` in all, ``per_city`` awake of one city, ``spare`` bytes that stay free."""

    at_once: int
    awake: int
    per_city: int
    spare: int

    @classmethod
    def of(cls, extra: Mapping[str, str]) -> Bounds:
        """By the machine, unless the settings say otherwise. Raises ValueError on a value that is no number."""
        total = memory("MemTotal")
        awake = int(extra.get("awake", max(total // TYPICAL, 16)))
        return cls(
            at_once=int(extra.get("starts_at_once", 2 * (os.cpu_count() or 1))),
            awake=awake,
            per_city=int(extra.get("awake_per_city", max(awake // 4, 8))),
            spare=total // SPARE_SHARE,
        )


class Guest(Protocol):
    """A plugin, as far as turns are concerned. ``last_use`` is a time of the monotonic clock."""

    city: str
    pinned: bool

    @property
    def last_use(self) -> float: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Turns:
    """Lives in the reactor's thread. `ask` for a start; say `ready` when it is over and `gone` when all is."""

    def __init__(self, reactor: Reactor, bounds: Bounds, free: Callable[[], int] | None = None) -> None:
        self._reactor = reactor
        self._bounds = bounds
        self._free = free or (lambda: memory("MemAvailable"))
        self._rows: dict[str, deque[Guest]] = {}
        self._starting: dict[Guest, float] = {}
        self._awake: dict[Guest, float] = {}
        self._asked: set[Guest] = set()
        self._due = self._later = False

    def ask(self, guest: Guest) -> None:
        """Start it when it is its turn; asking twice is asking once."""
        row = self._rows.setdefault(guest.city, deque())
        if guest not in row and guest not in self._awake:
            row.append(guest)
        self._look_soon()

    def drop(self, guest: Guest) -> None:
        """It does not want to start any more."""
        row = self._rows.get(guest.city, deque())
        if guest in row:
            row.remove(guest)

    def seat(self, guest: Guest) -> None:
        """It is awake already: taken over from a predecessor."""
        self._awake[guest] = time.monotonic()

    def ready(self, guest: Guest) -> None:
        self._starting.pop(guest, None)
        self._look_soon()

    def gone(self, guest: Guest) -> None:
        self._starting.pop(guest, None)
        self._awake.pop(guest, None)
        self._asked.discard(guest)
        self._look_soon()

    def _look_soon(self) -> None:
        if not self._due:
            self._due = True
            self._reactor.soon(self._look)

    def _look(self) -> None:
        """Give away what places there are, one city after the other."""
        self._due = False
        waiting = [city for city, row in self._rows.items() if row]
        while waiting and self._starts() < self._bounds.at_once:
            city = waiting.pop(0)
            if self._starts(city) < self._share() and self._has_place(city):
                self._begin(city)
                if self._rows[city]:
                    waiting.append(city)
        if any(self._rows.values()):
            self._look_later()
        self._rows = {city: row for city, row in self._rows.items() if row}

    def _begin(self, city: str) -> None:
        """The first of this city's row starts; the city goes to the end."""
        row = self._rows.pop(city)
        guest = row.popleft()
        self._rows[city] = row
        self._starting[guest] = self._awake[guest] = time.monotonic()
        guest.start()

    def _look_later(self) -> None:
        if not self._later:
            self._later = True
            self._reactor.later(LOOK_AGAIN, self._look_now)

    def _look_now(self) -> None:
        self._later = False
        self._look_soon()

    def _share(self) -> int:
        """How many starts one city may have under way at once: one is always left for somebody else."""
        return max(self._bounds.at_once - 1, 1)

    def _starts(self, city: str | None = None) -> int:
        since = time.monotonic() - START_COUNTS
        return sum(began > since and city in (None, guest.city) for guest, began in self._starting.items())

    def _has_place(self, city: str) -> bool:
        """Whether one more may be awake; if not, somebody of this city is asked to leave, else of the largest."""
        own = [guest for guest in self._awake if guest.city == city]
        if len(own) >= self._bounds.per_city:
            self._make_room(own)
            return False
        if len(self._awake) < self._bounds.awake and self._free() > self._bounds.spare:
            return True
        if not self._make_room(own):
            self._make_room(self._of_largest())
        return False

    def _of_largest(self) -> list[Guest]:
        by_city: dict[str, list[Guest]] = {}
        for guest in self._awake:
            by_city.setdefault(guest.city, []).append(guest)
        return max(by_city.values(), key=len, default=[])

    def _make_room(self, guests: list[Guest]) -> bool:
        """Whether one of them leaves: the one nobody used for longest, unless somebody was asked already."""
        if self._asked & set(guests):
            return True
        since = time.monotonic() - SHORTEST_STAY
        movable = [g for g in guests if not g.pinned and g not in self._starting and self._awake[g] < since]
        if not movable:
            return False
        leaving = min(movable, key=lambda guest: guest.last_use)
        self._asked.add(leaving)
        leaving.stop()
        return True


def memory(name: str, path: Path = Path("/proc/meminfo")) -> int:
    """A line of /proc/meminfo, in bytes."""
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"{path} does not tell {name}")
