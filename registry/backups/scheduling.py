"""Backups and drills that are due, asked of the worker; plugins that are without a good backup for too long, told.

Everything is decided first and asked for afterwards, one unit of work per plugin: one that goes wrong stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.backups import reading, rules, service
from registry.backups.models import MAKING, SCHEDULED, Backup
from registry.backups.reading import BackupFacts
from registry.core import jobs
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.alerts import Alert, raise_alert, settle_alert
from registry.hosting.models import Deployment
from registry.tenants.models import City

MOST_WAITING = 40
"""Scheduled backups that may wait for the worker at once: the rest is asked for at the next look."""

MOST_DRILLS = 10
DRILL_RETRY = timedelta(days=1)
LATE, SICK = "backup_late", "drill_failed"


def enqueue_due(at: datetime) -> None:
    """Ask for what is due, longest waiting first, and keep the alerts true."""
    zones = {city.id: ZoneInfo(city.timezone) for city in db.session.scalars(select(City))}
    facts = sorted(reading.facts(reading.backed_up()).values(), key=_since)
    room = max(0, MOST_WAITING - (db.session.scalar(select(func.count()).where(Backup.state == MAKING)) or 0))
    due = [one.deployment.id for one in facts if _is_due(one, zones[one.deployment.tenant_id], at)][:room]
    drills = _drills(facts, at)
    changed = _alerts(facts)
    db.session.rollback()
    for deployment_id in due:
        _ask(deployment_id, None)
    for deployment_id, backup_id in drills.items():
        _ask(deployment_id, backup_id)
    for deployment_id, kind in changed:
        _tell(deployment_id, kind)


def _is_due(one: BackupFacts, zone: ZoneInfo, at: datetime) -> bool:
    good = one.last.created_at if one.last else None
    tried = one.tried.created_at if one.tried else None
    return not one.making and rules.is_due(one.policy, one.deployment.id, zone, good, tried, at)


def _since(one: BackupFacts) -> datetime:
    return one.last.created_at if one.last else one.deployment.created_at


def _drills(facts: Sequence[BackupFacts], at: datetime) -> dict[int, int]:
    """Which backup of which deployment to try: one that was tried in vain waits a day."""
    lately = select(jobs.Job.subject).where(jobs.Job.kind == "drill", jobs.Job.created_at > at - DRILL_RETRY)
    tried = set(db.session.scalars(lately))
    slugs = {city.id: city for city in db.session.scalars(select(City))}
    wanted = {
        one.deployment.id: one.last.id
        for one in facts
        if one.last and _wants_drill(one, at)
        if hosting.subject(one.deployment, slugs[one.deployment.tenant_id]) not in tried
    }
    return dict(list(wanted.items())[:MOST_DRILLS])


def _wants_drill(one: BackupFacts, at: datetime) -> bool:
    if one.last is None or not one.policy.drills or one.last.drilled_at:
        return False
    drilled = one.drilled.drilled_at if one.drilled else None
    return drilled is None or at - drilled > rules.DRILL_EVERY


def _alerts(facts: Sequence[BackupFacts]) -> list[tuple[int, str]]:
    """Which alerts are to be opened, renewed or settled."""
    rows = db.session.execute(
        select(Alert.deployment_id, Alert.kind).where(Alert.kind.in_((LATE, SICK)), Alert.until.is_(None))
    )
    opened = {(deployment_id, kind) for deployment_id, kind in rows}
    wanted = {(one.deployment.id, kind): one.is_wrong(kind) for one in facts for kind in (LATE, SICK)}
    return [key for key, wrong in wanted.items() if wrong or key in opened]


def _ask(deployment_id: int, backup_id: int | None) -> None:
    try:
        with unit_of_work():
            deployment, city = _of(deployment_id)
            if backup_id is None:
                service.back_up(city, deployment, SCHEDULED)
            else:
                service.drill(city, deployment, reading.get_backup(deployment, backup_id), by_clock=True)
    except RefusalError as refusal:
        logger.info("not asked for", deployment=deployment_id, backup=backup_id, why=refusal.message)
    except Exception:
        logger.exception("not asked for", deployment=deployment_id, backup=backup_id)


def _tell(deployment_id: int, kind: str) -> None:
    with unit_of_work():
        deployment, city = _of(deployment_id)
        if not reading.fact(deployment).is_wrong(kind):
            settle_alert(city.id, kind, deployment_id)
            return
        with force_locale(city.locale):
            raise_alert(city.id, kind, _words(kind, deployment.name), deployment_id)


def _words(kind: str, name: str) -> str:
    words: Mapping[str, str] = {
        LATE: _("%(name)s has no good backup for too long. Its page of backups says why.", name=name),
        SICK: _("The last backup of %(name)s could not be put back on trial. Make another, and try that.", name=name),
    }
    return words[kind]


def _of(deployment_id: int) -> tuple[Deployment, City]:
    deployment = db.session.get_one(Deployment, deployment_id)
    return deployment, db.session.get_one(City, deployment.tenant_id)
