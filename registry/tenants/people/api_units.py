"""``/api/v1/cities/{city}/opd``: a city's units."""

from __future__ import annotations

from typing import Any

from registry.core.uow import unit_of_work
from registry.tenants.access import enter_city
from registry.tenants.models import Opd
from registry.tenants.people import schemas, units
from registry.tenants.people.api import CITY, blueprint
from registry.tenants.people.views_units import EDIT

ONE = f"{CITY}/opd/<int:opd_id>"


@blueprint.get(f"{CITY}/opd")
@blueprint.response(200, schemas.UnitList)
def list_units(city: str) -> dict[str, Any]:
    """All units, each followed by those below it. For whoever sees the city."""
    return {"items": [one.unit for one in units.tree(enter_city(city, "city.see"))]}


@blueprint.post(f"{CITY}/opd")
@blueprint.arguments(schemas.UnitRequest)
@blueprint.response(201, schemas.UnitShown)
def add_unit(wanted: dict[str, Any], city: str) -> Opd:
    """Add a unit, of the city itself or below another. For the city's admins."""
    found = enter_city(city, EDIT)
    with unit_of_work():
        return units.add_opd(found, wanted["name"], wanted["parent_id"])


@blueprint.patch(ONE)
@blueprint.arguments(schemas.UnitChange)
@blueprint.response(200, schemas.UnitShown)
def change_unit(wanted: dict[str, Any], city: str, opd_id: int) -> Opd:
    """Rename it, or make it part of another with everything below it. For the city's admins."""
    found = enter_city(city, EDIT)
    with unit_of_work():
        one = units.opd(found, opd_id)
        if "name" in wanted:
            one = units.rename_opd(found, opd_id, wanted["name"])
        if "parent_id" in wanted:
            one = units.move_opd(found, opd_id, wanted["parent_id"])
        return one


@blueprint.delete(ONE)
@blueprint.response(204)
def remove_unit(city: str, opd_id: int) -> None:
    """Remove a unit nothing belongs to any more. For the city's admins."""
    found = enter_city(city, EDIT)
    with unit_of_work():
        units.remove_opd(found, opd_id)
