"""Who answers for each plugin of a city: an administrator and an operator, and who is reminded when one is missing.

Which plugins there are, rooms above this one know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from registry.core import audit, clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants import answering
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership
from registry.tenants.people import rules, telling
from registry.tenants.people.models import AppointmentReminder

PLUGINS = "tenants.plugins"


@dataclass(frozen=True)
class Plugin:
    """A plugin of a city as far as people are concerned: ``address`` is its page in the console."""

    name: str
    opd_id: int | None = None
    address: str = ""


Lister = Callable[[City], Sequence[Plugin]]
"""Of a room above: the plugins a city has, in the scope of the city or of the programme."""


@dataclass(frozen=True)
class Appointed:
    plugin: Plugin
    administrators: list[Membership]
    operators: list[Membership]

    @property
    def missing(self) -> list[str]:
        pairs = ((policy.ADMINISTRATOR, self.administrators), (policy.OPERATOR, self.operators))
        return [role for role, held in pairs if not held]


def list_plugins_by(app: Flask, lister: Lister) -> None:
    """Say which plugins a city has. One room answers; the last one wins."""
    app.extensions[PLUGINS] = lister


def plugins(city: City) -> list[Plugin]:
    """By name; none when no room above answers."""
    lister: Lister | None = current_app.extensions.get(PLUGINS)
    return sorted(lister(city), key=lambda one: one.name) if lister else []


def appointments(city: City) -> list[Appointed]:
    """Each plugin with its people, active ones only."""
    held = [one for one in _of_plugins(city) if one.user.active]
    return [
        Appointed(
            plugin,
            [one for one in held if (one.plugin, one.role) == (plugin.name, policy.ADMINISTRATOR)],
            [one for one in held if (one.plugin, one.role) == (plugin.name, policy.OPERATOR)],
        )
        for plugin in plugins(city)
    ]


def missing_in(city: City) -> dict[str, list[str]]:
    """Plugin → the roles nobody has."""
    return {one.plugin.name: one.missing for one in appointments(city) if one.missing}


def remind() -> int:
    """Tell the admins of each city what is missing, once a week; answers how many cities were told.

    In the programme's scope. Safe to run again: what was told in a week is written down with it.
    """
    cities = db.session.scalars(select(City.id).where(City.state == "admitted").order_by(City.id)).all()
    db.session.rollback()
    return sum(_remind(city_id) for city_id in cities)


def _remind(city_id: int) -> bool:
    with unit_of_work():
        city = db.session.get_one(City, city_id)
        found = missing_in(city)
        if not found or not _is_first(city):
            return False
        audit.record("member.remind", city.slug, tenant_id=city.id, plugins=sorted(found))
        telling.missing(city, answering.with_role(city, policy.ADMIN), sorted(found.items()))
        return True


def _is_first(city: City) -> bool:
    row = {"tenant_id": city.id, "week": rules.week_of(clock.today()), "at": clock.now()}
    made = insert(AppointmentReminder).values(row).on_conflict_do_nothing().returning(AppointmentReminder.id)
    return db.session.scalar(made) is not None


def _of_plugins(city: City) -> list[Membership]:
    wanted = select(Membership).where(Membership.city_id == city.id, Membership.role.in_(rules.PLUGIN_ROLES))
    return list(db.session.scalars(wanted.order_by(Membership.id)))
