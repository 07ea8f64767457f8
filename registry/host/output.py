"""What a sandbox prints, read piece by piece into its log: a flood is read slowly, so that it costs the plugin and not
the host.
"""

from __future__ import annotations

import os

from registry.host.logs import PluginLog
from registry.host.reactor import Reactor

READ_AT_ONCE = 65_536
FLOOD_PAUSE = 0.05


class Output:
    """Lives in the reactor's thread; reads one sandbox at a time."""

    def __init__(self, reactor: Reactor, log: PluginLog) -> None:
        self._reactor = reactor
        self._log = log
        self._descriptor: int | None = None

    def follow(self, descriptor: int) -> None:
        """Read whenever something was printed, until `finish`."""
        self._descriptor = descriptor
        self._reactor.watch(descriptor, self._read)

    def finish(self) -> None:
        """Read what is left and forget the descriptor; its owner closes it."""
        if self._descriptor is not None:
            self._reactor.unwatch(self._descriptor)
            self._take(self._descriptor)
            self._descriptor = None
        self._log.close()

    def _read(self) -> None:
        descriptor = self._descriptor
        if descriptor is None:
            return
        size = self._take(descriptor)
        if size == 0:
            self._reactor.unwatch(descriptor)
        elif size > READ_AT_ONCE // 4:
            self._reactor.unwatch(descriptor)
            self._reactor.later(FLOOD_PAUSE, lambda: self._read_on(descriptor))

    def _take(self, descriptor: int) -> int:
        """The bytes read; -1 when there is nothing now."""
        try:
            piece = os.read(descriptor, READ_AT_ONCE)
        except BlockingIOError:
            return -1
        self._log.feed(piece)
        return len(piece)

    def _read_on(self, descriptor: int) -> None:
        if self._descriptor == descriptor:
            self._reactor.unwatch(descriptor)
            self._reactor.watch(descriptor, self._read)
