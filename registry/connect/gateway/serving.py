"""One request of a plugin: whose it is, how much it may, and which part answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from registry.config import Settings
from registry.connect.gateway import host_api, proxy, relay, siblings
from registry.connect.gateway.answers import Answer, ProblemError, away, problem, refused
from registry.connect.gateway.budget import ALL_DATABASE_CONNECTIONS, TUNNELS
from registry.connect.gateway.copying import End, both_ways
from registry.connect.gateway.doors import Door
from registry.connect.gateway.wire import Client, Request
from registry.connect.rules import EGRESS_PER_DAY, Wish
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.postgresql import server_address

THREADS = 8
PENALTY = 0.5
"""Seconds a refused flood waits for each answer."""

TELL_BYTES = 2**20
"""So many bytes through a tunnel are told to the table at the latest."""

Result = TypeVar("Result")


@dataclass(eq=False)
class Tunnel:
    """One open CONNECT; ``task`` is cancelled when its permission is gone."""

    door: Door
    wish: Wish
    task: asyncio.Task[None]


@dataclass
class Desk:
    """What every connection is served with."""

    app: Flask
    settings: Settings
    route: proxy.Route = proxy.OUTSIDE
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "gateway"))
    tunnels: set[Tunnel] = field(default_factory=set)
    database: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ALL_DATABASE_CONNECTIONS))

    async def postgresql(self, door: Door, end: End) -> None:
        closed = self.settings.run / "pg-closed" / str(door.guest.deployment)
        async with self.database:
            await relay.serve(door.guest, end, server_address(self.settings.database_url), closed)

    async def http(self, door: Door, end: End) -> None:
        """One connection at ``host.sock``."""
        client = Client(end.reader, end.writer)
        answer: Answer | None
        try:
            request = await client.request()
            if not door.budget.bucket.take():
                await asyncio.sleep(PENALTY)
                raise ProblemError(429, "too-many", "This plugin asks too often: wait a little.", 10)
            answer = await self._answer(door, client, request)
        except ProblemError as error:
            answer = error.answer
        except RefusalError as error:
            answer = refused(error)
        except SQLAlchemyError as error:
            answer = _broken(door, error)
        if answer is not None and not client.answered:
            await client.answer(answer)

    async def _answer(self, door: Door, client: Client, request: Request) -> Answer | None:
        """None when the answer was given already."""
        if request.method == "CONNECT":
            await self._connect(door, client, request)
            return None
        if request.target.startswith("/siblings/"):
            call = await self._ask(door, lambda: siblings.prepare(self.app, self.settings, door.guest, request))
            await siblings.relay(call, request, client)
            return None
        if not request.target.startswith("/"):
            raise ProblemError(405, "method-not-allowed", "Plain http is not passed on: use https, which asks CONNECT.")
        return await self._ask(door, lambda: host_api.answer(self.app, door.guest, request))

    async def _connect(self, door: Door, client: Client, request: Request) -> None:
        wish, budget = proxy.wanted(request.target), door.budget
        budget.told = await self._ask(door, lambda: proxy.allow(self.app, door.guest, wish))
        self._refuse_the_full(door)
        budget.tunnels += 1
        try:
            async with budget.names:
                addresses = await proxy.checked_addresses(wish, self.route)
            outside = await proxy.connect(wish, addresses)
            logger.info("egress", plugin=door.guest.subject, to=wish.name)
            try:
                await self._pass_on(door, client, outside, wish)
            finally:
                await outside.close()
        finally:
            budget.tunnels -= 1
            await self._tell(door)

    def _refuse_the_full(self, door: Door) -> None:
        if door.budget.tunnels >= TUNNELS:
            raise ProblemError(429, "too-many", f"At most {TUNNELS} connections to hosts outside at once.", 5)
        if door.budget.told + door.budget.untold >= EGRESS_PER_DAY:
            raise ProblemError(429, "quota", "This plugin has used up what it may exchange with hosts today.", 3600)

    async def _pass_on(self, door: Door, client: Client, outside: End, wish: Wish) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we run in one
        tunnel = Tunnel(door, wish, task)
        self.tunnels.add(tunnel)
        try:
            early = await client.switch()
            self._count(door, len(early))
            outside.writer.write(early)
            end = End(client.reader, client.writer)
            await both_ways(end, outside, proxy.TUNNEL, lambda size: self._count(door, size))
        finally:
            self.tunnels.discard(tunnel)

    def _count(self, door: Door, size: int) -> bool:
        door.budget.untold += size
        if door.budget.untold >= TELL_BYTES and not door.telling:
            door.telling = asyncio.create_task(self._tell(door))
        return door.budget.told + door.budget.untold < EGRESS_PER_DAY

    async def _tell(self, door: Door) -> None:
        """Bytes to the table; kept for the next time when that is away."""
        size, door.budget.untold = door.budget.untold, 0
        try:
            if size:
                door.budget.told = await self._ask(door, lambda: proxy.note(self.app, door.guest, size))
        except (SQLAlchemyError, RefusalError):
            door.budget.untold += size
        finally:
            door.telling = None

    async def cut_what_was_taken_back(self) -> None:
        """End tunnels whose permission is gone."""
        open_ones = [(tunnel.door.guest.deployment, tunnel) for tunnel in self.tunnels]
        if not open_ones:
            return
        asked = list({deployment for deployment, _tunnel in open_ones})
        stands = await asyncio.get_running_loop().run_in_executor(self.pool, proxy.standing, self.app, asked)
        for deployment, tunnel in open_ones:
            if (deployment, tunnel.wish) not in stands:
                logger.info("egress cut", plugin=tunnel.door.guest.subject, to=tunnel.wish.name)
                tunnel.task.cancel()

    async def _ask(self, door: Door, act: Callable[[], Result]) -> Result:
        """In a thread, a few of one plugin at once."""
        async with door.budget.calls:
            return await asyncio.get_running_loop().run_in_executor(self.pool, act)


def _broken(door: Door, error: SQLAlchemyError) -> Answer:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return away()
    logger.warning("gateway without an answer", plugin=door.guest.subject, error=str(error)[:300])
    unstorable = type(error).__name__ == "DataError"
    return problem(422, "invalid", "Something you sent cannot be stored.") if unstorable else away()
