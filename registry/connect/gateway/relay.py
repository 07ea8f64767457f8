"""The plugin's way to its own database: bytes to the server and back, for its own role and nothing else."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

from registry.connect.gateway.copying import End, Limits, both_ways
from registry.connect.gateway.guests import Guest
from registry.core import pgwire

SOCKET = ".s.PGSQL.5432"
STARTUP_SECONDS, CONNECT_SECONDS = 10.0, 5.0
UNENCRYPTED_ROUNDS = 3
"""A client asks for TLS, then for GSSAPI, then begins."""

FULL = "this database is far over its limit of disk: ask your city's admin for more, or to go back to an older copy"

Server = Path | tuple[str, int]


async def serve(guest: Guest, client: End, server: Server, closed: Path) -> None:
    """One connection, until either side ends it. The file ``closed`` is there while the database is far over its limit
    of disk (`registry.host.pgwatch`).
    """
    packet = await _startup(client)
    if packet is None:
        return
    refusal = pgwire.startup_refusal(packet, guest.deployment) or (FULL if closed.exists() else None)
    if refusal:
        await _say(client, refusal)
        return
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            end = await _connect(server)
    except (OSError, TimeoutError):
        await _say(client, "the database is away, try again in a moment")
        return
    try:
        end.writer.write(packet)
        await end.writer.drain()
        await both_ways(client, end, Limits(), lambda _size: True)
    finally:
        await end.close()


async def _startup(client: End) -> bytes | None:
    """The first packet that is no question about encryption; None when there is none in time."""
    try:
        async with asyncio.timeout(STARTUP_SECONDS):
            for _round in range(UNENCRYPTED_ROUNDS):
                head = await client.reader.readexactly(4)
                (length,) = struct.unpack("!I", head)
                if not 8 <= length <= pgwire.MAX_STARTUP:
                    return head
                packet = head + await client.reader.readexactly(length - 4)
                if not pgwire.wants_encryption(packet):
                    return packet
                client.writer.write(pgwire.NO)
                await client.writer.drain()
    except (OSError, EOFError, TimeoutError):
        return None
    return None


async def _connect(server: Server) -> End:
    if isinstance(server, Path):
        return End(*await asyncio.open_unix_connection(str(server)))
    return End(*await asyncio.open_connection(*server))


async def _say(client: End, message: str) -> None:
    client.writer.write(pgwire.error_packet(message))
    async with asyncio.timeout(1):
        await client.writer.drain()
