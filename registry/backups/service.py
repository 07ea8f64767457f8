"""Backups asked for, put back, and the plugins they belong to taken away. The work itself is the worker's (`jobs`).

Called inside a unit of work by somebody who entered the city's scope.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups import folders, reading, rules
from registry.backups.models import BEFORE_REMOVAL, KEPT, MAKING, MANUAL, SCHEDULED, Backup, BackupPolicy
from registry.backups.rules import Policy
from registry.core import audit, jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment
from registry.tenants.models import City

LANES = 2
"""How many scheduled backups and drills run at once: the worker has others to serve too."""

MOST = {"daily": 60, "weekly": 52, "monthly": 60}


def back_up(city: City, deployment: Deployment, reason: str = MANUAL) -> jobs.Job:
    """Make a backup of what serves; answers with the job to watch. Raises ConflictError: nothing serves, or one is
    being made.
    """
    if deployment.serving_revision_id is None:
        raise ConflictError(_("Nothing of %(name)s serves yet, so there is nothing to back up.", name=deployment.name))
    if db.session.scalar(select(Backup.id).where(Backup.deployment_id == deployment.id, Backup.state == MAKING)):
        raise ConflictError(_("A backup of %(name)s is being made already.", name=deployment.name))
    backup = Backup(tenant_id=city.id, deployment_id=deployment.id, reason=reason)
    db.session.add(backup)
    db.session.flush()
    lane = _lane(deployment) if reason == SCHEDULED else None
    subject = hosting.subject(deployment, city)
    job = jobs.enqueue("backups.make", "backup", subject, city.id, lane=lane, backup_id=backup.id)
    backup.job_id = job.id
    if reason == MANUAL:
        audit.record("backup.make", subject, city.id, backup=backup.id)
    return job


def drill(city: City, deployment: Deployment, backup: Backup, by_clock: bool = False) -> jobs.Job:
    """Try whether a backup can be put back: on a scratch copy, never on the real data. Raises ConflictError."""
    _require_kept(backup)
    lane = _lane(deployment) if by_clock else None
    subject = hosting.subject(deployment, city)
    return jobs.enqueue("backups.drill", "drill", subject, city.id, lane=lane, backup_id=backup.id)


def restore(city: City, deployment: Deployment, backup: Backup) -> jobs.Job:
    """Put code, config and data back to a backup, as a new revision. Raises ConflictError, UnavailableError.

    The data of now is kept as the snapshot of the revision that serves, so rolling back to that one undoes it.
    """
    _require_kept(backup)
    changes.refuse_while_changing(city, deployment)
    folders.require_room(hosting.settings(), rules.room_needed(backup.bytes, remote=False))
    subject = hosting.subject(deployment, city)
    audit.record("backup.restore", subject, city.id, backup=backup.id)
    return jobs.enqueue("backups.restore", "restore", subject, city.id, backup_id=backup.id)


def set_policy(city: City, deployment: Deployment, policy: Policy) -> None:
    """How often it is backed up and how many are kept. Raises InvalidError."""
    _check(policy)
    row = db.session.scalar(select(BackupPolicy).where(BackupPolicy.deployment_id == deployment.id))
    if row is None:
        row = BackupPolicy(tenant_id=city.id, deployment_id=deployment.id)
        db.session.add(row)
    for name, value in vars(policy).items():
        setattr(row, name, value)
    audit.record("backup.policy", hosting.subject(deployment, city), city.id, **vars(policy))


def remove(city: City, deployment: Deployment, confirm: str) -> jobs.Job | None:
    """Take a plugin away: off, with a last backup (the job answered); it can be put back for `rules.GRACE`.

    Its name stays taken until it is purged, so nobody else ever comes into its data. Raises ConflictError,
    InvalidError unless ``confirm`` is its name.
    """
    _require_typed(deployment, confirm)
    changes.refuse_while_changing(city, deployment)
    changes.set_enabled(city, deployment, False)
    deployment.removed_at, deployment.pinned, deployment.follows = now(), False, False
    audit.record("deployment.remove", hosting.subject(deployment, city), city.id)
    if deployment.trial_of or deployment.serving_revision_id is None or reading.fact(deployment).making:
        return None
    return back_up(city, deployment, BEFORE_REMOVAL)


def put_back(city: City, deployment: Deployment) -> None:
    """Undo `remove`: the plugin with all its data, switched on. Raises ConflictError."""
    if deployment.removed_at is None:
        raise ConflictError(_("%(name)s was not removed.", name=deployment.name))
    if hosting.open_job(deployment, city):
        raise ConflictError(_("%(name)s is being removed for good.", name=deployment.name))
    deployment.removed_at = None
    changes.set_enabled(city, deployment, True)
    audit.record("deployment.put-back", hosting.subject(deployment, city), city.id)


def purge(city: City, deployment: Deployment, confirm: str) -> jobs.Job:
    """Remove for good what was taken away: data, snapshots, backups, settings. Nothing of it comes back.

    Raises ConflictError for a plugin that was not removed first, InvalidError unless ``confirm`` is its name.
    """
    _require_typed(deployment, confirm)
    if deployment.removed_at is None and deployment.trial_of is None:
        raise ConflictError(_("Remove %(name)s first: until it is purged it can be put back.", name=deployment.name))
    if hosting.open_job(deployment, city):
        raise ConflictError(_("A change of %(name)s is under way. Wait for it to end.", name=deployment.name))
    if deployment.removed_at is None:
        changes.set_enabled(city, deployment, False)
        deployment.removed_at = now()
    subject = hosting.subject(deployment, city)
    audit.record("deployment.purge", subject, city.id)
    return jobs.enqueue("backups.purge", "purge", subject, city.id, deployment_id=deployment.id)


def _lane(deployment: Deployment) -> str:
    return f"backups-{deployment.id % LANES}"


def _require_kept(backup: Backup) -> None:
    if backup.state != KEPT or backup.revision is None:
        raise ConflictError(_("Backup %(number)d was not kept, so it cannot be put back.", number=backup.id))


def _require_typed(deployment: Deployment, confirm: str) -> None:
    if confirm.strip() != deployment.name:
        message = _("Type %(phrase)s to confirm", phrase=deployment.name)
        raise InvalidError(message, [Finding("confirm", message)])


def _check(policy: Policy) -> None:
    found = []
    if policy.every not in (*rules.PERIODS, rules.OFF):
        found.append(Finding("every", _("Choose hourly, daily, weekly or off.")))
    if not 0 <= policy.hour <= 23:
        found.append(Finding("hour", _("An hour is 0 to 23.")))
    for name, most in MOST.items():
        if not (name == "daily") <= getattr(policy, name) <= most:
            found.append(Finding(name, _("Keep %(least)d to %(most)d.", least=int(name == "daily"), most=most)))
    if found:
        raise InvalidError(_("This policy is not right."), found)
