"""Grants, callers and figures looked at. Whoever calls has entered the city's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from registry.catalog.models import App
from registry.connect.models import Grant, Kpi, Outward
from registry.connect.rules import ASKED, GIVEN, SIBLING, Wish, wishes
from registry.core import clock
from registry.core.db import db
from registry.forge.models import Fork
from registry.hosting import reading
from registry.hosting.models import Build, Deployment, Revision
from registry.hosting.plain import Manifest
from registry.tenants.models import City


@dataclass(frozen=True)
class Connection:
    """One wish of one plugin and the admin's answer. ``wanted``: the serving revision still asks for it."""

    plugin: str
    wish: Wish
    state: str
    wanted: bool
    grant: Grant | None

    @property
    def used_at(self) -> datetime | None:
        return self.grant.used_at if self.grant else None

    @property
    def count(self) -> int:
        return self.grant.count if self.grant else 0

    @property
    def denied(self) -> int:
        return self.grant.denied if self.grant else 0


@dataclass(frozen=True)
class Caller:
    """Another plugin of the city that asks this one for something."""

    plugin: str
    capability: str
    state: str


def manifest_of(deployment: Deployment) -> Manifest | None:
    """Of the revision that serves."""
    revision = reading.serving(deployment)
    return Manifest.from_json(revision.build.manifest) if revision else None


def connections(deployment: Deployment) -> list[Connection]:
    """What the plugin asks for, then what it was given and no longer asks for."""
    manifest = manifest_of(deployment)
    rows = db.session.scalars(select(Grant).where(Grant.deployment_id == deployment.id).order_by(Grant.id))
    decided = {Wish(row.kind, row.name): row for row in rows}
    asked = wishes(manifest) if manifest else ()
    shown = [_connection(deployment, wish, True, decided.pop(wish, None)) for wish in asked]
    kept = [row for row in decided.items() if row[1].state == GIVEN]
    return shown + [_connection(deployment, wish, False, grant) for wish, grant in kept]


def city_connections(city: City) -> list[Connection]:
    """Of every plugin of the city, by its name."""
    return [one for deployment in reading.deployments(city) for one in connections(deployment)]


def callers(city: City, deployment: Deployment) -> list[Caller]:
    """Who of the city's plugins asks this one, and what was answered."""
    found = []
    for other in reading.deployments(city):
        for one in connections(other) if other.id != deployment.id else ():
            app, _colon, capability = one.wish.name.partition(":")
            if one.wish.kind == SIBLING and one.wanted and sibling(city, app) == deployment:
                found.append(Caller(other.name, capability, one.state))
    return found


def sibling(city: City, app: str) -> Deployment | None:
    """The city's plugin meant by ``app``: one that runs this app, else the one of this name (a variant of the app)."""
    wanted = (
        select(Deployment)
        .join(Fork, Fork.id == Deployment.fork_id)
        .join(App, App.id == Fork.app_id)
        .where(Deployment.tenant_id == city.id, Deployment.removed_at.is_(None), Deployment.trial_of.is_(None))
        .where((App.slug == app) | (Deployment.name == app))
        .order_by((App.slug == app).desc(), (Deployment.name == app).desc(), Deployment.id)
        .limit(1)
    )
    return db.session.scalar(wanted)


def standing(deployments: Sequence[int]) -> set[tuple[int, Wish]]:
    """What each of these may do now: given, and still asked for by the revision that serves."""
    rows = db.session.execute(
        select(Grant.deployment_id, Grant.kind, Grant.name, Build.manifest)
        .join(Deployment, Deployment.id == Grant.deployment_id)
        .join(Revision, Revision.id == Deployment.serving_revision_id)
        .join(Build, Build.id == Revision.build_id)
        .where(Grant.deployment_id.in_(deployments), Grant.state == GIVEN)
    )
    found = ((row.deployment_id, Wish(row.kind, row.name), Manifest.from_json(row.manifest)) for row in rows)
    return {(deployment, wish) for deployment, wish, manifest in found if wish in wishes(manifest)}


def newest_kpis(deployment: Deployment) -> list[Kpi]:
    """The last value of each figure, by name."""
    wanted = select(Kpi).where(Kpi.deployment_id == deployment.id).order_by(Kpi.name, Kpi.day.desc())
    return list(db.session.scalars(wanted.distinct(Kpi.name)))


def out_today(deployment: Deployment) -> tuple[int, int]:
    """Messages and bytes that went out since midnight UTC."""
    wanted = select(Outward.mails, Outward.bytes).where(
        Outward.deployment_id == deployment.id, Outward.day == clock.today()
    )
    row = db.session.execute(wanted).first()
    return (row.mails, row.bytes) if row else (0, 0)


def _connection(deployment: Deployment, wish: Wish, wanted: bool, grant: Grant | None) -> Connection:
    return Connection(deployment.name, wish, grant.state if grant else ASKED, wanted, grant)
