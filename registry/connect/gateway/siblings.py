"""``/siblings/{app}/{capability}/{rest}``: one plugin of a city asks another, with the admin's consent."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import h11
from flask import Flask

from registry.catalog.inspection.values import USE
from registry.config import Settings
from registry.connect import reading, rules, service
from registry.connect.gateway import tokens
from registry.connect.gateway.answers import ProblemError
from registry.connect.gateway.copying import End
from registry.connect.gateway.guests import Guest, within
from registry.connect.gateway.wire import PIECE, Client, Request, end_to_end
from registry.core.uow import unit_of_work
from registry.hosting.models import Deployment
from registry.tenants.models import City

PATH = re.compile(
    r"/siblings/(?P<app>[^/?]{1,100})/(?P<capability>[^/?]{1,100})(?:/(?P<rest>[^?]*))?(?:\?(?P<query>.*))?"
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
WAKE_SECONDS = 30.0
"""A sibling that sleeps is woken by the call."""

ANSWER_BYTES = 10 * 2**20
ANSWER_SECONDS = 60.0
SIBLING = "X-Lumbung-Sibling"
"""Names who answered, so that its refusal is told apart from ours."""

ASKED = ("accept", "accept-language", "content-type", "if-none-match", "if-modified-since")
ANSWERED = (
    "content-type", "content-language", "content-disposition", "etag", "last-modified", "cache-control", "retry-after",
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call, allowed and addressed. ``target`` is the path at the sibling, with its query."""

    name: str
    socket: Path
    host: str
    target: str
    token: str


def prepare(app: Flask, settings: Settings, guest: Guest, request: Request) -> Call:
    """In a thread: consent, the sibling, the path. Raises RefusalError, ProblemError."""
    match = PATH.fullmatch(request.target)
    use = f"{match['app']}:{match['capability']}" if match else ""
    if match is None or not USE.fullmatch(use) or request.method not in METHODS:
        raise ProblemError(404, "not-found", "Ask like this: GET /siblings/simtaru/zoning.read/path?query.")
    wish, rest, query = rules.Wish(rules.SIBLING, use), match["rest"] or "", match["query"]
    name, base = within(app, guest, lambda city, deployment: _find(city, deployment, wish))
    path = rules.sibling_path(base, rest)
    if path is None:
        raise ProblemError(422, "invalid", "The path may not climb out of what the sibling provides.")
    return Call(
        name=name,
        socket=settings.plugin_socket(guest.city, name),
        host=urlsplit(settings.plugin_origin(guest.city, name)).netloc,
        target=path if query is None else f"{path}?{query}",
        token=tokens.sign(settings, guest.name, f"{name}.{guest.city}", match["capability"]),
    )


def _find(city: City, deployment: Deployment, wish: rules.Wish) -> tuple[str, str]:
    """The sibling's name and the path that answers the capability."""
    with unit_of_work():
        allowed = service.use(deployment, wish)
    if not allowed:
        raise service.refusal(wish)
    app, _colon, capability = wish.name.partition(":")
    sibling = reading.sibling(city, app)
    manifest = reading.manifest_of(sibling) if sibling else None
    if sibling is None or manifest is None:
        raise ProblemError(404, "sibling-absent", f"{city.name} has no plugin {app}.")
    if capability not in manifest.provides:
        raise ProblemError(404, "capability-absent", f"{sibling.name} does not provide {capability}.")
    if not sibling.enabled:
        raise ProblemError(503, "sibling-off", f"{sibling.name} is switched off.", 60)
    if sibling.maintenance:
        raise ProblemError(503, "sibling-closed", f"{sibling.name} is closed for maintenance.", 60)
    return sibling.name, manifest.provides[capability]


async def relay(call: Call, request: Request, client: Client) -> None:
    """Ask the sibling and pass its answer on. Raises ProblemError while nothing was answered yet."""
    try:
        async with asyncio.timeout(WAKE_SECONDS):
            end = End(*await asyncio.open_unix_connection(str(call.socket)))
    except (OSError, TimeoutError):
        raise ProblemError(503, "sibling-away", f"{call.name} does not answer. Try again later.", 10) from None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await _exchange(End(end.reader, end.writer), call, request, client)
    except (OSError, TimeoutError, h11.RemoteProtocolError):
        if client.answered:
            raise ConnectionError("the sibling broke off") from None
        raise ProblemError(504, "sibling-away", f"{call.name} did not answer in time.", 10) from None
    finally:
        await end.close()


async def _exchange(end: End, call: Call, request: Request, client: Client) -> None:
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=32 * 2**10)
    for part in _asking(call, request):
        end.writer.write(http.send(part) or b"")
    await end.writer.drain()

    async def next_event() -> h11.Event | type[h11.PAUSED]:
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await end.reader.read(PIECE))
        return event  # type: ignore[return-value]

    while isinstance(head := await next_event(), h11.InformationalResponse):
        continue
    if not isinstance(head, h11.Response):
        raise ConnectionError("no answer")
    await client.begin(head.status_code, [*end_to_end(head.headers, ANSWERED), (SIBLING, call.name)])
    size = 0
    while isinstance(event := await next_event(), h11.Data):
        size += len(event.data)
        if size > ANSWER_BYTES:
            raise ConnectionError("the answer is too large")
        await client.send(bytes(event.data))
    await client.end()


def _asking(call: Call, request: Request) -> list[h11.Event]:
    """The call as the sibling sees it: nothing of the caller's headers but a few, and no cookie."""
    headers = [
        ("Host", call.host),
        ("Authorization", f"Lumbung {call.token}"),
        ("Content-Length", str(len(request.body))),
        ("Connection", "close"),
        *((name, value) for name, value in request.headers.items() if name in ASKED),
    ]
    sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
    asking = h11.Request(method=request.method, target=call.target, headers=sent)
    return [asking, *([h11.Data(data=request.body)] if request.body else []), h11.EndOfMessage()]
