"""Which repository a request of git is about, who asks, and whether that one may."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flask import request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from registry.accounts import scopes
from registry.catalog.models import App
from registry.core import audit, scope
from registry.core.audit import Actor
from registry.core.db import db
from registry.core.errors import ForbiddenError, NotFoundError, SignInNeededError
from registry.core.uow import unit_of_work
from registry.forge import pushes, service, storage
from registry.forge.serving import gates, slots, tokens
from registry.forge.serving.packs import WRITE
from registry.forge.serving.rules import Policy
from registry.tenants import rules as permissions
from registry.tenants.access import memberships
from registry.tenants.models import City

UPSTREAM = Policy()


@dataclass(frozen=True)
class Target:
    """A repository somebody talks to; plain, for the database is let go before git begins.

    ``city`` is whose it is: an upstream's is its publisher. ``fork`` is 0 for an upstream, a ``variant`` when a
    city publishes it. ``name`` is what the audit log calls it. ``open``: the city takes part at present.
    ``leaving``: the fork is being removed, nobody reaches it.
    """

    repository: Path
    name: str
    app: int
    app_slug: str
    city: int
    city_name: str
    open: bool
    fork: int = 0
    policy: Policy = UPSTREAM
    leaving: bool = False
    variant: bool = False

    @property
    def kind(self) -> pushes.Kind:
        return "fork" if self.fork else "upstream"

    @property
    def permission(self) -> str:
        return "fork.push" if self.fork or self.variant else "app.publish"


@dataclass(frozen=True)
class Caller:
    """``name`` is who the caps count: a person, a token, or an address."""

    name: str
    actor: Actor


def find(app_slug: str, city_slug: str) -> Target:
    """The session is in the scope of the target's city afterwards. Raises NotFoundError."""
    app = db.session.scalar(select(App).where(App.slug == app_slug))
    city = app.publisher if app and not city_slug else _city(city_slug)
    if app is None or city is None:
        raise NotFoundError(_("There is no such repository."))
    if app.described_only:
        raise NotFoundError(_("%(app)s is only described here; its source is not.", app=app.slug))
    scope.enter_city(city.id)
    upstream = Target(
        storage.here().upstream(app.slug), pushes.name("upstream", city, app), app.id, app.slug, city.id, city.name,
        open=city.state == "admitted", variant=not city_slug and not city.publisher,
    )  # fmt: skip
    return _fork(upstream, city, app) if city_slug else upstream


def _fork(upstream: Target, city: City, app: App) -> Target:
    fork = service.find_fork(city, app.slug, leaving=True)
    if fork is None:
        raise NotFoundError(_("%(city)s has no fork of %(app)s.", city=city.name, app=app.slug))
    return replace(
        upstream, repository=storage.here().fork(city.slug, app.slug), name=pushes.name("fork", city, app),
        fork=fork.id, policy=gates.policy_of(fork), leaving=service.find_fork(city, app.slug) is None,
    )  # fmt: skip


def allow(target: Target, name: str) -> Caller:
    """Who asks. Raises SignInNeededError, ForbiddenError. Reading is free: what is published here is public."""
    text = _password()
    caller = _by_token(target, name, text) if tokens.is_one(text) else _by_person(target, name)
    if name == WRITE and not target.open:
        message = _("%(city)s does not take part at present; its forks are read-only.", city=target.city_name)
        raise ForbiddenError(message)
    return caller


def _by_person(target: Target, name: str) -> Caller:
    known = current_user.is_authenticated
    if (name == WRITE or request.authorization) and not known:
        raise SignInNeededError(_("Give a token of your account as the password; the user name does not matter."))
    if name == WRITE and not permissions.allows(target.permission, _roles(target)):
        raise ForbiddenError(_("You may not push to %(name)s.", name=target.name))
    if name == WRITE:
        scopes.demand("forks" if target.fork else "catalog.publish")
    if known:
        return Caller(f"person {current_user.id}", audit.actor())
    return Caller(slots.name_of(request.remote_addr or ""), audit.actor())


def _by_token(target: Target, name: str, text: str) -> Caller:
    token = tokens.find(text, target.city, target.app, target.fork or None)
    if token is None:
        raise SignInNeededError(_("This deploy token is not one of %(name)s, or it has ended.", name=target.name))
    if name == WRITE and not token.write:
        raise ForbiddenError(_("This deploy token may read %(name)s, not push to it.", name=target.name))
    caller = Caller(f"token {token.id}", Actor(None, _("deploy token %(name)s", name=token.name)))
    with unit_of_work():
        tokens.note_use(token)
    return caller


def _roles(target: Target) -> frozenset[str]:
    return frozenset(one.role for one in memberships() if one.city_id == target.city)


def _password() -> str:
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""


def _city(slug: str) -> City | None:
    return db.session.scalar(select(City).where(City.slug == slug)) if slug else None
