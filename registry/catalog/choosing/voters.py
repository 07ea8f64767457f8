"""For which units (OPD) the person who asks may vote: those he belongs to; the city's admin for every one."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.core.errors import ForbiddenError
from registry.tenants import access
from registry.tenants import rules as policy
from registry.tenants.models import City, Opd
from registry.tenants.people import service as people

WRITE, DECIDE = "shortlist.write", "shortlist.decide"


def units(city: City) -> list[Opd]:
    """By name."""
    known = people.units(city)
    if access.may(DECIDE, city):
        return known
    mine = {one.opd_id for one in access.memberships() if one.city_id == city.id and policy.allows(WRITE, {one.role})}
    return [unit for unit in known if unit.id in mine]


def require(city: City, opd_id: int) -> None:
    """Raises NotFoundError for a unit the city does not have, ForbiddenError for one the person is not of."""
    unit = people.opd(city, opd_id)
    if unit.id not in {one.id for one in units(city)}:
        raise ForbiddenError(_("Only people of %(unit)s, or the city's admin, vote for it.", unit=unit.name))


def cities() -> list[City]:
    """Admitted ones whose shortlist the person who asks may write on."""
    mine = [one.city for one in access.memberships() if policy.allows(WRITE, {one.role})]
    return list({city.id: city for city in mine if city.state == "admitted"}.values())
