"""``/api/v1/deployments/{id}/connections``, ``…/kpis`` and ``/api/v1/connections``."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.connect import reading, schemas, service
from registry.connect.reading import Connection
from registry.connect.rules import Wish
from registry.core import paging
from registry.core.errors import NotFoundError
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("api_connect", __name__, url_prefix="/api/v1", description="What plugins may do outside")
ONE = "/deployments/<string:deployment_id>"


@blueprint.get(f"{ONE}/connections")
@blueprint.response(200, schemas.ConnectionsSchema)
def show_connections(deployment_id: str) -> dict[str, Any]:
    """What a plugin asks for, the answers, and who asks it."""
    city, deployment = _find(deployment_id, "plugin.see")
    return {"asks": reading.connections(deployment), "callers": reading.callers(city, deployment)}


@blueprint.put(f"{ONE}/connections")
@blueprint.arguments(schemas.DecisionSchema)
@blueprint.response(200, schemas.ConnectionSchema)
def decide_connection(given: dict[str, Any], deployment_id: str) -> Connection:
    """Allow one wish, or take it back; what is open is cut at once."""
    city, deployment = _find(deployment_id, "plugin.manage")
    wish = Wish(given["kind"], given["name"])
    with unit_of_work():
        service.decide(city, deployment, wish, given["given"])
        return next(
            (one for one in reading.connections(deployment) if one.wish == wish),
            Connection(deployment.name, wish, "revoked", wanted=False, grant=None),
        )


@blueprint.get("/connections")
@blueprint.arguments(schemas.CityQuerySchema, location="query")
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
    _city, deployment = _find(deployment_id, "plugin.see")
    return paging.page(reading.newest_kpis(deployment), query, lambda kpi: kpi.name)


def _key(one: Connection) -> str:
    return f"{one.plugin} {one.wish.kind} {one.wish.name}"


def _find(deployment_id: str, permission: str) -> tuple[City, Deployment]:
    """By ``{name}.{city}``, scoped to the city. Raises NotFoundError, ForbiddenError, SignInNeededError."""
    name, dot, slug = deployment_id.partition(".")
    if not dot:
        raise NotFoundError(_("A deployment is named {name}.{city}, like lapor.bontang."))
    city = access.enter_city(slug, permission)
    return city, hosting.get_deployment(city, name)
