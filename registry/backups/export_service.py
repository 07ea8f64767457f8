"""Archives of a city: asked for, found again by those who may, gone after a week."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups import export_archive, folders
from registry.core import audit, clock, jobs
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.core.jobs import Job
from registry.hosting import reading
from registry.tenants.models import City

KIND = "export"
LIFE = timedelta(days=7)


def ask(city: City) -> Job:
    """An archive without secrets, to be fetched when its job is done. Raises ConflictError while one is being made."""
    if any(not job.finished for job in asked(city)):
        raise ConflictError(_("An export is being made already. It appears here when it is ready."))
    audit.record("city.export", city.slug, city.id)
    return jobs.enqueue("backups.export", KIND, city.slug, city.id)


def asked(city: City) -> list[Job]:
    """Those of the last week, newest first."""
    wanted = select(Job).where(Job.tenant_id == city.id, Job.kind == KIND, Job.created_at > clock.now() - LIFE)
    return list(db.session.scalars(wanted.order_by(Job.created_at.desc())))


def path_of(city: City, job_id: uuid.UUID) -> Path:
    return export_archive.folder(reading.settings(), city.id) / f"{job_id}.tar.gz"


def ready(city: City, job: Job) -> bool:
    return job.state == jobs.DONE and not is_over(job) and path_of(city, job.id).exists()


def is_over(job: Job) -> bool:
    return job.finished_at is None or clock.now() > job.finished_at + LIFE


def fetched(city: City, job_id: uuid.UUID) -> Path:
    """The archive, and a note of who takes it. Raises NotFoundError for another city's and for one that is gone."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, Job.tenant_id == city.id, Job.kind == KIND))
    if job is None or not ready(city, job):
        raise NotFoundError(_("This export is not there any more: each is kept for seven days. Make a new one."))
    audit.record("city.export_taken", city.slug, city.id, job=str(job_id))
    return path_of(city, job_id)


def remove_old() -> None:
    """Everything whose week is over, whatever became of its job; what a killed import left unpacked too."""
    for left in (reading.settings().data / "exports").glob("*/*"):
        if clock.now().timestamp() - left.lstat().st_mtime > LIFE.total_seconds():
            folders.remove(left)
