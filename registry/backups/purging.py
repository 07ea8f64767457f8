"""The worker's part of removing a deployment for good: its backups, its files, its rows. Safe to run again."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Column, delete, select

from registry.backups import asking, restic
from registry.backups.models import Backup
from registry.core import jobs
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment


def purge(job_id: str, deployment_id: int) -> None:
    """Backups first, then what the host keeps, then the rows: killed between, the next run does the rest."""
    deployment = db.session.get(Deployment, deployment_id)
    if deployment is not None:
        jobs.progress(job_id, "forgetting", 10)
        _forget_backups(deployment_id)
        jobs.progress(job_id, "purging", 50)
        asking.require_host()
        asking.purged(db.session.get_one(Deployment, deployment_id))
        with unit_of_work():
            _delete_rows(deployment_id)
    jobs.finish(job_id, _("Gone for good. Its backups leave the repository with the next nightly clean-up."))


def _forget_backups(deployment_id: int) -> None:
    wanted = select(Backup.snapshot).where(Backup.deployment_id == deployment_id, Backup.snapshot != "")
    snapshots = list(db.session.scalars(wanted))
    db.session.rollback()
    if snapshots:
        restic.open_repository(hosting.settings()).forget(snapshots)


def _delete_rows(deployment_id: int) -> None:
    """Every row of any room that belongs to it, children first, whatever tables there are."""
    deployment = db.session.get_one(Deployment, deployment_id)
    deployment.serving_revision_id = None
    db.session.flush()
    for table in reversed(db.metadata.sorted_tables):
        for column in table.columns:
            if _names_a_deployment(column):
                db.session.execute(delete(table).where(column == deployment_id))
    db.session.delete(deployment)


def _names_a_deployment(column: Column[object]) -> bool:
    """A column that refers to ``deployments.id``."""
    return any(key.target_fullname == "deployments.id" for key in column.foreign_keys)
