"""The worker's part of putting a backup back, of drilling one, and of filling a copy for trying.

A restore never writes into the real data: it fills ``incoming/{job}``, and the host makes that the data of a new
revision in one switch, after a snapshot of the data of now.
"""

from __future__ import annotations

import base64
import uuid
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups import asking, folders, restic, rules
from registry.backups.folders import Way
from registry.backups.models import Backup
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.host.data import measure
from registry.hosting import jobs as hosting_jobs
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment, Switch
from registry.hosting.plain import DeploymentPaths


def restore(job_id: str, tenant_id: int, backup_id: int) -> None:
    """Fetch the backup, then hand over to the host, which ends the job."""
    if _handed_over(job_id):
        return
    jobs.progress(job_id, "fetching", 5)
    backup = db.session.get_one(Backup, backup_id)
    way = folders.back(hosting.settings(), backup.deployment_id, job_id)
    _fetch(backup, way)
    revision = backup.revision
    if revision is None:
        raise ConflictError(_("Backup %(number)d was not kept, so it cannot be put back.", number=backup_id))
    hosting_jobs.deploy(
        job_id=job_id,
        tenant_id=tenant_id,
        deployment_id=backup.deployment_id,
        commit=revision.commit,
        version=revision.version,
        config=base64.b64encode(revision.config_sealed).decode(),
        data_source=way.data,
    )


def drill(job_id: str, backup_id: int) -> None:
    """Restore a backup to a scratch folder, let the host run it there, write down what came of it."""
    backup = db.session.get_one(Backup, backup_id)
    deployment = db.session.get_one(Deployment, backup.deployment_id)
    way = folders.back(hosting.settings(), deployment.id, job_id)
    try:
        result = _drilled(job_id, backup, deployment, way)
    except Exception:
        way.drop()
        raise
    with unit_of_work():
        row = db.session.get_one(Backup, backup_id)
        row.drilled_at, row.drill = now(), result
    way.drop()
    if not rules.drilled_well(result):
        damage = result.get("integrity", "ok")
        why = _("it did not answer") if damage == "ok" else damage
        raise ConflictError(_("This backup could not be put back: %(why)s", why=why))
    jobs.finish(
        job_id, _("Put back on a scratch copy, whole and answering, in %(seconds)d s.", seconds=_seconds(result))
    )


def fill(
    job_id: str, tenant_id: int, source_id: int, deployment_id: int, commit: str, version: str, config: str
) -> None:
    """A copy of one deployment's data becomes the data of another of the same city; the host ends the job."""
    if _handed_over(job_id):
        return
    jobs.progress(job_id, "copying", 5)
    settings = hosting.settings()
    way = folders.back(settings, deployment_id, job_id)
    if not way.folder.exists():
        size = measure(DeploymentPaths(settings.data, source_id).data).size
        folders.require_room(settings, rules.room_needed(size, remote=False))
        asking.require_host()
        asking.housed(db.session.get_one(Deployment, deployment_id), folders.out(settings, deployment_id, job_id))
        copy = folders.out(settings, source_id, job_id)
        asking.copied(db.session.get_one(Deployment, source_id), copy)
        way.take(copy.folder)
    hosting_jobs.deploy(
        job_id=job_id,
        tenant_id=tenant_id,
        deployment_id=deployment_id,
        commit=commit,
        version=version,
        config=config,
        data_source=way.data,
    )


def _drilled(job_id: str, backup: Backup, deployment: Deployment, way: Way) -> dict[str, Any]:
    jobs.progress(job_id, "fetching", 5)
    asking.require_host()
    if not asking.was_drilled(deployment, way):
        _fetch(backup, way)
    jobs.progress(job_id, "drilling", 60)
    return asking.drilled(deployment, way, backup.revision_id or 0)


def _fetch(backup: Backup, way: Way) -> None:
    """The backup's content in ``way``: there whole, or not at all."""
    if way.folder.exists():
        return
    settings = hosting.settings()
    folders.require_room(settings, rules.room_needed(backup.bytes, remote=False))
    way.prepare()
    part = Path(f"{way.folder}.part")
    folders.remove(part)
    restic.open_repository(settings).restore(backup.snapshot, part)
    way.take(part)


def _seconds(result: dict[str, object]) -> int:
    value = result.get("seconds")
    return round(value) if isinstance(value, int | float) else 0


def _handed_over(job_id: str) -> bool:
    return db.session.scalar(select(Switch.id).where(Switch.job_id == uuid.UUID(job_id))) is not None
