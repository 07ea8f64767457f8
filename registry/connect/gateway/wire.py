"""One HTTP/1.1 connection of a plugin: one request, one answer, every byte and second of it bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import h11

from registry.connect.gateway.answers import Answer, Headers, ProblemError

HEAD_BYTES, BODY_BYTES = 16 * 2**10, 2**20
HEAD_SECONDS, BODY_SECONDS, SEND_SECONDS = 10.0, 20.0, 20.0
PIECE = 64 * 2**10
_HOP = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "trailer", "te"})


@dataclass(frozen=True)
class Request:
    """``target`` as it was sent (a path with query, ``host:port`` for CONNECT); header names in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


class Client:
    """The plugin's end. Raises ProblemError for a request that is wrong, ConnectionError when it left,
    TimeoutError when it is too slow to be answered.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self.answered = False

    async def request(self) -> Request:
        """The whole request, body included; all of it within `HEAD_SECONDS` + `BODY_SECONDS`."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await self._event()
            if not isinstance(head, h11.Request):
                raise ConnectionError("it left without asking")
            async with asyncio.timeout(BODY_SECONDS):
                body = b"" if head.method == b"CONNECT" else await self._body(head)
        except h11.RemoteProtocolError as error:
            raise ProblemError(error.error_status_hint, "bad-request", f"This is not HTTP/1.1: {error}") from None
        except TimeoutError:
            raise ProblemError(408, "too-slow", "The request did not arrive in time.") from None
        headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
        return Request(head.method.decode("ascii"), head.target.decode("ascii"), headers, body)

    async def answer(self, answer: Answer) -> None:
        await self.begin(answer.status, [*answer.headers, ("Content-Length", str(len(answer.body)))])
        await self.send(answer.body)
        await self.end()

    async def begin(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """The head of an answer; without Content-Length its body is sent in chunks."""
        self.answered = True
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
        await self._write(h11.Response(status_code=status, headers=[*sent, (b"Connection", b"close")]))

    async def send(self, data: bytes) -> None:
        if data:
            await self._write(h11.Data(data=data))

    async def end(self) -> None:
        await self._write(h11.EndOfMessage())

    async def switch(self) -> bytes:
        """Accept a CONNECT: from here on the bytes are not ours. Returns those that came already."""
        self.answered = True
        await self._write(h11.Response(status_code=200, headers=[]))
        return self._http.trailing_data[0]

    async def close(self) -> None:
        await closed(self.writer)

    async def _event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self.reader.read(HEAD_BYTES))
        return event  # type: ignore[return-value]

    async def _body(self, head: h11.Request) -> bytes:
        if int(dict(head.headers).get(b"content-length", b"0")) > BODY_BYTES:
            raise ProblemError(413, "too-large", f"A request may have at most {BODY_BYTES // 1024} kB.")
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > BODY_BYTES:
                raise ProblemError(413, "too-large", f"A request may have at most {BODY_BYTES // 1024} kB.")
        return bytes(body)

    async def _write(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self.writer.write(data)
            async with asyncio.timeout(SEND_SECONDS):
                await self.writer.drain()


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close an end for good; what it still says does not matter."""
    writer.close()
    try:
        async with asyncio.timeout(1):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()


def end_to_end(headers: Iterable[tuple[bytes, bytes]], allowed: Iterable[str]) -> Headers:
    """Those headers of an answer that may be passed on."""
    kept = frozenset(allowed) - _HOP
    told = [(name.decode("ascii"), value.decode("latin-1")) for name, value in headers]
    return [(name, value) for name, value in told if name.lower() in kept]
