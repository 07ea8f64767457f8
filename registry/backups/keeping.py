"""What goes by the clock: backups the policies let go, plugins whose grace is over, what killed jobs left.

Runs in the worker with the programme's scope. What goes wrong with one plugin never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from registry.backups import folders, reading, restic, rules, service
from registry.backups.models import FAILED, FORGOTTEN, KEPT, MAKING, SCHEDULED, Backup
from registry.core import jobs
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment
from registry.tenants.models import City

FAILED_SHOWN = timedelta(days=30)
UNRECORDED_FOR = timedelta(days=1)
"""A snapshot that no row names was left by a killed job; one that is younger may still be getting its row."""


def retain(at: datetime) -> None:
    """Forget what the policies let go and what killed jobs left in the repository, then give the room back."""
    repository = restic.open_repository(hosting.settings())
    if not _holds_any():
        return
    repository.prepare()
    zones = {city.id: ZoneInfo(city.timezone) for city in db.session.scalars(select(City))}
    for deployment in reading.backed_up():
        going = _going(deployment, zones[deployment.tenant_id], at)
        repository.forget([one.snapshot for one in going])
        _mark_forgotten(going)
    repository.forget(_unrecorded(repository, at))
    repository.prune()
    with unit_of_work():
        for old in db.session.scalars(
            select(Backup).where(Backup.state == FAILED, Backup.created_at < at - FAILED_SHOWN)
        ):
            old.state = FORGOTTEN


def purge_removed(at: datetime) -> None:
    """What was taken away long enough ago, and copies for trying whose time is over, are removed for good."""
    over = (Deployment.removed_at < at - rules.GRACE) | (
        Deployment.trial_of.is_not(None) & (Deployment.created_at < at - rules.TRIAL_LIFE)
    )
    for deployment_id in list(db.session.scalars(select(Deployment.id).where(over))):
        try:
            with unit_of_work():
                deployment = db.session.get_one(Deployment, deployment_id)
                city = db.session.get_one(City, deployment.tenant_id)
                service.purge(city, deployment, deployment.name)
        except RefusalError as refusal:
            logger.info("purge waits", deployment=deployment_id, why=refusal.message)


def tidy() -> None:
    """Rows and folders of jobs that ended without them: a worker that was killed for good."""
    with unit_of_work():
        for row in db.session.scalars(select(Backup).where(Backup.state == MAKING)):
            job = db.session.get(jobs.Job, row.job_id) if row.job_id else None
            if job is None or job.finished:
                row.state, row.message = FAILED, job.message if job else ""
    for job_id, folder in folders.left(hosting.settings()):
        job = db.session.get(jobs.Job, job_id)
        if job is None or job.finished:
            folders.remove(folder)
    db.session.rollback()


def _holds_any() -> bool:
    return db.session.scalar(select(Backup.id).where(Backup.snapshot != "").limit(1)) is not None


def _going(deployment: Deployment, zone: ZoneInfo, at: datetime) -> list[Backup]:
    held = list(db.session.scalars(select(Backup).where(Backup.deployment_id == deployment.id, Backup.state == KEPT)))
    plain = [rules.Kept(one.id, one.made_at or one.created_at, one.reason != SCHEDULED) for one in held]
    stay = rules.kept(plain, reading.policy_of(deployment), zone, at)
    return [one for one in held if one.id not in stay]


def _mark_forgotten(going: Iterable[Backup]) -> None:
    ids = [one.id for one in going]
    db.session.rollback()
    with unit_of_work():
        for row in db.session.scalars(select(Backup).where(Backup.id.in_(ids))):
            row.state = FORGOTTEN


def _unrecorded(repository: restic.Restic, at: datetime) -> list[str]:
    """Snapshots of jobs we know whose row names another one, or none."""
    rows = {f"job-{job}": snapshot for job, snapshot in db.session.execute(select(Backup.job_id, Backup.snapshot))}
    db.session.rollback()
    return [
        one.id
        for one in repository.snapshots("plugin")
        if at - one.made_at > UNRECORDED_FOR and any(tag in rows and rows[tag] != one.id for tag in one.tags)
    ]
