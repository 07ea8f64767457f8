"""The data of every deployment, each at a moment when nothing writes it.

While the plugin host lives it is asked for a copy, which holds the plugin for as long as that takes; without a host no
plugin runs, and the folders are copied as they are. One that cannot be copied is named and stops no other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from registry.config import Settings
from registry.core import scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.host.copying import TooDeepError, copy
from registry.hosting import reading, service
from registry.hosting.models import Deployment
from registry.hosting.plain import DeploymentPaths, ErrandKind
from registry.operate.backup.manifest import Copied
from registry.tenants.models import City

FOLDER, DUMP = "plugins", ".pgdump"
PATIENCE = 1_800.0
"""Seconds for one copy: a large one takes minutes, and other errands stand before it."""


@dataclass(frozen=True)
class Wanted:
    deployment: int
    plugin: str
    city: int
    number: int


def copies(app: Flask, target: Path, among: set[int] | None = None) -> Iterator[Copied]:
    """The data of each deployment (or those ``among``) into ``target/plugins/{id}``, with its log."""
    settings: Settings = app.extensions["lumbung"]
    with app.app_context():
        scope.enter_programme()
        alive = not reading.host_is_late()
        wanted = list(_wanted(among))
    for one in wanted:
        place = target / FOLDER / str(one.deployment)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        with app.app_context():
            yield _one(settings, one, place, _asked if alive else _stopped)


def _wanted(among: set[int] | None) -> Iterator[Wanted]:
    query = select(Deployment, City).join(City, City.id == Deployment.tenant_id).order_by(Deployment.id)
    for deployment, city in db.session.execute(query):
        if among is None or deployment.id in among:
            name = reading.subject(deployment, city)
            yield Wanted(deployment.id, name, city.id, deployment.serving_revision_id or 0)


Way = Callable[[Settings, Wanted, Path], Mapping[str, object]]


def _one(settings: Settings, wanted: Wanted, place: Path, way: Way) -> Copied:
    home = DeploymentPaths(settings.data, wanted.deployment)
    try:
        _logs(home, place)
        if not wanted.number:
            return Copied(wanted.deployment, wanted.plugin)
        told = way(settings, wanted, place)
    except (OSError, TooDeepError, RefusalError) as error:
        shutil.rmtree(place / "data", ignore_errors=True)
        (place / f"data{DUMP}").unlink(missing_ok=True)
        return Copied(wanted.deployment, wanted.plugin, problem=str(getattr(error, "message", error)))
    return Copied(
        wanted.deployment,
        wanted.plugin,
        revision=_number(told.get("revision")) or wanted.number,
        files=_number(told.get("files")),
        bytes=_number(told.get("bytes")),
        dumped=(place / f"data{DUMP}").exists(),
    )


def _asked(settings: Settings, wanted: Wanted, place: Path) -> Mapping[str, object]:
    """By the host; its copy is moved here, or copied when this is another disk."""
    scope.enter_city(wanted.city)
    with unit_of_work():
        deployment = db.session.get_one(Deployment, wanted.deployment)
        errand = service.ask_host(deployment, ErrandKind.COPY)
        folder = f"copies/{errand.id}"
        errand.argument, number = {"folder": folder}, errand.id
    made = DeploymentPaths(settings.data, wanted.deployment).home / folder
    dump = made.with_name(f"{made.name}{DUMP}")
    try:
        result = dict(reading.errand_done(number, PATIENCE).result)
        _move(made, place / "data")
        if dump.exists():
            shutil.move(dump, place / f"data{DUMP}")
        return result
    finally:
        shutil.rmtree(made, ignore_errors=True)
        dump.unlink(missing_ok=True)


def _stopped(settings: Settings, wanted: Wanted, place: Path) -> Mapping[str, object]:
    copy(DeploymentPaths(settings.data, wanted.deployment).data, place / "data", None)
    return {}


def _move(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        copy(made, target, None)


def _logs(home: DeploymentPaths, place: Path) -> None:
    with suppress(FileNotFoundError):
        copy(home.plugin_log.parent, place / "log", None)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
