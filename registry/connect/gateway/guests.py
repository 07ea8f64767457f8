"""Whose sockets the gateway keeps, and acting for one of them in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from registry.core import scope
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.hosting.models import OPEN_STEPS, Build, Deployment, Revision, Switch
from registry.hosting.plain import FIRST_UID
from registry.tenants.models import City

Result = TypeVar("Result")


@dataclass(frozen=True)
class Guest:
    """One deployment. ``postgresql``: its data lies there, so its socket to the server is kept too. A ``trial`` (a
    copy for trying) has that socket alone.
    """

    deployment: int
    tenant: int
    name: str
    city: str
    locale: str
    postgresql: bool = False
    trial: bool = False

    @property
    def uid(self) -> int:
        return FIRST_UID + self.deployment

    @property
    def subject(self) -> str:
        return f"{self.name}.{self.city}"


def present(app: Flask) -> dict[int, Guest]:
    """Every deployment that serves, or is on its way to: a migration needs its database before anything serves.

    Removed plugins have no way out; copies for trying reach their own data only.
    """
    with app.app_context():
        scope.enter_programme()
        serving = _wanted().join(Revision, Revision.id == Deployment.serving_revision_id)
        coming = (
            _wanted()
            .join(Switch, Switch.deployment_id == Deployment.id)
            .join(Revision, Revision.id == Switch.to_revision_id)
            .where(Switch.step.in_(OPEN_STEPS))
        )
        found: dict[int, Guest] = {}
        for query in (serving, coming):
            for row in db.session.execute(query.join(Build, Build.id == Revision.build_id)):
                known = found.get(row.id)
                needs = row.store == "postgresql" or bool(known and known.postgresql)
                found[row.id] = Guest(row.id, row.tenant_id, row.name, row.slug, row.locale or "id", needs, row.trial)
        return found


def within(app: Flask, guest: Guest, act: Callable[[City, Deployment], Result]) -> Result:
    """Do something for the guest, in its city's scope and language. Raises NotFoundError when it is gone."""
    with app.app_context(), force_locale(guest.locale):
        scope.enter_city(guest.tenant)
        deployment = db.session.get(Deployment, guest.deployment)
        if deployment is None or deployment.removed_at or deployment.trial_of:
            raise NotFoundError("this plugin was removed")
        return act(db.session.get_one(City, guest.tenant), deployment)


def _wanted():  # type: ignore[no-untyped-def]
    store = Build.manifest["store"].astext.label("store")
    trial = Deployment.trial_of.is_not(None).label("trial")
    return (
        select(Deployment.id, Deployment.tenant_id, Deployment.name, City.slug, City.locale, store, trial)
        .select_from(Deployment)
        .join(City, City.id == Deployment.tenant_id)
        .where(Deployment.removed_at.is_(None))
    )
