"""What goes by the clock: backups the policies let go, plugins whose grace is over, what killed jobs left.

Runs in the worker with the programme's scope. What goes wrong with one plugin never stops the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
BATCH = 200
UNRECORDED_FOR = timedelta(days=1)
"""A snapshot that no row names was left by a killed job; one that is younger may still be getting its row."""


def retain(at: datetime) -> None:
    """Forget what the policies let go and what killed jobs left in the repository, then give the room back."""
    repository = restic.open_repository(hosting.settings())
    if not _holds_any():
        return
    repository.prepare()
    going = _going(at)
    for start in range(0, len(going), BATCH):
        batch = going[start : start + BATCH]
        repository.forget([snapshot for _id, snapshot in batch])
        _mark_forgotten([backup_id for backup_id, _snapshot in batch])
    repository.forget(_unrecorded(repository, at))
    repository.prune()
    with unit_of_work():
        old = select(Backup).where(Backup.state == FAILED, Backup.created_at < at - FAILED_SHOWN)
        for row in db.session.scalars(old):
            row.state = FORGOTTEN


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
        except Exception:
            logger.exception("purge waits", deployment=deployment_id)


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


def _going(at: datetime) -> list[tuple[int, str]]:
    """Id and snapshot of every backup that the policy of its deployment lets go."""
    deployments = reading.backed_up()
    zones = {city.id: ZoneInfo(city.timezone) for city in db.session.scalars(select(City))}
    policies = reading.policies_of([one.id for one in deployments])
    held = _held()
    going: list[tuple[int, str]] = []
    for one in deployments:
        snapshots, plain = held[one.id]
        stay = rules.kept(plain, policies.get(one.id, rules.Policy()), zones[one.tenant_id], at)
        going += [(backup_id, snapshot) for backup_id, snapshot in snapshots.items() if backup_id not in stay]
    db.session.rollback()
    return going


def _held() -> dict[int, tuple[dict[int, str], list[rules.Kept]]]:
    """By deployment: the snapshots of its good backups, and what the rules need of them."""
    found: dict[int, tuple[dict[int, str], list[rules.Kept]]] = defaultdict(lambda: ({}, []))
    wanted = select(Backup.deployment_id, Backup.id, Backup.snapshot, Backup.made_at, Backup.created_at, Backup.reason)
    for deployment_id, backup_id, snapshot, made, asked, reason in db.session.execute(
        wanted.where(Backup.state == KEPT)
    ):
        found[deployment_id][0][backup_id] = snapshot
        found[deployment_id][1].append(rules.Kept(backup_id, made or asked, reason != SCHEDULED))
    return found


def _mark_forgotten(ids: Sequence[int]) -> None:
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
