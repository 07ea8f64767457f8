"""Bontang's plugin `papan`, figures for it, and a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from registry.config import Settings
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import service as hosting
from registry.hosting.models import Deployment
from registry.monitor.models import Sample
from tests.hosting.conftest import FOLDERS, bundle, find, forget_folders, make_world, world  # noqa: F401 fixtures
from tests.moulds import Moulds

QUICK = [0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
SLOW = [0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0]

Add = Callable[..., None]


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[datetime]:
    """The clock stands (nearly) at the next noon, so that no minute and no hour ends in the middle of a test."""
    now = clock.now()
    noon = (now + timedelta(days=1)).replace(hour=12, minute=30, second=0, microsecond=0)
    clock.move(noon - now)
    yield noon
    clock.back()


@pytest.fixture
def plugin(app: Flask, clean: None, bundle, settings: Settings, moulds: Moulds) -> Iterator[int]:  # noqa: F811
    """The id of a deployment of Bontang, in the world of hosting."""
    yield moulds.cast(bundle, settings.data, FOLDERS, lambda: _deployed(app, bundle), "with a plugin")
    forget_folders(settings.data)


def _deployed(app: Flask, bundle) -> int:  # noqa: F811
    make_world(app, bundle)
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            hosting.deploy(city, fork_of(city, "papan"), "papan", {"title": "Papan"})
        return db.session.query(Deployment.id).scalar()


@pytest.fixture
def programme(app: Flask, plugin: int) -> Iterator[int]:
    """As the worker sees it: every city's rows. Answers with the plugin's id."""
    with app.app_context():
        scope.enter_programme()
        yield plugin


def _write(deployment: int, ago: float, **figures: object) -> None:
    city = db.session.get_one(Deployment, deployment).tenant_id
    columns = {"requests": 10, "errors": 0, "slow": 0, "histogram": QUICK, "memory_bytes": 20 * 2**20,
               "cpu_seconds": 3.0, "disk_bytes": 2**20, "files": 10, "wakes": 0, "starts_ms": 0, "processes": 9,
               "killed": 0, "stuck": 0, "read_only": False, **figures}  # fmt: skip
    with unit_of_work() as session:
        minute = (clock.now() - timedelta(minutes=ago)).replace(second=0, microsecond=0)
        session.add(Sample(tenant_id=city, deployment_id=deployment, minute=minute, **columns))


@pytest.fixture
def add(programme: int) -> Add:
    """Write one minute of figures, so many minutes ago."""

    def write(ago: float = 1, **figures: object) -> None:
        _write(programme, ago, **figures)

    return write


@pytest.fixture
def wrote(app: Flask, plugin: int) -> Add:
    """The same for tests that ask pages: in a context of its own, because a session has one scope."""

    def write(ago: float = 1, **figures: object) -> None:
        with app.test_request_context():
            scope.enter_programme()
            _write(plugin, ago, **figures)

    return write
