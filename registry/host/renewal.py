"""The host's program is replaced by the one now on disk: first that one shows that it loads, then work in hand is
finished, then the two change places.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable

import structlog

from registry.host import handover
from registry.host.reactor import Reactor
from registry.host.works import Works

REST_SECONDS = 60.0
"""How long switches and errands under way are waited for; what is open then, the successor takes up."""
PAUSE = 0.1

logger = structlog.get_logger("lumbung.host")


class Renewal:
    """`begin` returns at once. ``finish`` is called in the reactor's thread; True when what runs can be handed on."""

    def __init__(self, reactor: Reactor, works: Works, finish: Callable[[bool], None]) -> None:
        self._reactor = reactor
        self._works = works
        self._finish = finish
        self._under_way = False

    def begin(self) -> None:
        """Twice is once. A program that does not load is refused: this one goes on."""
        if not self._under_way:
            self._under_way = True
            threading.Thread(target=self._ask, name="renewal", daemon=True).start()

    def _ask(self) -> None:
        try:
            understood = handover.speaks() == handover.FORMAT
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            logger.error("not renewed: the program on disk does not load", error=str(error))
            self._under_way = False
            return
        until = time.monotonic() + REST_SECONDS
        self._reactor.soon(lambda: self._rest(understood, until))

    def _rest(self, understood: bool, until: float) -> None:
        self._works.rest()
        if self._works.busy and time.monotonic() < until:
            self._reactor.later(PAUSE, lambda: self._rest(understood, until))
            return
        self._works.break_off()
        self._finish(understood)
