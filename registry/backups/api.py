"""``/api/v1/deployments/{id}/backups`` and what else is done about a plugin's data. Long work answers 202."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.backups import reading, schemas, service, trials
from registry.backups.rules import Policy
from registry.core import paging
from registry.core.jobs import Job
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.hosting.api import ONE, find, told_job
from registry.hosting.schemas import JobSchema

blueprint = Blueprint("api_backups", __name__, url_prefix="/api/v1", description="Backups, copies for trying, removal")
BACKUP = f"{ONE}/backups/<int:backup_id>"


@blueprint.get(f"{ONE}/backups")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.BackupPageSchema)
def list_backups(query: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Newest first; those the policy let go are left out."""
    _city, deployment = find(deployment_id, "plugin.see")
    return paging.page(reading.backups(deployment), query, lambda backup: str(backup.id))


@blueprint.post(f"{ONE}/backups")
@blueprint.response(202, JobSchema)
def create_backup(deployment_id: str) -> dict[str, Any]:
    """Back up code, settings and data of what serves."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.back_up(city, deployment)
    return told_job(job)


@blueprint.post(f"{BACKUP}/restore")
@blueprint.response(202, JobSchema)
def restore_backup(deployment_id: str, backup_id: int) -> dict[str, Any]:
    """Put code, settings and data back, as a new revision; the data of now stays as the snapshot of the last one."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.restore(city, deployment, reading.get_backup(deployment, backup_id))
    return told_job(job)


@blueprint.post(f"{BACKUP}/drill")
@blueprint.response(202, JobSchema)
def drill_backup(deployment_id: str, backup_id: int) -> dict[str, Any]:
    """Try on a scratch copy whether it can be put back."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.drill(city, deployment, reading.get_backup(deployment, backup_id))
    return told_job(job)


@blueprint.get(f"{ONE}/backup-policy")
@blueprint.response(200, schemas.PolicySchema)
def show_policy(deployment_id: str) -> Policy:
    """How often it is backed up, and how many of the newest days, weeks and months are kept."""
    _city, deployment = find(deployment_id, "plugin.see")
    return reading.policy_of(deployment)


@blueprint.put(f"{ONE}/backup-policy")
@blueprint.arguments(schemas.PolicySchema)
@blueprint.response(200, schemas.PolicySchema)
def set_policy(given: dict[str, Any], deployment_id: str) -> Policy:
    """Change it."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        service.set_policy(city, deployment, Policy(**given))
    return Policy(**given)


@blueprint.post(f"{ONE}/trial")
@blueprint.arguments(schemas.TrySchema)
@blueprint.response(202, JobSchema)
def create_trial(given: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """A copy with its data, running another ref of the fork, for staff only; it removes itself after seven days."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = trials.try_copy(city, deployment, given["ref"])
    return told_job(job)


@blueprint.post(f"{ONE}/adopt")
@blueprint.response(202, JobSchema)
def adopt_trial(deployment_id: str) -> dict[str, Any]:
    """Of a copy for trying: upgrade the plugin itself to what the copy serves."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = trials.adopt(city, deployment)
    return told_job(job)


@blueprint.post(f"{ONE}/remove")
@blueprint.arguments(schemas.ConfirmSchema)
@blueprint.response(202, JobSchema)
@blueprint.alt_response(204, description="Removed; there was nothing to back up.")
def remove_deployment(given: dict[str, Any], deployment_id: str) -> Any:
    """Take it away: off, with a last backup. It can be put back for thirty days."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job: Job | None = service.remove(city, deployment, given["confirm"])
    return told_job(job) if job else ("", 204)


@blueprint.post(f"{ONE}/put-back")
@blueprint.response(204)
def put_back_deployment(deployment_id: str) -> None:
    """Undo the removal: everything is back and switched on."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        service.put_back(city, deployment)


@blueprint.post(f"{ONE}/purge")
@blueprint.arguments(schemas.ConfirmSchema)
@blueprint.response(202, JobSchema)
def purge_deployment(given: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Of a removed one or a copy for trying: data, settings, revisions and backups are deleted for good."""
    city, deployment = find(deployment_id, "plugin.manage")
    with unit_of_work():
        job = service.purge(city, deployment, given["confirm"])
    return told_job(job)
