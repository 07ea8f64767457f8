"""Who works for a city: its members and their roles."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts import service as accounts
from registry.accounts import sign_outs
from registry.accounts.models import User
from registry.accounts.oidc import service as identities
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants import rules
from registry.tenants.models import City, Membership
from registry.tenants.people import telling
from registry.tenants.people.rules import PLUGIN_ROLES
from registry.tenants.people.units import add_opd, add_unit_holder, opd, remove_opd, rename_opd, units
from registry.tenants.words import problem_text

__all__ = ["add_opd", "add_unit_holder", "opd", "remove_opd", "rename_opd", "units"]
"""Of `registry.tenants.people.units`, for rooms that know this service."""

PLUGIN_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}")


def members(city: City) -> list[Membership]:
    """Everybody with a role in the city: city-wide roles first, then by name."""
    wanted = select(Membership).where(Membership.city_id == city.id).join(User).order_by(Membership.plugin, User.name)
    return list(db.session.scalars(wanted))


def roles_of(city: City, user_id: int) -> list[Membership]:
    """A person's roles in the city, in the order they were given."""
    mine = (Membership.city_id == city.id, Membership.user_id == user_id)
    return list(db.session.scalars(select(Membership).where(*mine).order_by(Membership.id)))


def add_member(city: City, user: User, role: str, plugin: str = "", opd_id: int | None = None) -> Membership:
    """Give a person a role; ``plugin`` names the plugin of an administrator or operator.

    For people who agreed: whoever has no role in the city yet is asked by `registry.tenants.people.inviting`.
    Raises InvalidError, or ConflictError when the person holds that role already.
    """
    check_role(role, plugin)
    if holds(city, user, role, plugin):
        raise ConflictError(_("%(name)s has this role already.", name=user.name))
    if opd_id is not None:
        opd(city, opd_id)
    if not roles_of(city, user.id):
        identities.outgrow(user, only_city=None if _works_elsewhere(city, user) else city.id)
    found = Membership(city_id=city.id, user_id=user.id, role=role, plugin=plugin, opd_id=opd_id)
    db.session.add(found)
    db.session.flush()
    audit.record("member.add", user.email, tenant_id=city.id, role=role, plugin=plugin)
    return found


def holds(city: City, user: User, role: str, plugin: str = "") -> bool:
    same = (Membership.city_id == city.id, Membership.user_id == user.id, Membership.role == role)
    return db.session.scalar(select(Membership.id).where(*same, Membership.plugin == plugin)) is not None


def remove_member(city: City, membership_id: int) -> Membership:
    """Take a role away; the person's way into the city's plugins ends within seconds.

    Raises NotFoundError, and ConflictError for the last admin of the city.
    """
    lock(city)
    found = member(city, membership_id)
    if found.role == rules.MAINTAINER:
        raise ConflictError(_("Maintainers are appointed by the programme, not by the city."))
    if not rules.may_leave(found.role, 1 + _other_admins(city, found.user)):
        raise ConflictError(problem_text("last-admin"))
    telling.dismissed(city, found.user, [(found.role, found.plugin)])
    drop(city, found)
    return found


def member(city: City, membership_id: int) -> Membership:
    """Raises NotFoundError."""
    found = db.session.scalar(select(Membership).where(Membership.id == membership_id, Membership.city_id == city.id))
    if found is None:
        raise NotFoundError(_("There is no such role in this city."))
    return found


def drop(city: City, found: Membership) -> None:
    """The role and what hangs on it end; whether it may end is the caller's to check."""
    db.session.delete(found)
    sign_outs.record(found.user_id, city.id)
    audit.record("member.remove", found.user.email, tenant_id=city.id, role=found.role, plugin=found.plugin)
    _end_tokens(city, found.user)


def _end_tokens(city: City, user: User) -> None:
    """Whoever has no role left in the city leaves no key behind in its machines."""
    db.session.flush()
    if not roles_of(city, user.id):
        accounts.end_tokens(user, city.id)


def lock(city: City) -> None:
    """Of two acts about who may what in this city one waits for the other."""
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())


def check_role(role: str, plugin: str) -> None:
    """Raises InvalidError for a plugin's role without a plugin, and the other way round."""
    if role in PLUGIN_ROLES and not PLUGIN_NAME.fullmatch(plugin):
        raise InvalidError(problem_text("plugin-needed"), [Finding("plugin", problem_text("plugin-needed"))])
    if role not in PLUGIN_ROLES and plugin:
        raise InvalidError(problem_text("plugin-not-wanted"), [Finding("plugin", problem_text("plugin-not-wanted"))])


def _works_elsewhere(city: City, user: User) -> bool:
    others = (Membership.user_id == user.id, Membership.city_id != city.id)
    return db.session.scalar(select(Membership.id).where(*others).limit(1)) is not None


def _other_admins(city: City, user: User) -> int:
    """Who can sign in and decide when this person is gone."""
    held = (Membership.city_id == city.id, Membership.role == rules.ADMIN, Membership.user_id != user.id)
    wanted = select(func.count()).select_from(Membership).join(User).where(*held, User.active)
    return db.session.scalar(wanted) or 0
