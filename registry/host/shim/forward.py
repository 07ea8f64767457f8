"""The way to hosts outside, for libraries that know only a proxy's address: 127.0.0.1:3128 inside, the gateway behind.

Nothing is decided here: bytes are copied to the socket of this deployment, where the gateway asks for the city's
consent. One thread for all connections, because a plugin's threads are counted.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress

ADDRESS = ("127.0.0.1", 3128)
GATEWAY = "/run/lumbung/host.sock"
CONNECTIONS = 12
"""At once; more wait. The gateway has room for a few more, so that mail and figures still pass."""

PIECE = 64 * 1024
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def start(address: tuple[str, int] = ADDRESS, gateway: str = GATEWAY) -> tuple[str, int]:
    """Listen and return at once, with the address. Raises OSError when the address is taken."""
    forward = Forward(socket.create_server(address, backlog=32), gateway)
    threading.Thread(target=forward.run, name="forward", daemon=True).start()
    found: tuple[str, int] = forward.listener.getsockname()
    return found


class Way:
    """One direction: what was read and not yet written; nothing more is read meanwhile."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source, self.target = source, target
        self.waiting = b""
        self.ended = False

    def read(self) -> None:
        self.waiting = self.source.recv(PIECE)
        self.ended = not self.waiting
        self.write()

    def write(self) -> None:
        with suppress(BlockingIOError):
            self.waiting = self.waiting[self.target.send(self.waiting) :] if self.waiting else b""
        if self.ended and not self.waiting:
            self.target.shutdown(socket.SHUT_WR)


class Pair:
    """Two connected ends."""

    def __init__(self, inner: socket.socket, outer: socket.socket) -> None:
        self.ends = (inner, outer)
        self.ways = (Way(inner, outer), Way(outer, inner))

    @property
    def over(self) -> bool:
        return all(way.ended and not way.waiting for way in self.ways)

    def interest(self, end: socket.socket) -> int:
        """What to wait for at this end: room for what waits for it, or more from it."""
        wanted = 0
        for way in self.ways:
            if way.target is end and way.waiting:
                wanted |= _WRITE
            if way.source is end and not way.waiting and not way.ended:
                wanted |= _READ
        return wanted

    def turn(self, end: socket.socket, events: int) -> None:
        """Raises OSError when an end is broken."""
        for way in self.ways:
            if events & _WRITE and way.target is end:
                way.write()
            if events & _READ and way.source is end and not way.waiting and not way.ended:
                with suppress(BlockingIOError):
                    way.read()


class Forward:
    def __init__(self, listener: socket.socket, gateway: str) -> None:
        self.listener = listener
        self._gateway = gateway
        self._selector = selectors.DefaultSelector()
        self._pairs: dict[socket.socket, Pair] = {}

    def run(self) -> None:
        self.listener.setblocking(False)
        self._selector.register(self.listener, _READ)
        while True:
            for key, events in self._selector.select():
                if key.fileobj is self.listener:
                    self._accept()
                else:
                    self._turn(key.fileobj, events)  # type: ignore[arg-type]

    def _accept(self) -> None:
        with suppress(OSError):
            inner, _address = self.listener.accept()
            outer = socket.socket(socket.AF_UNIX)
            try:
                outer.connect(self._gateway)
            except OSError:
                inner.close()
                outer.close()
                return
            pair = Pair(inner, outer)
            for end in pair.ends:
                end.setblocking(False)
                self._pairs[end] = pair
                self._selector.register(end, _READ)
            self._make_room()

    def _turn(self, end: socket.socket, events: int) -> None:
        pair = self._pairs.get(end)
        if pair is None:
            return
        try:
            pair.turn(end, events)
        except OSError:
            self._drop(pair)
            return
        if pair.over:
            self._drop(pair)
            return
        for one in pair.ends:
            self._wait_for(one, pair.interest(one))

    def _wait_for(self, end: socket.socket, wanted: int) -> None:
        known = end in self._selector.get_map()
        if known and wanted:
            self._selector.modify(end, wanted)
        elif known:
            self._selector.unregister(end)
        elif wanted:
            self._selector.register(end, wanted)

    def _drop(self, pair: Pair) -> None:
        for end in pair.ends:
            self._wait_for(end, 0)
            self._pairs.pop(end, None)
            end.close()
        self._make_room()

    def _make_room(self) -> None:
        """Accept again, or no longer, by how many there are."""
        self._wait_for(self.listener, _READ if len(self._pairs) < 2 * CONNECTIONS else 0)
