"""The door of every page and resource that acts for a city: who asks, whose rows, may they."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from registry.accounts.access import person
from registry.core import scope
from registry.core.db import db
from registry.core.errors import ForbiddenError, NotFoundError
from registry.tenants import rules
from registry.tenants.models import City, Membership


def enter_city(slug: str, permission: str) -> City:
    """The city, with the session scoped to it. Raises SignInNeededError; NotFoundError for strangers to the city.

    A stranger learns nothing: a city one has no role in answers as if it did not exist. A member without the
    permission gets ForbiddenError.
    """
    person()
    city = db.session.scalar(select(City).where(City.slug == slug))
    roles = roles_in(city) if city else frozenset()
    if city is None or not (roles & (rules.PERMISSIONS["city.see"] | {rules.ADMINISTRATOR, rules.OPERATOR})):
        raise NotFoundError(_("There is no such city, or you have no role in it."))
    if not rules.allows(permission, roles):
        raise ForbiddenError(_("Your role in %(city)s does not allow this.", city=city.name))
    scope.enter_city(city.id)
    return city


def enter_helping(slug: str, permission: str) -> City:
    """A city whose people answer others about the variants it publishes, with the session seeing every city.

    Whoever calls asks only for rows that name this city as the one that helps. Raises as `enter_city` does.
    """
    person()
    city = db.session.scalar(select(City).where(City.slug == slug))
    roles = roles_in(city) if city else frozenset()
    if city is None or not (roles & rules.PERMISSIONS["assistance.see"]):
        raise NotFoundError(_("There is no such city, or you have no role in it."))
    if not rules.allows(permission, roles):
        raise ForbiddenError(_("Your role in %(city)s does not allow this.", city=city.name))
    scope.enter_programme()
    return city


def enter_programme(permission: str) -> City:
    """The publisher, with the session seeing every city. Raises SignInNeededError, ForbiddenError."""
    person()
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher is None or not rules.allows(permission, roles_in(publisher)):
        raise ForbiddenError(_("Only maintainers of the programme may do this."))
    scope.enter_programme()
    return publisher


def roles_in(city: City) -> frozenset[str]:
    """The city-wide and plugin roles the person who asks holds in this city."""
    return frozenset(membership.role for membership in memberships() if membership.city_id == city.id)


def memberships() -> list[Membership]:
    """All roles of the person who asks, read once per request."""
    if not current_user.is_authenticated:
        return []
    if "memberships" not in g:
        wanted = select(Membership).where(Membership.user_id == current_user.id).order_by(Membership.id)
        g.memberships = list(db.session.scalars(wanted))
    found: list[Membership] = g.memberships
    return found


def may(permission: str, city: City | None) -> bool:
    """For templates: whether to show a button. The door checks again."""
    return city is not None and rules.allows(permission, roles_in(city))
