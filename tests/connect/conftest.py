"""Bontang runs papan, which asks for a sibling, a host and mail; nothing is built and no host runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from registry.catalog.models import Release
from registry.config import Settings
from registry.connect import service
from registry.connect.rules import Wish
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work, wake_host
from registry.forge.models import Fork
from registry.hosting import service as hosting
from registry.hosting.models import Build, Deployment
from registry.hosting.plain import Manifest
from registry.tenants.models import City
from tests.connect.gateway import Names, running, until
from tests.hosting.conftest import bundle, find, world  # noqa: F401

WISHES = {"uses": ("simtaru:zoning.read",), "egress": ("api.bmkg.example:443",), "mail": True}


@pytest.fixture
def deploy(world, app: Flask) -> Callable[..., int]:  # noqa: F811
    """Make a city's deployment that serves a revision with this manifest; answers with its id."""

    def make(name: str = "papan", city: str = "bontang", deployment_id: int | None = None, **manifest: Any) -> int:
        with app.app_context(), unit_of_work() as session:
            tenant = find(city)
            scope.enter_city(tenant.id)
            fork = session.query(Fork).first() or _fork(tenant)
            deployment = Deployment(
                id=deployment_id,
                tenant_id=tenant.id,
                fork_id=fork.id,
                name=name,
                enabled=True,
                secret_key_sealed=b"x",
                state="waiting",
            )
            session.add(deployment)
            session.flush()
            _serve(deployment, manifest)
            wake_host(deployment.id)
            return deployment.id

    return make


@pytest.fixture
def upgrade(app: Flask) -> Callable[..., None]:
    """A new serving revision with another manifest."""

    def make(deployment_id: int, **manifest: Any) -> None:
        with app.app_context(), unit_of_work() as session:
            scope.enter_programme()
            _serve(session.get_one(Deployment, deployment_id), manifest)
            wake_host(deployment_id)

    return make


def _fork(city: City) -> Fork:
    """Only its row: no repository is needed here."""
    release = db.session.query(Release).one()
    fork = Fork(tenant_id=city.id, app_id=release.app_id, base_release_id=release.id)
    db.session.add(fork)
    db.session.flush()
    return fork


def _serve(deployment: Deployment, manifest: dict[str, Any]) -> None:
    number = db.session.query(Build).count() + 1
    build = Build(
        tree=f"t{number}", lock="", runtime="python-wsgi/1", code_path="c", env_path="e", size_bytes=1,
        manifest=Manifest("papan:app", **manifest).to_json(),
    )  # fmt: skip
    db.session.add(build)
    revision = hosting.add_revision(deployment, build, "c" * 40, "1.0.0", hosting.vault().seal({}), None)
    deployment.serving_revision_id = revision.id


@pytest.fixture
def bontang(world, app: Flask) -> Iterator[Any]:  # noqa: F811
    """The city, in a context scoped to it."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


@pytest.fixture
def names() -> Names:
    """What the gateway asks for addresses of hosts; nothing is known."""
    return Names()


@pytest.fixture
def gateway(app: Flask, settings: Settings, papan: int, names: Names) -> Iterator[Any]:
    """Running for ``papan``, which each test module deploys in its own way."""
    with running(app, settings, names) as found:
        yield found


@pytest.fixture
def host(settings: Settings, papan: int, gateway: Any) -> Path:
    """The socket of papan.bontang."""
    place = settings.outside(papan) / "host.sock"
    until(place.exists)
    return place


@pytest.fixture
def wish() -> Wish | None:
    """What is decided when nothing else is said."""
    return None


@pytest.fixture
def decide(app: Flask, papan: int, wish: Wish | None) -> Callable[..., None]:
    """Bontang's admin gives a wish of papan (or of another deployment), or takes it back."""

    def answer(asked: Wish | None = wish, give: bool = True, deployment: int = papan) -> None:
        with app.app_context(), unit_of_work() as session:
            city = find("bontang")
            scope.enter_city(city.id)
            assert asked is not None
            service.decide(city, session.get_one(Deployment, deployment), asked, give)

    return answer
