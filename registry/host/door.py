"""The public socket of one deployment: opened under its name, watched for someone who connects, closed."""

from __future__ import annotations

import socket
from pathlib import Path

from registry.core import sockets
from registry.host.reactor import Call, Reactor

BACKLOG = 512


def sweep(folder: Path) -> None:
    """Remove the sockets that a killed host left: nobody listens behind them, and off means that there is none."""
    for place in folder.glob("*/*.sock"):
        place.unlink(missing_ok=True)


class Door:
    """Lives in the reactor's thread. Open but not watched, it lets connections wait in its backlog."""

    def __init__(self, reactor: Reactor, place: Path) -> None:
        self.place = place
        self._reactor = reactor
        self._listener: socket.socket | None = None

    @property
    def is_open(self) -> bool:
        return self._listener is not None

    def fileno(self) -> int:
        """Raises OSError when it is closed."""
        if self._listener is None:
            raise OSError(f"{self.place} is not open")
        return self._listener.fileno()

    def open(self) -> None:
        """Bind the socket, in place of what lies there. Nothing happens when it is open already."""
        if self._listener is not None:
            return
        self.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._listener = sockets.listen(self.place, BACKLOG)

    def adopt(self, descriptor: int) -> None:
        """Go on with a socket that a predecessor bound here."""
        self._listener = socket.socket(fileno=descriptor)
        self._listener.setblocking(False)

    def watch(self, call: Call) -> None:
        """Call when someone connects, until `ignore`."""
        self.ignore()
        self._reactor.watch(self.fileno(), call)

    def ignore(self) -> None:
        if self._listener is not None:
            self._reactor.unwatch(self._listener.fileno())

    def close(self) -> None:
        self.ignore()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self.place.unlink(missing_ok=True)
