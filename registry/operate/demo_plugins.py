"""The apps of the demo: every plugin folder of this repository in all its releases, and which city runs which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.config import REPOSITORY
from registry.connect import rules
from registry.connect import service as connect
from registry.core import scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import forking, git, handing, publishing
from registry.forge.service import find_fork
from registry.hosting import reading, service
from registry.hosting.plain import Manifest
from registry.operate import releases
from registry.tenants import rules as roles
from registry.tenants.models import City, Membership
from registry.tenants.people import service as people

FOLDER = "plugins"
FIRST = ("lapor", "antrian")
PUBLISHER, PARTNER = "bandung", "bontang"
OPERATOR = "operator@bontang.example"

Runs = Mapping[str, tuple[str, ...]]


def names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """The plugins there are: the folders with a publiccode.yml, the oldest two first, then by name."""
    found = (path.parent.name for path in (root / FOLDER).glob("*/publiccode.yml"))
    return tuple(sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name)))


def wanted(text: str, cities: Iterable[str], known: tuple[str, ...]) -> Runs:
    """Who runs what, by LUMBUNG_DEMO_RUN: ``bandung:lapor,antrian bontang:lapor``; cities it does not name run nothing.

    When it is empty the publisher runs the first two and Bontang every plugin. Raises ValueError.
    """
    if not text.strip():
        return {PUBLISHER: tuple(name for name in FIRST if name in known), PARTNER: known}
    runs: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        city, _colon, listed = word.partition(":")
        plugins = tuple(name for name in listed.split(",") if name)
        if city not in cities or set(plugins) - set(known):
            raise ValueError(
                f"LUMBUNG_DEMO_RUN must look like bandung:lapor,antrian with cities of {', '.join(cities)}"
                f" and plugins of {', '.join(known)}, not {word!r}"
            )
        runs[city] = plugins
    return runs


def publish(plugins: Iterable[str], root: Path = REPOSITORY) -> None:
    """Bring all their releases into the catalog, oldest first. What cannot be published is logged and left."""
    publisher = db.session.scalars(select(City).where(City.publisher)).one()
    for name in plugins:
        for release in _unpublished(root, name):
            try:
                with releases.opened(root, f"{FOLDER}/{name}", release) as folder, unit_of_work():
                    publishing.publish_folder(publisher, folder, user_id=None)
            except (RefusalError, git.GitError) as error:
                findings = [str(one) for one in error.findings] if isinstance(error, RefusalError) else []
                logger.warning("not published", plugin=name, version=release.version, reason=str(error), said=findings)


def run(app: Flask, runs: Runs) -> None:
    """Fork and deploy what a city does not run yet; worker and host do the rest in the background.

    Forks of a demo that began before there were handovers get theirs now.
    """
    for slug, plugins in runs.items():
        with app.app_context():
            city = db.session.scalars(select(City).where(City.slug == slug)).one()
            scope.enter_city(city.id)
            present = {one.name for one in reading.deployments(city)}
            for name in plugins:
                if name not in present:
                    _deploy(city, name)
            with unit_of_work():
                handing.make_missing(city)


def _unpublished(root: Path, name: str) -> list[releases.Release]:
    """What comes after the newest release that the catalog has: history is never filled in behind it."""
    app = db.session.scalar(select(App).where(App.slug == name))
    known = {one.version for one in catalog.releases_of(app)} if app else set()
    newest = releases.current(root / FOLDER / name)
    if newest is None or newest.version in known:
        return []
    found = releases.of(root, f"{FOLDER}/{name}")
    start = max((place + 1 for place, one in enumerate(found) if one.version in known), default=0)
    return found[start:]


def _deploy(city: City, name: str) -> None:
    app = db.session.scalar(select(App).where(App.slug == name))
    if app is None:  # it could not be published, and the log says why
        return
    try:
        with unit_of_work():
            fork = find_fork(city, name) or forking.create_fork(city, app, user_id=None)
        with unit_of_work():
            service.deploy(city, fork, name, {})
            _consent(city, app)
            _appoint(city, name)
    except RefusalError as error:
        logger.warning("not deployed", plugin=name, city=city.slug, reason=str(error))


def _consent(city: City, app: App) -> None:
    """The plugins of the demo may ask each other from the start."""
    release = catalog.latest_release(app)
    [deployment] = [one for one in reading.deployments(city) if one.name == app.slug]
    if release:
        wishes = [one for one in rules.wishes(Manifest.from_json(release.manifest)) if one.kind == rules.SIBLING]
        connect.consent(city, deployment, wishes)


def _appoint(city: City, name: str) -> None:
    """Bontang's operator works with every plugin, also with one that came later."""
    user = accounts.find_by_email(OPERATOR)
    held = [one for one in people.members(city) if user and one.user_id == user.id and one.role == roles.OPERATOR]
    if user and held and name not in {one.plugin for one in held}:
        opd_id = held[0].opd_id
        db.session.add(Membership(city_id=city.id, user_id=user.id, role=roles.OPERATOR, plugin=name, opd_id=opd_id))
