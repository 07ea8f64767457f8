"""``/api/v1``: tasks, addresses, differences and long acts of a plugin, and the maintainers' waves."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.catalog.service import get_app
from registry.core import paging
from registry.core.clock import now
from registry.core.db import db
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.hosting import difference, domains, history, hostnames, reading, tasks, waves
from registry.hosting import schemas_operations as schemas
from registry.hosting.api import ONE, find, told_job
from registry.hosting.models import Errand
from registry.hosting.views_domains import look_now
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("api_operations", __name__, url_prefix="/api/v1", description="What is done to plugins over time")
ACTS = {"stop": waves.stop, "resume": waves.resume, "abort": waves.abort}


@blueprint.get(f"{ONE}/revisions/<int:number>/difference")
@blueprint.arguments(schemas.CompareQuerySchema, location="query")
@blueprint.response(200, schemas.DifferenceSchema)
def show_difference(query: dict[str, int], deployment_id: str, number: int) -> difference.Difference:
    """What lies between two revisions: commits, files, settings (secrets only said to differ), limits."""
    city, deployment = find(deployment_id, "plugin.see")
    one, other = (reading.get_revision(deployment, wanted) for wanted in (number, query["to"]))
    return difference.between(reading.repository_of(city, reading.app_of(deployment)), one, other)


@blueprint.get(f"{ONE}/jobs")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.JobPageSchema)
def list_jobs(query: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Every long act of the plugin, newest first."""
    city, deployment = find(deployment_id, "plugin.see")
    found = list(db.session.scalars(history.acts(city, deployment).limit(1000)))
    shown = paging.page(found, query, lambda job: str(job.id))
    return {**shown, "items": [told_job(job) for job in shown["items"]]}


@blueprint.get(f"{ONE}/tasks")
@blueprint.response(200, schemas.TasksSchema)
def list_tasks(deployment_id: str) -> dict[str, Any]:
    """What the plugin does by the clock, with the last runs."""
    city, deployment = find(deployment_id, "plugin.see")
    return {"items": tasks.planned(city, deployment, now())}


@blueprint.patch(f"{ONE}/tasks/<string:task>")
@blueprint.arguments(schemas.TaskChangeSchema)
@blueprint.response(200, schemas.TasksSchema)
def change_task(given: dict[str, bool], deployment_id: str, task: str) -> dict[str, Any]:
    """Pause a task, or let it run by the clock again."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        tasks.set_paused(city, deployment, task, given["paused"], now())
    return {"items": tasks.planned(city, deployment, now())}


@blueprint.post(f"{ONE}/tasks/<string:task>/runs")
@blueprint.response(202, schemas.RunSchema)
def run_task(deployment_id: str, task: str) -> Errand:
    """Run a task once, now."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        run = tasks.run_now(city, deployment, task)
    return run


@blueprint.get(f"{ONE}/domains")
@blueprint.response(200, schemas.DomainsSchema)
def list_domains(deployment_id: str) -> dict[str, Any]:
    """The plugin's addresses of the city's own, with the records that prove them."""
    city, deployment = find(deployment_id, "plugin.see")
    return {"items": [_told(city, deployment.name, one) for one in domains.of(deployment)]}


@blueprint.post(f"{ONE}/domains")
@blueprint.arguments(schemas.NewDomainSchema)
@blueprint.response(201, schemas.DomainSchema)
def add_domain(given: dict[str, str], deployment_id: str) -> dict[str, Any]:
    """Ask for a host name: it is routed when its TXT record is found."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        domain = domains.add(city, deployment, given["hostname"])
    return _told(city, deployment.name, domain)


@blueprint.post(f"{ONE}/domains/<string:hostname>/check")
@blueprint.response(200, schemas.DomainSchema)
def check_domain(deployment_id: str, hostname: str) -> dict[str, Any]:
    """Look in DNS now."""
    city, deployment = find(deployment_id, "plugin.manage")
    return _told(city, deployment.name, look_now(city, deployment.name, hostname))


@blueprint.delete(f"{ONE}/domains/<string:hostname>")
@blueprint.response(204)
def remove_domain(deployment_id: str, hostname: str) -> None:
    """Routed no more."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        domains.remove(city, deployment, hostname)


@blueprint.get("/waves")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.WavePageSchema)
def list_waves(query: dict[str, Any]) -> dict[str, Any]:
    """Upgrades of many cities, newest first; for maintainers."""
    access.enter_programme("programme.see")
    return paging.page(waves.all_waves(), query, lambda wave: str(wave.id))


@blueprint.post("/waves")
@blueprint.arguments(schemas.NewWaveSchema)
@blueprint.response(202, schemas.WaveWithMembersSchema)
def start_wave(given: dict[str, Any]) -> dict[str, Any]:
    """Upgrade an app in every city whose admin agreed and whose fork has newer code."""
    access.enter_programme("programme.manage")
    app = get_app(given.pop("app"))
    with unit_of_work():
        wave = waves.start(app, waves.Plan(**given))
    return _told_wave(wave)


@blueprint.get("/waves/<int:wave_id>")
@blueprint.response(200, schemas.WaveWithMembersSchema)
def show_wave(wave_id: int) -> dict[str, Any]:
    """How far it is, city by city."""
    access.enter_programme("programme.see")
    return _told_wave(waves.get(wave_id))


@blueprint.post("/waves/<int:wave_id>/<any(stop, resume, abort):what>")
@blueprint.response(200, schemas.WaveWithMembersSchema)
def change_wave(wave_id: int, what: str) -> dict[str, Any]:
    """Stop it for now, go on with it, or end it."""
    access.enter_programme("programme.manage")
    with unit_of_work():
        ACTS[what](waves.get(wave_id))
    return _told_wave(waves.get(wave_id))


def _told(city: City, plugin: str, domain: domains.Domain) -> dict[str, Any]:
    names = ("hostname", "state", "message", "verified_at", "checked_at")
    return {
        **{name: getattr(domain, name) for name in names},
        "txt_name": hostnames.proof_name(domain.hostname),
        "txt_value": domain.token,
        "cname": f"{plugin}.{city.slug}.{reading.settings().plugin_domain}",
    }


def _told_wave(wave: waves.Wave) -> dict[str, Any]:
    names = ("id", "app", "state", "step", "canary", "size", "pause_minutes", "tolerated", "created_at", "finished_at")
    members = [
        {"city": city.slug, "deployment": reading.subject(deployment, city), "step": member.step,
         "state": member.state, "message": member.message, "from_version": member.from_version}
        for member, deployment, city in waves.members(wave)
    ]  # fmt: skip
    return {**{name: getattr(wave, name) for name in names}, "members": members}
