"""A thousand plugins of a hundred cities on this machine, nearly all asleep: what they cost, and what the rest feels.

The same is measured with the few plugins before and with the thousand after. A wake is the first request to a plugin
that sleeps, through the edge; the list is the page a city's admin opens, with ten plugins, drawn for that person.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import select, text

from bench.harness import Row, Spread, spread
from bench.house import House
from bench.load import Target, loop, once
from bench.memory import MEGABYTE
from bench.stack import ADMIN, CITY, Stack, StackError
from registry.accounts.models import User
from registry.core import scope
from registry.core.db import db
from registry.core.postgresql import HOST_CHANNEL
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from registry.forge.models import Fork
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import DeploymentState
from registry.tenants.models import City, Membership

CITIES, EACH = 100, 10
WAKES, SECONDS = 40, 2.0
APP = "bench"
PATIENCE = 120.0
HOST_BOUND, GROWTH = 200.0, 2.0


@dataclass(frozen=True)
class Felt:
    """Seconds: of each wake, of each answer of an awake plugin, of each drawing of the list."""

    wakes: Sequence[float]
    pages: Sequence[float]
    lists: Sequence[float]


def run(house: House) -> list[Row]:
    name, stack = house.plugin(APP), house.stack
    few = _felt(stack, [CITY], [name])
    cities = _fill(stack, name)
    many = _felt(stack, cities, [f"{APP}-{number}" for number in range(EACH)])
    count = f"{CITIES * EACH:,} plugins of {CITIES} cities"
    rows = [Row("crowd", f"{count} asleep: private memory of the host", "", _flat(_host(stack)), HOST_BOUND, unit="MB")]
    for what, label in (("wakes", "a wake"), ("pages", "a page of an awake one"), ("lists", "the console's list")):
        ours, peer = _p95(getattr(many, what)), _p95(getattr(few, what))
        rows += [
            Row("crowd", f"{count}: {label}, p95", "the same with the demo's few", _flat(ours / peer), GROWTH),
            Row("crowd", f"{count}: {label}, p95", "", _flat(ours * 1000), unit="ms"),
        ]
    return rows


def _felt(stack: Stack, cities: Sequence[str], names: Sequence[str]) -> Felt:
    chance = random.Random(1000)  # the same plugins in every run
    chosen = [(city, name) for city in cities for name in names]
    awake = chance.choice(chosen)
    once(_page(stack, *awake))
    pages = loop(_page(stack, *awake), SECONDS).latencies
    lists = [once(target) for target in _lists(stack, cities, chance)]
    if len(chosen) == 1:
        return Felt([_woken_again(stack, awake[1]) for _ in range(WAKES)], pages, lists)
    asleep = chance.sample([one for one in chosen if one != awake], WAKES)
    return Felt([once(_page(stack, *one)) for one in asleep], pages, lists)


def _woken_again(stack: Stack, name: str) -> float:
    stack.sleep(name)
    return once(_page(stack, CITY, name))


def _page(stack: Stack, city: str, name: str) -> Target:
    return Target(stack.settings.port, f"{name}.{city}.localhost:{stack.settings.port}")


def _lists(stack: Stack, cities: Sequence[str], chance: random.Random) -> Iterator[Target]:
    """The page of plugins, as a signed-in admin asks for it."""
    cookie = (f"Cookie: {_session(stack.app)}",)
    for _ in range(WAKES):
        path = f"/console/{chance.choice(cities)}/plugins"
        yield Target(stack.settings.port, f"localhost:{stack.settings.port}", path, cookie)


def _session(app: Flask) -> str:
    """The cookie of a session of the admin, as a browser would hold it."""
    with app.test_request_context():
        user = db.session.scalars(select(User).where(User.email == ADMIN)).one()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        held = signer.dumps({"_user_id": user.get_id(), "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={held}"


def _fill(stack: Stack, name: str) -> list[str]:
    """A hundred cities that each run the page of one word ten times; returns when every socket is there."""
    cities = [f"bench-{number}" for number in range(CITIES)]
    with stack.app.app_context():
        scope.enter_programme()
        with unit_of_work():
            for number, slug in enumerate(cities):
                _city(stack, slug, number, name)
            db.session.execute(text(f"notify {HOST_CHANNEL}"))
    wanted = [stack.settings.plugin_socket(city, f"{APP}-{number}") for city in cities for number in range(EACH)]
    end = time.monotonic() + PATIENCE
    while not all(map(Path.exists, wanted)):
        if time.monotonic() > end:
            raise StackError(f"{sum(map(Path.exists, wanted))} of {len(wanted)} plugins are reachable")
        time.sleep(0.1)
    return cities


def _city(stack: Stack, slug: str, number: int, model: str) -> None:
    original = db.session.scalars(select(Deployment).where(Deployment.name == model)).one()
    fork = db.session.get_one(Fork, original.fork_id)
    revision = db.session.get_one(Revision, original.serving_revision_id)
    city = City(
        code=f"{11 + number % 80}.{90 + number // 80}", slug=slug, name=f"Bench {number}", province="Bench",
        state="admitted", demo=True,
    )  # fmt: skip
    admin = db.session.scalars(select(User).where(User.email == ADMIN)).one()
    db.session.add(city)
    db.session.flush()
    db.session.add(Membership(city_id=city.id, user_id=admin.id, role="admin", plugin=""))
    own = Fork(tenant_id=city.id, app_id=fork.app_id, base_release_id=fork.base_release_id)
    db.session.add(own)
    db.session.flush()
    for index in range(EACH):
        _deployment(stack, own, f"{APP}-{index}", revision)


def _deployment(stack: Stack, fork: Fork, name: str, like: Revision) -> None:
    vault = open_vault(stack.settings.secrets)
    deployment = Deployment(
        tenant_id=fork.tenant_id, fork_id=fork.id, name=name, state=DeploymentState.OFF,
        secret_key_sealed=vault.seal("bench"),
    )  # fmt: skip
    db.session.add(deployment)
    db.session.flush()
    revision = Revision(
        tenant_id=fork.tenant_id, deployment_id=deployment.id, number=1, build_id=like.build_id, version=like.version,
        commit=like.commit, config_sealed=like.config_sealed, limits=like.limits,
    )  # fmt: skip
    db.session.add(revision)
    db.session.flush()
    deployment.serving_revision_id = revision.id


def _host(stack: Stack) -> float:
    """Megabytes that the host and what it keeps ready for starts hold for themselves, without any sandbox."""
    family = psutil.Process(stack.process.pid).children(recursive=True)
    host = next(one for one in family if one.environ().get("LUMBUNG_PROCESS") == "host")
    sandboxes = stack.sandboxes()
    kept = [host, *(one for one in host.children(recursive=True) if one.pid not in sandboxes)]
    return sum(one.memory_full_info().uss for one in kept) / MEGABYTE


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95) - 1]


def _flat(value: float) -> Spread:
    return spread([value])
