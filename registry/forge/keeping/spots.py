"""Every repository the tables say there is: an app's pool and upstream once it has a release, and each city's fork."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.core.db import db
from registry.forge.keeping.models import FORK, POOL, UPSTREAM
from registry.forge.models import Fork
from registry.forge.storage import Storage
from registry.tenants.models import City


@dataclass(frozen=True)
class Spot:
    """One repository; ``city_id`` is whose it is (the publisher's: pool and upstream), ``city`` a fork's, else ""."""

    kind: str
    path: Path
    app: str
    app_id: int
    city_id: int
    city: str = ""

    @property
    def name(self) -> str:
        """As people call it: ``lapor (pool)``, ``lapor``, ``bontang/lapor``."""
        return f"{self.city}/{self.app}" if self.city else f"{self.app} (pool)" if self.kind == POOL else self.app


def spots(place: Storage, app: str = "", city: str = "") -> list[Spot]:
    """Pools first, for all others borrow from them. Needs the programme's scope, or the city's for its own forks."""
    found = [] if city else _of_apps(place, app)
    return [*found, *_of_cities(place, app, city)]


def _of_apps(place: Storage, app: str) -> list[Spot]:
    released = select(Release.id).where(Release.app_id == App.id).exists()
    wanted = select(App.id, App.slug, App.publisher_id).where(released).order_by(App.slug)
    rows = db.session.execute(wanted.where(App.slug == app) if app else wanted).all()
    pools = [Spot(POOL, place.pool(slug), slug, number, owner) for number, slug, owner in rows]
    return [*pools, *(Spot(UPSTREAM, place.upstream(slug), slug, number, owner) for number, slug, owner in rows)]


def _of_cities(place: Storage, app: str, city: str) -> list[Spot]:
    wanted = select(Fork.tenant_id, City.slug, App.id, App.slug).join(App, App.id == Fork.app_id)
    wanted = wanted.join(City, City.id == Fork.tenant_id).order_by(App.slug, City.slug)
    wanted = wanted.where(App.slug == app) if app else wanted
    rows = db.session.execute(wanted.where(City.slug == city) if city else wanted)
    return [Spot(FORK, place.fork(owner, slug), slug, number, of, owner) for of, owner, number, slug in rows.tuples()]
