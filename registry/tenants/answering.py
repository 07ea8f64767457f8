"""Who answers for a city, and who decides in the programme: whom to tell of what concerns them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Select, select

from registry.accounts.models import User
from registry.accounts.notices.service import Notice, tell
from registry.core import mail
from registry.core.db import db
from registry.tenants import rules
from registry.tenants.models import City, Membership


def in_charge(city: City) -> list[User]:
    """Its admins; of the publisher the maintainers."""
    return with_role(city, rules.MAINTAINER if city.publisher else rules.ADMIN)


def with_role(city: City, role: str) -> list[User]:
    return _found(_people().where(Membership.city_id == city.id, Membership.role == role))


def deciding(permission: str) -> list[User]:
    """Whom the programme lets do this: people of the publisher."""
    wanted = _people().join(City, City.id == Membership.city_id)
    return _found(wanted.where(City.publisher, Membership.role.in_(rules.PERMISSIONS[permission])))


def tell_city(city: City, make: Callable[[], Notice]) -> None:
    """Tell who is `in_charge`, within a unit of work."""
    tell(in_charge(city), make)


def _people() -> Select[User]:
    return select(User).join(Membership, Membership.user_id == User.id).where(User.active).order_by(User.id).distinct()


def _found(wanted: Select[User]) -> list[User]:
    """As many as a message may have readers."""
    return list(db.session.scalars(wanted.limit(mail.MAX_RECIPIENTS)))
