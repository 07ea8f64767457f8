"""Tells the cities' room which plugins there are, and each plugin's page who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from registry.core.db import db
from registry.hosting import reading
from registry.hosting.glance import Cell
from registry.hosting.models import Deployment
from registry.tenants import access
from registry.tenants.models import City, Membership
from registry.tenants.people.appointed import Plugin
from registry.tenants.people.rules import missing
from registry.tenants.words import role_name


def plugins(city: City) -> list[Plugin]:
    """By name, copies for trying left out."""
    found = [one for one in reading.deployments(city) if one.trial_of is None]
    return [Plugin(one.name, one.opd_id, f"/console/{city.slug}/plugins/{one.name}") for one in found]


def people_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins that lack an administrator or an operator."""
    wanted = select(Membership.role, Membership.plugin).where(Membership.city_id == city.id, Membership.plugin != "")
    held = {(role, plugin) for role, plugin in db.session.execute(wanted)}
    page = url_for("people.plugins", city=city.slug) if access.may("people.manage", city) else ""
    found = {}
    for one in deployments:
        lacking = missing(one.name, held) if one.trial_of is None else []
        if lacking:
            told = _("missing: %(what)s", what=", ".join(role_name(role) for role in lacking))
            found[one.id] = [Cell(_("People"), told, "info", page)]
    return found
