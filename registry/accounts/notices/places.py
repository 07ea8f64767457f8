"""Names and time zones of the cities that notices are about. Cities belong to a room above this one, which is asked by
the names of its tables alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, column, select, table

from registry.accounts.models import User
from registry.accounts.notices.rules import HOME
from registry.core.db import db

_cities = table("cities", column("id", BigInteger), column("name"), column("slug"), column("timezone"))
_memberships = table("memberships", column("id"), column("city_id"), column("user_id"))


def names(city_ids: Collection[int]) -> dict[int, str]:
    found = db.session.execute(select(_cities.c.id, _cities.c.name).where(_cities.c.id.in_(city_ids)))
    return {row.id: row.name for row in found}


def id_of(slug: str) -> int | None:
    return db.session.scalar(select(_cities.c.id).where(_cities.c.slug == slug))


def slugs(city_ids: Collection[int]) -> dict[int, str]:
    found = db.session.execute(select(_cities.c.id, _cities.c.slug).where(_cities.c.id.in_(city_ids)))
    return {row.id: row.slug for row in found}


def zones(people: Iterable[User]) -> dict[int, str]:
    """The time zone of each person's first city, by the person's id; of who has no city: Jakarta's."""
    ids = [one.id for one in people]
    joined = _memberships.join(_cities, _cities.c.id == _memberships.c.city_id)
    wanted = select(_memberships.c.user_id, _cities.c.timezone).select_from(joined)
    found = db.session.execute(wanted.where(_memberships.c.user_id.in_(ids)).order_by(_memberships.c.id.desc()))
    return {**dict.fromkeys(ids, HOME), **{row.user_id: row.timezone for row in found}}
