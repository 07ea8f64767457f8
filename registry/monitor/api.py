"""Figures and logs of a deployment, and a city's alerts, under ``/api/v1``."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.core import paging, undelivered
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.alerts import Alert
from registry.hosting.api import ONE, find
from registry.hosting.plain import DeploymentPaths
from registry.monitor import logfile, reading, schemas, service
from registry.monitor.views import require_act
from registry.tenants import access

blueprint = Blueprint("api_monitor", __name__, url_prefix="/api/v1", description="What plugins do, and what is wrong")


@blueprint.get("/mail/undelivered")
@blueprint.response(200, schemas.UndeliveredListSchema)
def list_undelivered() -> dict[str, Any]:
    """Mail no server took lately, newest first; for maintainers."""
    access.enter_programme("programme.see")
    return {"items": undelivered.listed()}


@blueprint.get(f"{ONE}/figures")
@blueprint.arguments(schemas.FiguresQuerySchema, location="query")
@blueprint.response(200, schemas.RangeSchema)
def show_figures(query: dict[str, str], deployment_id: str) -> reading.Range:
    """Requests, times, memory, processor and disk, step by step up to now."""
    _city, deployment = find(deployment_id, "plugin.see")
    return reading.figures(deployment, reading.span(query["range"]))


@blueprint.get(f"{ONE}/log")
@blueprint.arguments(schemas.LogSearchSchema, location="query")
@blueprint.response(200, schemas.LogPageSchema)
def search_log(query: dict[str, str], deployment_id: str) -> logfile.Page:
    """The newest lines that hold ``q`` and are of ``level``, oldest first; with ``since`` only those written after."""
    _city, deployment = find(deployment_id, "plugin.see")
    path = DeploymentPaths(hosting.settings().data, deployment.id).plugin_log
    if query["since"]:
        return logfile.since(path, query["since"], query["q"], query["level"])
    return logfile.newest(path, query["q"], query["level"])


@blueprint.get("/alerts")
@blueprint.arguments(schemas.AlertQuerySchema, location="query")
@blueprint.response(200, schemas.AlertPageSchema)
def list_alerts(query: dict[str, Any]) -> dict[str, Any]:
    """Open ones first, then the newest that are over."""
    city = access.enter_city(query["city"], "city.see")
    told = [_told(alert, name) for alert, name in service.alerts(city)]
    return paging.page(told, query, lambda one: str(one["id"]))


@blueprint.post("/alerts/<int:alert_id>/seen")
@blueprint.arguments(schemas.AlertQuerySchema(only=("city",)), location="query")
@blueprint.response(200, schemas.AlertSchema)
def mark_seen(query: dict[str, Any], alert_id: int) -> dict[str, Any]:
    """Say that somebody looks after it."""
    city = access.enter_city(query["city"], "city.see")
    require_act(city)
    with unit_of_work():
        alert = service.mark_seen(city, alert_id, person().id)
    plugin = next((one.name for one in hosting.deployments(city) if one.id == alert.deployment_id), "")
    return _told(alert, plugin)


def _told(alert: Alert, plugin: str) -> dict[str, Any]:
    names = ("id", "kind", "message", "since", "until", "seen_at")
    return {"plugin": plugin, **{name: getattr(alert, name) for name in names}}
