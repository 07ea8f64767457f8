"""Who works for a city: its members, their roles, its units (OPD). Units need the session in the city's scope."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.accounts import service as accounts
from registry.accounts import sign_outs
from registry.accounts.models import User
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants import rules
from registry.tenants.models import City, Membership, Opd
from registry.tenants.service import refuse
from registry.tenants.words import problem_text

PLUGIN_ROLES = (rules.ADMINISTRATOR, rules.OPERATOR)
PLUGIN_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}")
MAX_OPD = 200
HOLDERS = "tenants.unit_holders"

Holder = Callable[[City, Opd], str | None]
"""Of a room above: what keeps a unit from being removed, in words for the city's admin; None when nothing does."""


def add_unit_holder(app: Flask, holder: Holder) -> None:
    """Let a room say what it still needs a unit for."""
    app.extensions.setdefault(HOLDERS, []).append(holder)


def members(city: City) -> list[Membership]:
    """Everybody with a role in the city: city-wide roles first, then by name."""
    wanted = select(Membership).where(Membership.city_id == city.id).join(User).order_by(Membership.plugin, User.name)
    return list(db.session.scalars(wanted))


def add_member(city: City, user: User, role: str, plugin: str = "", opd_id: int | None = None) -> Membership:
    """Give a person a role; ``plugin`` names the plugin of an administrator or operator.

    Raises InvalidError, or ConflictError when the person holds that role already.
    """
    _check_role(role, plugin)
    same = (Membership.city_id == city.id, Membership.user_id == user.id, Membership.role == role)
    if db.session.scalar(select(Membership).where(*same, Membership.plugin == plugin)):
        raise ConflictError(_("%(name)s has this role already.", name=user.name))
    if opd_id is not None:
        opd(city, opd_id)
    found = Membership(city_id=city.id, user_id=user.id, role=role, plugin=plugin, opd_id=opd_id)
    db.session.add(found)
    db.session.flush()
    audit.record("member.add", user.email, tenant_id=city.id, role=role, plugin=plugin)
    return found


def invite(
    city: City, email: str, name: str, role: str, plugin: str = "", opd_id: int | None = None
) -> tuple[Membership, str | None]:
    """Give a role to the person of this address; a new one gets an account and a first password, returned once."""
    _check_role(role, plugin)
    user, password = accounts.find_by_email(email), None
    if user is None:
        password = secrets.token_urlsafe(12)
        user = accounts.register(email, name or email.partition("@")[0], password)
    return add_member(city, user, role, plugin, opd_id), password


def remove_member(city: City, membership_id: int) -> Membership:
    """Take a role away; the person's way into the city's plugins ends within seconds.

    Raises NotFoundError, and ConflictError for the last admin of the city.
    """
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())
    found = db.session.scalar(
        select(Membership).where(Membership.id == membership_id, Membership.city_id == city.id)
    )
    if found is None:
        raise NotFoundError(_("There is no such role in this city."))
    if found.role == rules.MAINTAINER:
        raise ConflictError(_("Maintainers are appointed by the programme, not by the city."))
    if not rules.may_leave(found.role, _admins(city)):
        raise ConflictError(problem_text("last-admin"))
    db.session.delete(found)
    sign_outs.record(found.user_id, city.id)
    audit.record("member.remove", found.user.email, tenant_id=city.id, role=found.role, plugin=found.plugin)
    _end_tokens(city, found.user)
    return found


def _end_tokens(city: City, user: User) -> None:
    """Whoever has no role left in the city leaves no key behind in its machines."""
    db.session.flush()
    left = select(Membership.id).where(Membership.city_id == city.id, Membership.user_id == user.id).limit(1)
    if db.session.scalar(left) is None:
        accounts.end_tokens(user, city.id)


def units(city: City) -> list[Opd]:
    return list(db.session.scalars(select(Opd).where(Opd.tenant_id == city.id).order_by(Opd.name)))


def opd(city: City, opd_id: int) -> Opd:
    found = db.session.scalar(select(Opd).where(Opd.tenant_id == city.id, Opd.id == opd_id))
    if found is None:
        raise NotFoundError(_("There is no such unit in this city."))
    return found


def add_opd(city: City, name: str) -> Opd:
    """A new unit. Raises InvalidError, or ConflictError for a name that is taken."""
    _check_opd(city, name)
    if len(units(city)) >= MAX_OPD:
        raise ConflictError(_("A city can have at most %(n)d units.", n=MAX_OPD))
    found = Opd(tenant_id=city.id, name=name.strip())
    db.session.add(found)
    db.session.flush()
    audit.record("opd.add", found.name, tenant_id=city.id)
    return found


def rename_opd(city: City, opd_id: int, name: str) -> Opd:
    found = opd(city, opd_id)
    if name.strip() != found.name:
        _check_opd(city, name)
        audit.record("opd.rename", name.strip(), tenant_id=city.id, before=found.name)
        found.name = name.strip()
    return found


def remove_opd(city: City, opd_id: int) -> None:
    """Remove a unit nobody belongs to. Raises ConflictError while someone or something does."""
    found = opd(city, opd_id)
    used = select(func.count()).select_from(Membership).where(Membership.opd_id == found.id)
    if db.session.scalar(used):
        raise ConflictError(_("%(name)s still has people: move them first.", name=found.name))
    for holder in current_app.extensions.get(HOLDERS, []):
        if reason := holder(city, found):
            raise ConflictError(reason)
    name = found.name
    try:
        with db.session.begin_nested():
            db.session.delete(found)
    except IntegrityError:
        message = _("%(name)s still answers for a plugin: give that to another unit first.", name=name)
        raise ConflictError(message) from None
    audit.record("opd.remove", name, tenant_id=city.id)


def change_profile(city: City, name: str, timezone: str, color: str) -> None:
    """The city's own face. Raises InvalidError."""
    refuse(
        ("name", None if 3 <= len(name.strip()) <= 80 else "name"),
        ("timezone", None if timezone in rules.ZONES else "zone"),
        ("color", rules.color_problem(color)),
    )
    city.name, city.timezone, city.color = name.strip(), timezone, color
    audit.record("city.edit", city.slug, tenant_id=city.id)


def _check_role(role: str, plugin: str) -> None:
    if role in PLUGIN_ROLES and not PLUGIN_NAME.fullmatch(plugin):
        raise InvalidError(problem_text("plugin-needed"), [Finding("plugin", problem_text("plugin-needed"))])
    if role not in PLUGIN_ROLES and plugin:
        raise InvalidError(problem_text("plugin-not-wanted"), [Finding("plugin", problem_text("plugin-not-wanted"))])


def _check_opd(city: City, name: str) -> None:
    refuse(("name", None if 3 <= len(name.strip()) <= 80 else "name"))
    if any(found.name.casefold() == name.strip().casefold() for found in units(city)):
        message = _("There is a unit of this name already.")
        raise ConflictError(message, [Finding("name", message)])


def _admins(city: City) -> int:
    admins = (Membership.city_id == city.id, Membership.role == rules.ADMIN)
    return db.session.scalar(select(func.count()).select_from(Membership).where(*admins)) or 0
