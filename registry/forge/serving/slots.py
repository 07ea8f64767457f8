"""How many clones and pushes run at once: in all, of one repository, and for one person or address."""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from contextlib import ExitStack

from flask import Flask, current_app
from flask_babel import gettext as _

from registry.core.errors import UnavailableError
from registry.forge.serving import rules

WAIT = 60.0
"""Seconds somebody stands in the queue before being asked to come again: git itself does not come again."""

WAITING = 14
"""Who waits holds a thread: with the packs of an installation as it comes these are fewer than its threads (24)."""

SPARE = 2
"""Places in a full queue for those who hold nothing yet."""


class Slots:
    """Of one process. Names are free texts: ``repository bontang/lapor``, ``person 5``."""

    def __init__(self, total: int, wait: float = WAIT) -> None:
        self.total, self.wait = total, wait
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._busy = self._queued = 0

    def hold(self, held: ExitStack, repository: str, who: str) -> None:
        """One pack more until ``held`` closes; waits for it. Raises UnavailableError."""
        names = (repository, who)
        with self._changed:
            if not self._fits(names):
                self._stand_in_queue(names)
            self._running.update(names)
            self._busy += 1
        held.callback(self._release, names)

    @property
    def busy(self) -> int:
        return self._busy

    def is_full_for(self, who: str) -> bool:
        """Whether `hold` would refuse at once."""
        return self._busy >= self.total and self._queued >= self._places(who)

    def _fits(self, names: tuple[str, str]) -> bool:
        most = rules.share(self.total)
        return self._busy < self.total and all(self._running[name] < most for name in names)

    def _stand_in_queue(self, names: tuple[str, str]) -> None:
        who = names[1]
        if self._queued >= self._places(who):
            raise busy()
        self._queued += 1
        self._waiting[who] += 1
        try:
            if not self._changed.wait_for(lambda: self._fits(names), self.wait):
                raise busy()
        finally:
            self._queued -= 1
            self._waiting[who] -= 1
            self._waiting += Counter()

    def _places(self, who: str) -> int:
        return WAITING if self._running[who] or self._waiting[who] else WAITING + SPARE

    def _release(self, names: tuple[str, str]) -> None:
        with self._changed:
            self._running.subtract(names)
            self._running += Counter()  # forgets who holds nothing any more
            self._busy -= 1
            self._changed.notify_all()


def busy() -> UnavailableError:
    return UnavailableError(_("Many clones and pushes are running. Try again in a moment."))


def here() -> Slots:
    """Of this process."""
    found: Slots = current_app.extensions["lumbung_packs"]
    return found


def name_of(address: str) -> str:
    """Who an address is: of IPv6 the network that one household has."""
    try:
        network = ipaddress.ip_network(f"{address}/{64 if ':' in address else 32}", strict=False)
    except ValueError:
        return "address ?"
    return f"address {network.network_address}"


def init_app(app: Flask) -> None:
    app.extensions["lumbung_packs"] = Slots(app.extensions["lumbung"].git_packs)
