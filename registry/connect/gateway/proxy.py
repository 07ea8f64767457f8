"""``CONNECT host:port``: the way to a host outside that the admin allowed, to a public address and no other."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from flask import Flask

from registry.catalog.inspection.egress import HOST
from registry.connect import reading, rules, service
from registry.connect.gateway.answers import ProblemError
from registry.connect.gateway.copying import End, Limits
from registry.connect.gateway.guests import Guest, within
from registry.core import scope
from registry.core.addresses import is_public
from registry.core.uow import unit_of_work
from registry.hosting.models import Deployment
from registry.tenants.models import City

RESOLVE_SECONDS, CONNECT_SECONDS = 5.0, 10.0
ADDRESSES = 4
"""Of one name that are tried."""

TUNNEL = Limits(idle=120.0, total=900.0)

Resolve = Callable[[str, int], Awaitable[list[str]]]
Judge = Callable[[str], bool]


@dataclass(frozen=True)
class Route:
    """How names become addresses, and which addresses may be reached. Tests give their own."""

    resolve: Resolve
    judge: Judge


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine's resolver knows it now. Raises OSError, UnicodeError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_outside(address: str) -> bool:
    """Whether an address is public and not this machine's own: what listens here expects no plugin."""
    return is_public(address) and not _is_ours(address)


def _is_ours(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
        return True


OUTSIDE = Route(resolve, is_outside)


def wanted(target: str) -> rules.Wish:
    """The wish a CONNECT stands for. Raises ProblemError for what could never be granted."""
    name = target.lower()
    if not HOST.fullmatch(name):
        raise ProblemError(403, "not-granted", "Only hosts that lumbung.toml names, as host:port, can be reached.")
    return rules.Wish(rules.EGRESS, name)


def allow(app: Flask, guest: Guest, wish: rules.Wish) -> int:
    """In a thread: consent, counted; answers the bytes of today. Raises RefusalError."""

    def ask(_city: City, deployment: Deployment) -> int:
        with unit_of_work():
            allowed = service.use(deployment, wish)
        if not allowed:
            raise service.refusal(wish)
        return reading.out_today(deployment)[1]

    return within(app, guest, ask)


def standing(app: Flask, deployments: Sequence[int]) -> set[tuple[int, rules.Wish]]:
    """In a thread: what these deployments may do now, for all that is open at once; not counted as a use."""
    with app.app_context():
        scope.enter_programme()
        return reading.standing(deployments)


def note(app: Flask, guest: Guest, size: int) -> int:
    """In a thread: count bytes; answers the sum of today."""

    def add(_city: City, deployment: Deployment) -> int:
        with unit_of_work():
            return service.count_bytes(deployment, size)

    return within(app, guest, add)


async def checked_addresses(wish: rules.Wish, route: Route) -> list[str]:
    """Where the host may be reached: the name is asked once, and what is judged here is what `connect` goes to.

    One private address among several refuses them all: such a name is a trap. Raises ProblemError.
    """
    host, _colon, port = wish.name.rpartition(":")
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await route.resolve(host, int(port))
    except (OSError, UnicodeError, TimeoutError):
        found = []
    if not found:
        raise ProblemError(502, "host-unknown", f"There is no host {host}.")
    if not all(route.judge(address) for address in found):
        raise ProblemError(403, "private-address", f"{host} is not on the public internet: it is not reached.")
    return found


async def connect(wish: rules.Wish, addresses: Sequence[str]) -> End:
    """A connection to the first of the checked addresses that takes one. Raises ProblemError."""
    host, _colon, port = wish.name.rpartition(":")
    for address in addresses[:ADDRESSES]:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                return End(*await asyncio.open_connection(address, int(port)))
    raise ProblemError(502, "host-away", f"{host} takes no connection at port {port}.")
