"""``/api/v1/regions``: looked up by everybody, taken in by maintainers."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.joining import lists, regions, schemas
from registry.tenants.joining.api import blueprint as applications
from registry.tenants.joining.api import shown
from registry.tenants.joining.models import Region
from registry.tenants.service import find_city

blueprint: Blueprint = applications


@blueprint.route("/regions")
class Regions(MethodView):
    @blueprint.arguments(schemas.RegionQuery, location="query")
    @blueprint.response(200, schemas.RegionsFound)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Kabupaten and kota that fit: one by its code, its former code or its whole name, else the nearest."""
        found = regions.find(query["q"])
        items = [found.region] if found.region else found.near or regions.suggest(query["q"])
        return {"items": items, "known": regions.state()[0]}

    @blueprint.arguments(schemas.NewRegion)
    @blueprint.response(201, schemas.RegionShown)
    def post(self, given: dict[str, Any]) -> Region:
        """A maintainer adds one that no list has yet."""
        access.enter_programme("programme.manage")
        with unit_of_work():
            found = regions.add_by_hand(given["code"], given["name"])
        return found


@blueprint.post("/regions/lists")
@blueprint.arguments(schemas.RegionListQuery, location="query")
@blueprint.arguments(schemas.RegionListFile, location="files")
@blueprint.response(200, schemas.RegionListChange)
def take_in(query: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    """A maintainer takes an official list in (CSV: kode,nama,provinsi and, where codes changed, kode_lama)."""
    access.enter_programme("programme.manage")
    content = file["list"].stream.read(lists.MAX_BYTES + 1)
    with unit_of_work():
        reading, change = regions.take_in(content, file["list"].filename or "", query["dry_run"])
        told = {"added": len(change.added), "changed": len(change.renamed), "renumbered": len(change.renumbered),
                "unchanged": change.unchanged, "missing": len(change.missing)}  # fmt: skip
    return {**told, "left_out": dict(reading.left_out)}


@blueprint.post("/cities/<string:city>/renumber")
@blueprint.response(200, schemas.ApplicationShown)
def renumber(city: str) -> dict[str, Any]:
    """A maintainer gives a city the code its region has today."""
    access.enter_programme("programme.manage")
    found = find_city(city)
    with unit_of_work():
        regions.renumber(found)
    return shown(found, True)
