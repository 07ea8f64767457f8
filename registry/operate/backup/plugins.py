"""The data of every deployment, each at a moment when nothing writes it.

While the plugin host lives it is asked for a copy, which holds the plugin for as long as that takes; without a host no
plugin runs, and the folders are copied as they are. One that cannot be copied is named and stops no other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from registry.backups import asking, folders
from registry.config import Settings
from registry.core import scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.host.copying import TooDeepError, copy
from registry.host.data import measure
from registry.hosting import reading
from registry.hosting.models import Deployment
from registry.hosting.plain import DeploymentPaths
from registry.operate.backup.manifest import Copied
from registry.tenants.models import City

FOLDER = "plugins"
WAY = "registry"
"""The name of the folder through which a copy passes, below the deployment's home."""


@dataclass(frozen=True)
class Wanted:
    deployment: int
    plugin: str
    city: int
    revision: int


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


Copier = Callable[[Settings, Wanted, Path], int]
"""Brings the data into a place and answers with the id of the revision it belongs to."""


def _one(settings: Settings, wanted: Wanted, place: Path, bring: Copier) -> Copied:
    home = DeploymentPaths(settings.data, wanted.deployment)
    try:
        _logs(home, place)
        if not wanted.revision:
            return Copied(wanted.deployment, wanted.plugin)
        revision = bring(settings, wanted, place)
    except (OSError, TooDeepError, RefusalError) as error:
        shutil.rmtree(place / folders.DATA, ignore_errors=True)
        (place / folders.DUMP).unlink(missing_ok=True)
        return Copied(wanted.deployment, wanted.plugin, problem=str(getattr(error, "message", error)))
    found = measure(place / folders.DATA)
    dumped = (place / folders.DUMP).exists()
    return Copied(wanted.deployment, wanted.plugin, revision, found.files, found.size, dumped)


def _asked(settings: Settings, wanted: Wanted, place: Path) -> int:
    """By the host; its copy is moved here, or copied when this is another disk."""
    scope.enter_city(wanted.city)
    way = folders.out(settings, wanted.deployment, WAY)
    way.drop()
    try:
        revision = asking.copied(db.session.get_one(Deployment, wanted.deployment), way)
        _move(way.folder / folders.DATA, place / folders.DATA)
        if folders.DUMP in way.names:
            shutil.move(way.folder / folders.DUMP, place / folders.DUMP)
        return revision
    finally:
        way.drop()


def _stopped(settings: Settings, wanted: Wanted, place: Path) -> int:
    copy(DeploymentPaths(settings.data, wanted.deployment).data, place / folders.DATA, None)
    return wanted.revision


def _move(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        copy(made, target, None)


def _logs(home: DeploymentPaths, place: Path) -> None:
    with suppress(FileNotFoundError):
        copy(home.plugin_log.parent, place / "log", None)
