"""The process: keeps one set of sockets per deployment, level-triggered by the tables, until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from concurrent.futures import ThreadPoolExecutor

import psycopg
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from registry.config import Settings
from registry.connect.gateway import guests, proxy
from registry.connect.gateway.doors import Door
from registry.connect.gateway.serving import Desk
from registry.core import process
from registry.core.logs import logger
from registry.core.postgresql import HOST_CHANNEL, libpq_url

FOLLOW_SECONDS = 5.0
SETTLE_SECONDS = 0.05
"""Several notes of one act are one reason to look."""

LEAVE_SECONDS = 5.0
RESOLVERS = 32
"""Threads that wait for the machine's resolver: a slow name of one plugin keeps no other waiting."""


class Gateway:
    """Everything but database work happens in the event loop that runs `run`."""

    def __init__(self, app: Flask, settings: Settings, route: proxy.Route = proxy.OUTSIDE) -> None:
        self._settings, self._app = settings, app
        self._desk = Desk(app, settings, route)
        self._doors: dict[int, Door] = {}
        self._changed = asyncio.Event()
        self._leaving = asyncio.Event()

    async def run(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(RESOLVERS, "names"))
        ear = asyncio.create_task(self._hear())
        try:
            while not self._leaving.is_set():
                await self._follow()
                await self._wait()
        finally:
            ear.cancel()
            await self._leave()

    def stop(self) -> None:
        self._leaving.set()
        self._changed.set()

    async def _follow(self) -> None:
        """Make the sockets what the tables want; while the database is away everything stays as it is."""
        loop = asyncio.get_running_loop()
        try:
            wanted = await loop.run_in_executor(self._desk.pool, guests.present, self._app)
            self._agree(wanted)
            await self._desk.cut_what_was_taken_back()
        except SQLAlchemyError as error:
            logger.warning("gateway waits", error=str(error)[:300])

    def _agree(self, wanted: dict[int, guests.Guest]) -> None:
        for gone in self._doors.keys() - wanted.keys():
            self._doors.pop(gone).close()
        for identity, guest in wanted.items():
            if identity not in self._doors:
                folder = self._settings.outside(identity)
                self._doors[identity] = Door(guest, folder, self._desk.http, self._desk.postgresql)
            self._doors[identity].guest = guest
            try:
                self._doors[identity].agree()
            except OSError as error:
                logger.warning("no socket", plugin=guest.subject, error=str(error))

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FOLLOW_SECONDS):
                await self._changed.wait()
                await asyncio.sleep(SETTLE_SECONDS)
        self._changed.clear()
        if self._leaving.is_set():
            self._changed.set()

    async def _hear(self) -> None:
        """Notes of changes; a lost connection costs `FOLLOW_SECONDS`."""
        url = libpq_url(self._settings.database_url)
        while True:
            with contextlib.suppress(psycopg.Error):
                async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as ear:
                    await ear.execute(f"listen {HOST_CHANNEL}")
                    self._changed.set()
                    async for _note in ear.notifies():
                        self._changed.set()
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _leave(self) -> None:
        for door in self._doors.values():
            door.close()
        await asyncio.gather(*(door.drained(LEAVE_SECONDS) for door in self._doors.values()))
        self._desk.pool.shutdown(wait=True, cancel_futures=True)


def run(app: Flask, settings: Settings) -> int:
    """Be the gateway until SIGTERM or SIGINT; 1 when another one keeps this data folder's sockets."""
    for folder in (settings.run, settings.run / "outside"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    process.allow_many_files()
    lock = process.claim(settings.run / "gateway.lock")
    if lock is None:
        logger.error("another gateway is running on this data folder", data=str(settings.data))
        return 1
    with lock:
        asyncio.run(_until_asked(app, settings))
    return 0


async def _until_asked(app: Flask, settings: Settings) -> None:
    gateway = Gateway(app, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, gateway.stop)
    logger.info("gateway ready")
    await gateway.run()
    logger.info("gateway left")
