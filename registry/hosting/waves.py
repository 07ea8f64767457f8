"""Upgrades of one app in many cities: planned by a maintainer, driven by the worker, stopped by failures.

Only plugins whose admins agreed (`Deployment.follows`) take part. Each city's upgrade is the same job and the same
switch as its admin's own: one that fails has put everything back before it says so. Needs the programme's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.catalog.models import App
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.forge.models import Fork
from registry.hosting import service
from registry.hosting.models import Deployment
from registry.hosting.models_operations import ABORTED, RUNNING, SKIPPED, STOPPED, WAITING, Wave, WaveMember
from registry.hosting.reading import serving_of
from registry.hosting.wave_rules import step_of
from registry.tenants.models import City


@dataclass(frozen=True)
class Candidate:
    """A plugin that may take part; ``newer`` is the commit it would change to, empty when there is nothing newer."""

    deployment: Deployment
    city: City
    version: str
    newer: str


@dataclass(frozen=True)
class Plan:
    """How carefully: sizes count cities, ``tolerated`` failures stop nothing."""

    canary: int = 1
    size: int = 5
    pause_minutes: int = 30
    tolerated: int = 0


def all_waves() -> list[Wave]:
    """Newest first."""
    return list(db.session.scalars(select(Wave).order_by(Wave.id.desc()).limit(200)))


def get(wave_id: int) -> Wave:
    found = db.session.get(Wave, wave_id)
    if found is None:
        raise NotFoundError(_("There is no such wave."))
    return found


def members(wave: Wave) -> list[tuple[WaveMember, Deployment, City]]:
    """In the order of their steps."""
    wanted = (
        select(WaveMember, Deployment, City)
        .join(Deployment, Deployment.id == WaveMember.deployment_id)
        .join(City, City.id == WaveMember.tenant_id)
        .where(WaveMember.wave_id == wave.id)
        .order_by(WaveMember.step, City.name, Deployment.name)
    )
    return [(member, deployment, city) for member, deployment, city in db.session.execute(wanted)]


def counts(waves: Iterable[Wave]) -> dict[int, dict[str, int]]:
    """How many members of each wave are in which state."""
    wanted = select(WaveMember.wave_id, WaveMember.state, func.count()).group_by(WaveMember.wave_id, WaveMember.state)
    found: dict[int, dict[str, int]] = {wave.id: {} for wave in waves}
    for wave_id, state, number in db.session.execute(wanted.where(WaveMember.wave_id.in_(list(found)))):
        found[wave_id][state] = number
    return found


def followed_apps() -> list[tuple[App, int]]:
    """Apps with the number of plugins whose admins let the programme upgrade them."""
    wanted = select(App, func.count(Deployment.id)).join(Fork, Fork.app_id == App.id).join(Deployment, _of_fork())
    rows = db.session.execute(wanted.where(*_takes_part()).group_by(App.id).order_by(App.name))
    return [(app, number) for app, number in rows]


def candidates(app: App) -> list[Candidate]:
    """Every plugin of the app whose admin agreed, by city."""
    wanted = (
        select(Deployment, City)
        .join(Fork, _of_fork())
        .join(City, City.id == Deployment.tenant_id)
        .where(Fork.app_id == app.id, *_takes_part())
        .order_by(City.name, Deployment.name)
    )
    rows = [(deployment, city) for deployment, city in db.session.execute(wanted)]
    serving = serving_of([deployment for deployment, _city in rows])
    return [
        Candidate(deployment, city, serving[deployment.id].version, service.newer_commit(city, deployment) or "")
        for deployment, city in rows
        if deployment.id in serving
    ]


def start(app: App, plan: Plan) -> Wave:
    """A wave over every candidate with something newer. Raises ConflictError when there is none or one is under way."""
    if db.session.scalar(select(Wave.id).where(Wave.app_id == app.id, Wave.finished_at.is_(None))):
        raise ConflictError(_("A wave of %(app)s is under way already. End it first.", app=app.name))
    ready = [one for one in candidates(app) if one.newer]
    if not ready:
        raise ConflictError(_("No plugin that follows the programme has anything newer in its fork."))
    who = audit.actor()
    wave = Wave(app_id=app.id, canary=plan.canary, size=plan.size, pause_minutes=plan.pause_minutes,
                tolerated=plan.tolerated, created_by=who.id, author=who.name)  # fmt: skip
    db.session.add(wave)
    db.session.flush()
    for position, one in enumerate(ready):
        step = step_of(position, plan.canary, plan.size)
        db.session.add(WaveMember(tenant_id=one.city.id, wave_id=wave.id, deployment_id=one.deployment.id, step=step,
                                  from_version=one.version))  # fmt: skip
    audit.record("wave.start", app.slug, None, count=len(ready))
    return wave


def stop(wave: Wave) -> None:
    """Begin no further city until it is resumed; upgrades that began come to their end."""
    _only(wave, RUNNING)
    wave.state = STOPPED
    audit.record("wave.stop", wave.app.slug)


def resume(wave: Wave) -> None:
    """Go on at once; failures up to here no longer count."""
    _only(wave, STOPPED)
    wave.state, wave.resume_at, wave.forgiven = RUNNING, now(), counts([wave])[wave.id].get("failed", 0)
    audit.record("wave.resume", wave.app.slug)


def abort(wave: Wave) -> None:
    """End it: cities that were not begun stay as they are, those that were keep what serves."""
    _only(wave, RUNNING, STOPPED)
    wave.state, wave.finished_at = ABORTED, now()
    for member, _deployment, _city in members(wave):
        if member.state == WAITING:
            member.state, member.finished_at = SKIPPED, now()
            member.message = _("The wave was ended before its turn came.")
    audit.record("wave.abort", wave.app.slug)


def pause_of(wave: Wave) -> timedelta:
    return timedelta(minutes=wave.pause_minutes)


def last_step(found: Sequence[tuple[WaveMember, Deployment, City]]) -> int:
    return max((member.step for member, _deployment, _city in found), default=0)


def _only(wave: Wave, *states: str) -> None:
    if wave.state not in states:
        raise ConflictError(_("This wave is not in a state for that any more. Look at it again."))


def _of_fork():  # type: ignore[no-untyped-def]
    return (Deployment.fork_id == Fork.id) & (Deployment.tenant_id == Fork.tenant_id)


def _takes_part():  # type: ignore[no-untyped-def]
    return (Deployment.follows, Deployment.removed_at.is_(None), Deployment.trial_of.is_(None))
