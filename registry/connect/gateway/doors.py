"""The open sockets of one deployment: accepts as many connections as its budget has room for, the rest wait."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from registry.connect.gateway import relay
from registry.connect.gateway.budget import Budget
from registry.connect.gateway.copying import End
from registry.connect.gateway.guests import Guest
from registry.core import sockets
from registry.core.logs import logger

HTTP_SOCKET = "host.sock"
BACKLOG = 64
PAUSE = 1.0
"""Seconds after which a machine out of descriptors is asked again."""

Serve = Callable[["Door", End], Awaitable[None]]


class Door:
    """Made in the event loop. ``guest`` may be replaced by a newer value of the same deployment."""

    def __init__(self, guest: Guest, folder: Path, http: Serve, postgresql: Serve) -> None:
        self.guest, self.budget = guest, Budget()
        self._folder, self._serving = folder, {HTTP_SOCKET: http, relay.SOCKET: postgresql}
        self._listeners: dict[str, tuple[socket.socket, asyncio.Task[None]]] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self.telling: asyncio.Task[None] | None = None
        """Telling the table of bytes that went out, when that is under way."""

    def agree(self) -> None:
        """Open what should be open, also again where somebody took the file away. Raises OSError."""
        wanted = [] if self.guest.trial else [HTTP_SOCKET]
        wanted += [relay.SOCKET] if self.guest.postgresql else []
        for name in set(self._listeners) - set(wanted):
            self._shut(name)
        for name in wanted:
            if name in self._listeners and not (self._folder / name).exists():
                self._shut(name)
            if name not in self._listeners:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o711)
                listener = sockets.listen(self._folder / name, BACKLOG, self.guest.uid)
                slots = self.budget.connections if name == HTTP_SOCKET else self.budget.database
                task = asyncio.create_task(self._accept(listener, slots, self._serving[name]))
                self._listeners[name] = (listener, task)

    def close(self) -> None:
        """No new connection; those that are open go on until `drained` or `cut`."""
        for name in list(self._listeners):
            self._shut(name)

    async def drained(self, seconds: float) -> None:
        """Let open connections finish, then end them."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    def _shut(self, name: str) -> None:
        listener, task = self._listeners.pop(name)
        task.cancel()
        listener.close()
        with contextlib.suppress(FileNotFoundError):
            (self._folder / name).unlink()

    async def _accept(self, listener: socket.socket, slots: asyncio.Semaphore, serve: Serve) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await slots.acquire()
            try:
                connection, _address = await loop.sock_accept(listener)
            except OSError as error:
                slots.release()
                logger.warning("not accepted", plugin=self.guest.subject, error=str(error))
                await asyncio.sleep(PAUSE)
                continue
            except BaseException:
                slots.release()
                raise
            task = asyncio.create_task(self._serve(connection, slots, serve))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _serve(self, connection: socket.socket, slots: asyncio.Semaphore, serve: Serve) -> None:
        try:
            # The folder is mounted nowhere else: this is the second lock of the door.
            if not sockets.is_of(connection, self.guest.uid):
                logger.warning("stranger at a socket", plugin=self.guest.subject)
                connection.close()
                return
            end = End(*await asyncio.open_unix_connection(sock=connection))
            try:
                await serve(self, end)
            finally:
                await end.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # it left, or was too slow: its own affair
        except Exception:
            logger.exception("gateway broke", plugin=self.guest.subject)
        finally:
            slots.release()
