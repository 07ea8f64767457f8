"""The people of a city, looked through and a page at a time, with as many queries whatever their number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select

from registry.accounts.factors import service as factors
from registry.accounts.models import User
from registry.core.clock import now
from registry.core.db import db
from registry.tenants.models import City, Membership
from registry.tenants.people import rules, units
from registry.tenants.people.inviting import OF_CITY
from registry.tenants.people.models import Invitation

MAX_WORDS = 80


@dataclass(frozen=True)
class Wanted:
    """Whom to list: ``words`` in name or address, and somebody with a role that fits all the rest.

    ``unit`` takes the units below it along.
    """

    words: str = ""
    role: str = ""
    plugin: str = ""
    unit: int = 0

    def __bool__(self) -> bool:
        return bool(self.words or self.role or self.plugin or self.unit)


@dataclass(frozen=True)
class Person:
    """Somebody with the roles held in this city."""

    user: User
    roles: list[Membership]
    has_factor: bool


def people(city: City, wanted: Wanted) -> Select[User]:
    """By name; whose roles those are, `with_roles` answers for a page of them."""
    held = [Membership.city_id == city.id, Membership.user_id == User.id, *_of_role(city, wanted)]
    found = select(User).where(exists().where(*held))
    if wanted.words:
        same = (User.name.icontains(wanted.words, autoescape=True), User.email.icontains(wanted.words, autoescape=True))
        found = found.where(or_(*same))
    return found.order_by(User.name, User.id)


def with_roles(city: City, users: Collection[User]) -> list[Person]:
    """The same people in the same order."""
    ids = [one.id for one in users]
    held = select(Membership).where(Membership.city_id == city.id, Membership.user_id.in_(ids))
    roles: dict[int, list[Membership]] = {}
    for one in db.session.scalars(held.order_by(Membership.plugin, Membership.id)):
        roles.setdefault(one.user_id, []).append(one)
    strong = factors.holders(ids)
    return [Person(one, roles.get(one.id, []), one.id in strong) for one in users]


def invitations(city: City) -> Select[Invitation]:
    """Those nobody has answered, expired ones too, newest first."""
    ours = (Invitation.tenant_id == city.id, Invitation.state == rules.OPEN, Invitation.role.in_(OF_CITY))
    return select(Invitation).where(*ours).order_by(Invitation.sent_at.desc(), Invitation.id.desc())


def state_of(found: Invitation) -> str:
    return rules.state_of(found.state, found.expires_at, now())


def plugin_names(city: City) -> list[str]:
    """Of the plugins somebody has a role in."""
    held = select(Membership.plugin).where(Membership.city_id == city.id, Membership.plugin != "").distinct()
    return sorted(db.session.scalars(held))


def _of_role(city: City, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.role:
        found.append(Membership.role == wanted.role)
    if wanted.plugin:
        found.append(Membership.plugin == wanted.plugin)
    if wanted.unit:
        found.append(Membership.opd_id.in_(rules.below(units.parents(city), wanted.unit)))
    return found
