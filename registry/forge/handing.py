"""Each fork is an adoption, and each adoption gets its handover (`registry.tenants.handovers`)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.core import clock
from registry.core.db import db
from registry.forge.models import Fork
from registry.tenants.handovers import service as handovers
from registry.tenants.handovers.models import Handover
from registry.tenants.models import City


def hand_over(city: City, app: App, release: Release, on: date | None = None) -> Handover | None:
    """Note it in the open unit of work; ``on`` is the day of a fork that is noted later."""
    delivery = handovers.Delivery(
        publisher=app.publisher, app=app.slug, name=app.name, release=release.version, commit=release.commit,
        sha256=release.sha256, size=release.size, licence=app.licence,
    )  # fmt: skip
    return handovers.record(city, delivery, on)


def make_missing(city: City) -> list[Handover]:
    """Handovers of the city's forks that have none, oldest fork first; in its scope or the programme's."""
    noted = handovers.noted_apps(city.id)
    forks = db.session.scalars(select(Fork).where(Fork.tenant_id == city.id).order_by(Fork.created_at, Fork.id)).all()
    missing = [fork for fork in forks if fork.app.slug not in noted]
    made = [hand_over(city, fork.app, fork.base_release, clock.day_of(fork.created_at)) for fork in missing]
    return [one for one in made if one]
