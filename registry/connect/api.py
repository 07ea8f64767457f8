"""``/api/v1/deployments/{id}/connections``, ``…/kpis`` and ``/api/v1/connections``."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.connect import reading, schemas, service
from registry.connect.reading import Connection
from registry.connect.rules import Wish
from registry.core import paging
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.hosting.api import ONE, find
from registry.hosting.schemas import CityQuerySchema
from registry.tenants import access

blueprint = Blueprint("api_connect", __name__, url_prefix="/api/v1", description="What plugins may do outside")


@blueprint.get(f"{ONE}/connections")
@blueprint.response(200, schemas.ConnectionsSchema)
def show_connections(deployment_id: str) -> dict[str, Any]:
    """What a plugin asks for, the answers, and who asks it."""
    city, deployment = find(deployment_id, "plugin.see")
    return {"asks": reading.connections(deployment), "callers": reading.callers(city, deployment)}


@blueprint.put(f"{ONE}/connections")
@blueprint.arguments(schemas.DecisionSchema)
@blueprint.response(200, schemas.ConnectionSchema)
def decide_connection(given: dict[str, Any], deployment_id: str) -> Connection:
    """Allow one wish, or take it back; what is open is cut at once."""
    city, deployment = find(deployment_id, "plugin.manage")
    wish = Wish(given["kind"], given["name"])
    with unit_of_work():
        service.decide(city, deployment, wish, given["given"])
        return next(
            (one for one in reading.connections(deployment) if one.wish == wish),
            Connection(deployment.name, wish, "revoked", wanted=False, grant=None),
        )


@blueprint.get("/connections")
@blueprint.arguments(CityQuerySchema, location="query")
@blueprint.response(200, schemas.ConnectionPageSchema)
def list_connections(query: dict[str, Any]) -> dict[str, Any]:
    """Every wish of every plugin of a city."""
    city = access.enter_city(query["city"], "plugin.see")
    return paging.page(reading.city_connections(city), query, _key)


@blueprint.get(f"{ONE}/kpis")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.KpiPageSchema)
def list_kpis(query: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """The newest value of each figure the plugin reports."""
    _city, deployment = find(deployment_id, "plugin.see")
    return paging.page(reading.newest_kpis(deployment), query, lambda kpi: kpi.name)


def _key(one: Connection) -> str:
    return f"{one.plugin} {one.wish.kind} {one.wish.name}"
