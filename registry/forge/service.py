"""Forks as other rooms see them. Making one is `registry.forge.forking`, publishing `registry.forge.publishing`."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, select

from registry.catalog.models import App
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.forge import git, storage
from registry.forge.keeping.models import ForkRemoval
from registry.forge.models import Fork
from registry.tenants.models import City

LEAVING = exists().where(ForkRemoval.fork_id == Fork.id)


@dataclass(frozen=True)
class Distance:
    """How far a fork's main is from its upstream's, in commits."""

    ahead: int
    behind: int


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


def forks_of(city: City) -> list[Fork]:
    """By the app's name; those on their way out are hidden."""
    wanted = select(Fork).join(App, App.id == Fork.app_id).where(Fork.tenant_id == city.id, ~LEAVING)
    return list(db.session.scalars(wanted.order_by(App.name)))


def ahead_behind(city: City, app: App) -> Distance:
    """Of the fork's main against upstream's main; no fetch, for both borrow from one pool. Raises NotFoundError."""
    place = storage.here()
    fork, upstream = place.fork(city.slug, app.slug), place.upstream(app.slug)
    try:
        theirs = git.line(upstream, "rev-parse", "--verify", "refs/heads/main")
        counted = git.line(fork, "rev-list", "--left-right", "--count", f"refs/heads/main...{theirs}")
    except git.GitError as error:
        raise NotFoundError(_("The two repositories cannot be compared: one has no branch main.")) from error
    ahead, behind = counted.split()
    return Distance(int(ahead), int(behind))


def find_distance(city: City, app: App) -> Distance | None:
    """`ahead_behind`, or None when the two cannot be compared (a fork without main)."""
    try:
        return ahead_behind(city, app)
    except NotFoundError:
        return None


def clone_url(app: str, city: str = "") -> str:
    """What people give to ``git clone``: the upstream's address, or a city's fork's."""
    path = f"{city}/{app}" if city else app
    return f"{storage.settings().origin}/git/{path}.git"
