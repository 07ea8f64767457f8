"""Bytes between two connections, both ways, held back by the slower one and ended by time or by who counts them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from registry.connect.gateway.wire import PIECE, closed


@dataclass(frozen=True)
class End:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        await closed(self.writer)


@dataclass(frozen=True)
class Limits:
    """Seconds; None for no limit. ``idle``: nothing came from either side for so long."""

    idle: float | None = None
    total: float | None = None


async def both_ways(one: End, other: End, limits: Limits, count: Callable[[int], bool]) -> None:
    """Until both sides ended, a limit is reached, or ``count`` (told the size of each piece) says no more."""
    clock = _Clock(time.monotonic())
    pumps = {asyncio.create_task(_pump(*ends, count, clock)) for ends in ((one, other), (other, one))}
    watch = {asyncio.create_task(_watch(clock, limits.idle))} if limits.idle else set()
    waiting = pumps | watch
    try:
        async with asyncio.timeout(limits.total):
            while pumps & waiting and watch <= waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if any(task in pumps and task.result() is False for task in done):
                    return
    except (TimeoutError, OSError):
        return
    finally:
        for task in pumps | watch:
            task.cancel()
        await asyncio.gather(*pumps, *watch, return_exceptions=True)


@dataclass
class _Clock:
    last: float


async def _pump(source: End, target: End, count: Callable[[int], bool], clock: _Clock) -> bool:
    """One way until its end (True), or until ``count`` refuses (False)."""
    while piece := await source.reader.read(PIECE):
        clock.last = time.monotonic()
        if not count(len(piece)):
            return False
        target.writer.write(piece)
        await target.writer.drain()
    if target.writer.can_write_eof():
        target.writer.write_eof()
    return True


async def _watch(clock: _Clock, idle: float) -> None:
    while (quiet := time.monotonic() - clock.last) < idle:
        await asyncio.sleep(idle - quiet + 0.01)
