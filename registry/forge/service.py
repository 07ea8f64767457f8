"""Forks as other rooms see them. Making one is `registry.forge.forking`, publishing `registry.forge.publishing`."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import exists, select

from registry.catalog.models import App
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.forge import storage
from registry.forge.keeping.models import ForkRemoval
from registry.forge.models import Fork
from registry.tenants.models import City

LEAVING = exists().where(ForkRemoval.fork_id == Fork.id)


def fork_of(city: City, app_slug: str) -> Fork:
    """The city's fork. Raises NotFoundError."""
    found = find_fork(city, app_slug)
    if found is None:
        raise NotFoundError(_("%(city)s has no fork of %(app)s.", city=city.name, app=app_slug[:60]))
    return found


def find_fork(city: City, app_slug: str, leaving: bool = False) -> Fork | None:
    """``leaving``: also one that was removed and may still be brought back (`registry.forge.keeping.removing`)."""
    wanted = select(Fork).join(App, App.id == Fork.app_id).where(Fork.tenant_id == city.id, App.slug == app_slug)
    return db.session.scalar(wanted if leaving else wanted.where(~LEAVING))


def fork_place(city: City, app: App) -> str | None:
    """Where its city finds a fork; one on its way out is brought back in the list of all."""
    if find_fork(city, app.slug) is not None:
        return url_for("forge.fork", city=city.slug, app=app.slug)
    return url_for("forge.forks", city=city.slug) if find_fork(city, app.slug, leaving=True) else None


def forks_of(city: City) -> list[Fork]:
    """By the app's name; those on their way out are hidden."""
    wanted = select(Fork).join(App, App.id == Fork.app_id).where(Fork.tenant_id == city.id, ~LEAVING)
    return list(db.session.scalars(wanted.order_by(App.name)))


def clone_url(app: str, city: str = "") -> str:
    """What people give to ``git clone``: the upstream's address, or a city's fork's."""
    path = f"{city}/{app}" if city else app
    return f"{storage.settings().origin}/git/{path}.git"
