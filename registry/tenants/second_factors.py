"""Whose roles need a second factor, and the reset of one by an admin of the person's own city."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from registry.accounts.factors import service as factors
from registry.accounts.models import User
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.tenants import access, rules
from registry.tenants.models import City, Membership


def is_needed(user: User) -> bool:
    """Maintainers and admins of cities decide for many others. A demo city's people have no phones."""
    held = access.memberships() if _is_asking(user) else _memberships(user)
    return any(one.role in rules.NEED_SECOND_FACTOR and not one.city.demo for one in held)


def reset(city: City, membership_id: int, by: User) -> User:
    """Take a member's second factors away, because the person lost them all: audited, and told to the person.

    Raises NotFoundError for nobody of this city. Raises ConflictError for oneself, for maintainers, and for whoever has
    a role in another city too: an admin can give a role to anybody, and must not get into another city that way.
    """
    found = db.session.scalar(select(Membership).where(Membership.id == membership_id, Membership.city_id == city.id))
    if found is None:
        raise NotFoundError(_("There is no such role in this city."))
    if found.user_id == by.id:
        raise ConflictError(_("Your own second factor you change on the page of your account."))
    _check_own(city, _memberships(found.user))
    if not factors.has_any(found.user):
        raise ConflictError(_("%(name)s has no second factor.", name=found.user.name))
    factors.reset(found.user, tenant_id=city.id)
    return found.user


def _check_own(city: City, held: Collection[Membership]) -> None:
    if any(one.role == rules.MAINTAINER for one in held):
        raise ConflictError(_("A maintainer's second factor is reset by the operator of this installation."))
    if any(one.city_id != city.id for one in held):
        raise ConflictError(
            _("This person works for another city too: the operator of this installation resets the second factor.")
        )


def _memberships(user: User) -> list[Membership]:
    return list(db.session.scalars(select(Membership).where(Membership.user_id == user.id)))


def _is_asking(user: User) -> bool:
    return bool(current_user) and current_user.is_authenticated and current_user.id == user.id
