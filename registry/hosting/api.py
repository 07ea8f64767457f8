"""``/api/v1/deployments`` and ``/api/v1/jobs``. Long work answers 202 with the job to watch."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog.service import get_app
from registry.core import paging
from registry.core.errors import InvalidError, NotFoundError
from registry.core.jobs import Job
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import reading, rules, schemas, service, upkeep, withdrawn
from registry.hosting.models import Deployment
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("api_hosting", __name__, url_prefix="/api/v1", description="Plugins of a city, and long work")
ONE = "/deployments/<string:deployment_id>"
DECISIONS: Mapping[str, Callable[[City, Deployment, Any], None]] = {
    "enabled": service.set_enabled,
    "maintenance": upkeep.set_maintenance,
    "pinned": upkeep.set_pinned,
    "follows": upkeep.set_follows,
}


@blueprint.get("/deployments")
@blueprint.arguments(schemas.CityQuerySchema, location="query")
@blueprint.response(200, schemas.DeploymentPageSchema)
def list_deployments(query: dict[str, Any]) -> dict[str, Any]:
    """The plugins of a city, by name."""
    city = access.enter_city(query["city"], "plugin.see")
    shown = paging.page(reading.deployments(city), query, lambda deployment: deployment.name)
    return {**shown, "items": [_told(city, one) for one in shown["items"]]}


@blueprint.get("/notices")
@blueprint.arguments(schemas.CityQuerySchema, location="query")
@blueprint.response(200, schemas.NoticePageSchema)
def list_notices(query: dict[str, Any]) -> dict[str, Any]:
    """Plugins of a city whose release was withdrawn or whose app is being retired, and what to do."""
    city = access.enter_city(query["city"], "plugin.see")
    told = [_notice(city, one) for one in withdrawn.notices_of(city)]
    return paging.page(told, query, lambda one: f"{one['plugin']} {one['kind']}")


@blueprint.post("/deployments")
@blueprint.arguments(schemas.NewDeploymentSchema)
@blueprint.response(202, schemas.JobSchema)
def create_deployment(given: dict[str, Any]) -> dict[str, Any]:
    """Deploy a city's fork of an app."""
    city = access.enter_city(given["city"], "plugin.manage")
    app = get_app(given["app"])
    with unit_of_work():
        fork, name = fork_of(city, app.slug), given.get("name") or app.slug
        job = service.deploy(city, fork, name, given["config"], ref=given["ref"])
    return told_job(job)


@blueprint.get(ONE)
@blueprint.response(200, schemas.DeploymentSchema)
def show_deployment(deployment_id: str) -> dict[str, Any]:
    """One plugin: what is wanted, and the revision that really serves."""
    city, deployment = find(deployment_id, "plugin.see")
    return _told(city, deployment)


@blueprint.patch(ONE)
@blueprint.arguments(schemas.DeploymentChangeSchema)
@blueprint.response(200, schemas.DeploymentSchema)
def change_deployment(given: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Switch on or off (``enabled``), close with words or open (``maintenance``), keep awake (``pinned``), let the
    programme upgrade it (``follows``), or change the settings (``config``), which makes a new revision.
    """
    city, deployment = find(deployment_id, "plugin.manage")
    if not given:
        raise InvalidError(_("Say what to change: enabled, maintenance, pinned, follows or config."))
    with unit_of_work():
        for name, act in DECISIONS.items():
            if name in given:
                act(city, deployment, given[name])
        if "config" in given:
            service.configure(city, deployment, given["config"])
    return _told(city, deployment)


@blueprint.post(f"{ONE}/upgrade")
@blueprint.arguments(schemas.UpgradeSchema)
@blueprint.response(202, schemas.JobSchema)
def upgrade_deployment(given: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Change to a branch, tag or commit of the fork; its main branch when none is named."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.upgrade(city, deployment, given["ref"])
    return told_job(job)


@blueprint.post(f"{ONE}/rollback")
@blueprint.arguments(schemas.RollbackSchema)
@blueprint.response(202, schemas.JobSchema)
def rollback_deployment(given: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Back to an earlier revision: code and config, and with ``with_data`` its data too."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.rollback(city, deployment, given["revision"], given["with_data"])
    return told_job(job)


@blueprint.get(f"{ONE}/revisions")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.RevisionPageSchema)
def list_revisions(query: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Newest first."""
    _city, deployment = find(deployment_id, "plugin.see")
    return paging.page(reading.revisions(deployment), query, lambda revision: str(revision.number))


@blueprint.get(f"{ONE}/logs")
@blueprint.arguments(schemas.LogQuerySchema, location="query")
@blueprint.response(200, schemas.LogSchema)
def show_logs(query: dict[str, int], deployment_id: str) -> dict[str, list[str]]:
    """The newest lines of the plugin's own output, oldest first."""
    _city, deployment = find(deployment_id, "plugin.see")
    return {"lines": reading.log_tail(deployment, query["lines"])}


@blueprint.get("/jobs/<uuid:job_id>")
@blueprint.response(200, schemas.JobSchema)
def show_job(job_id: uuid.UUID) -> dict[str, Any]:
    """How far long work is."""
    person()
    return told_job(reading.job_of(job_id, access.memberships()))


def told_job(job: Job) -> dict[str, Any]:
    names = ("id", "kind", "subject", "state", "step", "percent", "message", "log")
    times = ("created_at", "updated_at", "finished_at")
    told = {name: getattr(job, name) for name in names + times}
    return {**told, "url": url_for("api_hosting.show_job", job_id=job.id)}


def _notice(city: City, notice: withdrawn.Notice) -> dict[str, Any]:
    same = ("kind", "version", "reason", "newest", "advice")
    successor = notice.app.successor
    return {name: getattr(notice, name) for name in same} | {
        "plugin": reading.subject(notice.deployment, city), "app": notice.app.slug,
        "successor": successor.slug if successor else "",
    }  # fmt: skip


def _told(city: City, deployment: Deployment) -> dict[str, Any]:
    revision, job = reading.serving(deployment), reading.open_job(deployment, city)
    config = rules.shown_config(revision.build.config_schema, reading.config_of(revision)) if revision else {}
    return {
        "id": reading.subject(deployment, city),
        "city": city.slug,
        "app": reading.app_of(deployment).slug,
        "name": deployment.name,
        "url": reading.settings().plugin_origin(city.slug, deployment.name),
        "enabled": deployment.enabled,
        "state": deployment.state,
        "state_message": deployment.state_message,
        "pinned": deployment.pinned,
        "maintenance": deployment.maintenance,
        "follows": deployment.follows,
        "serving": revision,
        "config": config,
        "job": told_job(job) if job else None,
    }


def find(deployment_id: str, permission: str) -> tuple[City, Deployment]:
    """By ``{name}.{city}``, scoped to the city. Raises NotFoundError, ForbiddenError, SignInNeededError."""
    name, dot, slug = deployment_id.partition(".")
    if not dot:
        raise NotFoundError(_("A deployment is named {name}.{city}, like lapor.bontang."))
    city = access.enter_city(slug, permission)
    return city, reading.get_deployment(city, name)
