"""Backups looked at. Whoever calls has entered the city's scope (the worker: the programme's)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Select, select

from registry.backups import restic, rules
from registry.backups.models import FAILED, FORGOTTEN, KEPT, MAKING, Backup, BackupPolicy
from registry.backups.rules import Policy
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment
from registry.tenants.models import City

SHOWN = 200


@dataclass(frozen=True)
class BackupFacts:
    """How one plugin stands: ``last`` is the newest good backup, ``tried`` the newest attempt, ``drilled`` the one
    whose restore was tried last. Any of them may not be there.
    """

    deployment: Deployment
    policy: Policy
    last: Backup | None
    tried: Backup | None
    drilled: Backup | None

    @property
    def making(self) -> bool:
        return self.tried is not None and self.tried.state == MAKING

    @property
    def failed(self) -> Backup | None:
        """The newest attempt, when it failed."""
        return self.tried if self.tried and self.tried.state == FAILED else None

    @property
    def late(self) -> bool:
        if self.deployment.trial_of or self.deployment.serving_revision_id is None:
            return False
        good = self.last.created_at if self.last else None
        return rules.is_late(self.policy, good, self.deployment.created_at, now())

    @property
    def sick(self) -> bool:
        """Whether the last drill ended badly."""
        return self.drilled is not None and not self.drilled.drilled_well

    def is_wrong(self, kind: str) -> bool:
        """By kind of alert."""
        return {"backup_late": self.late, "drill_failed": self.sick}[kind]

    @property
    def good(self) -> bool:
        """Whether the plugin could be put back as its policy promises."""
        return self.last is not None and not (self.late or self.sick or self.failed)


def facts(deployments: Sequence[Deployment]) -> dict[int, BackupFacts]:
    """How each of these stands, by deployment id: three queries, however many they are."""
    ids = [one.id for one in deployments]
    attempts = select(Backup).where(Backup.state != FORGOTTEN)
    last, tried = _newest(attempts.where(Backup.state == KEPT), ids), _newest(attempts, ids)
    drilled = _newest(select(Backup).where(Backup.drilled_at.is_not(None)), ids)
    policies = policies_of(ids)
    return {
        one.id: BackupFacts(
            deployment=one,
            policy=policies.get(one.id, Policy()),
            last=last.get(one.id),
            tried=tried.get(one.id),
            drilled=drilled.get(one.id),
        )
        for one in deployments
    }


def fact(deployment: Deployment) -> BackupFacts:
    return facts([deployment])[deployment.id]


def _newest(wanted: Select[Backup], ids: Sequence[int]) -> dict[int, Backup]:
    ordered = wanted.where(Backup.deployment_id.in_(ids)).distinct(Backup.deployment_id)
    found = db.session.scalars(ordered.order_by(Backup.deployment_id, Backup.created_at.desc()))
    return {one.deployment_id: one for one in found}


def policies_of(ids: Sequence[int]) -> dict[int, Policy]:
    """Those that differ from the defaults, by deployment id."""
    found = db.session.scalars(select(BackupPolicy).where(BackupPolicy.deployment_id.in_(ids)))
    return {row.deployment_id: _plain(row) for row in found}


def policy_of(deployment: Deployment) -> Policy:
    return policies_of([deployment.id]).get(deployment.id, Policy())


def _plain(row: BackupPolicy) -> Policy:
    return Policy(row.every, row.hour, row.daily, row.weekly, row.monthly, row.drills)


def backups(deployment: Deployment, shown: int = SHOWN) -> list[Backup]:
    """Newest first: kept, under way, and failed ones; those forgotten by the policy are left out."""
    wanted = select(Backup).where(Backup.deployment_id == deployment.id, Backup.state != FORGOTTEN)
    return list(db.session.scalars(wanted.order_by(Backup.created_at.desc()).limit(shown)))


def get_backup(deployment: Deployment, backup_id: int) -> Backup:
    wanted = select(Backup).where(Backup.id == backup_id, Backup.deployment_id == deployment.id)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_("%(name)s has no backup %(number)d.", name=deployment.name, number=backup_id))
    return found


def backed_up() -> list[Deployment]:
    """Every deployment in sight that is backed up by the clock: it serves, and is neither removed nor a copy."""
    wanted = select(Deployment).where(Deployment.serving_revision_id.is_not(None), Deployment.removed_at.is_(None))
    return list(db.session.scalars(wanted.where(Deployment.trial_of.is_(None)).order_by(Deployment.id)))


def removed(city: City) -> list[Deployment]:
    """Plugins taken away that can still be put back, the latest first."""
    wanted = select(Deployment).where(Deployment.tenant_id == city.id, Deployment.removed_at.is_not(None))
    return list(db.session.scalars(wanted.order_by(Deployment.removed_at.desc())))


def trial_of(deployment: Deployment) -> Deployment | None:
    """The copy for trying that was made of it, while there is one."""
    return db.session.scalar(select(Deployment).where(Deployment.trial_of == deployment.id).limit(1))


def original_of(trial: Deployment) -> Deployment | None:
    """What a copy for trying is a copy of; None when that was purged meanwhile."""
    return db.session.get(Deployment, trial.trial_of) if trial.trial_of else None


def trial_ends(trial: Deployment) -> datetime:
    return trial.created_at + rules.TRIAL_LIFE


def purged_on(deployment: Deployment) -> datetime | None:
    """When a plugin that was taken away is removed for good."""
    return deployment.removed_at + rules.GRACE if deployment.removed_at else None


def next_moment(policy: Policy, deployment: Deployment, city: City) -> datetime | None:
    """When the next scheduled backup is wanted; None for what is not backed up by the clock."""
    if deployment.removed_at or deployment.trial_of:
        return None
    last = rules.last_moment(policy, deployment.id, ZoneInfo(city.timezone), now())
    return last + rules.PERIODS[policy.every] if last else None


def place() -> str:
    """Where backups lie, without the password an address may hold; empty when only on this machine."""
    repository = restic.open_repository(hosting.settings())
    if not repository.remote:
        return ""
    kind, _colon, rest = repository.repository.partition(":")
    return f"{kind}:{rest.rpartition('@')[2]}"
