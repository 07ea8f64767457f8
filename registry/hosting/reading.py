"""Deployments looked at. Whoever calls has entered the city's scope."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog.models import App
from registry.config import Settings
from registry.core import clock, jobs, scope, tails
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError, UnavailableError
from registry.core.secrets import Vault, open_vault
from registry.forge.keeping.removing import Use
from registry.forge.models import Fork
from registry.forge.storage import fork_path
from registry.hosting.models import Deployment, Errand, Host, Revision
from registry.hosting.plain import DeploymentPaths, DeploymentState, ErrandState
from registry.tenants.models import City, Membership, Opd

HOST_LATE = timedelta(seconds=30)
ERRAND_POLL = 0.3
ASIDE = ("backup", "drill")
"""Kinds of jobs that change nothing of what serves: no change waits for them."""


@dataclass(frozen=True)
class LivePlugin:
    """One plugin as the city's public portal shows it."""

    name: str
    title: str
    summary: str
    url: str
    opd: str
    since: datetime
    maintenance: str = ""


def settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found


def vault() -> Vault:
    return open_vault(settings().secrets)


def deployments(city: City) -> list[Deployment]:
    """By name, without those that were taken away."""
    wanted = select(Deployment).where(Deployment.tenant_id == city.id, Deployment.removed_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Deployment.name)))


def units(city: City) -> dict[int, str]:
    """The city's OPD by id."""
    return {unit.id: unit.name for unit in db.session.scalars(select(Opd).where(Opd.tenant_id == city.id))}


def apps(city: City) -> dict[int, App]:
    """The apps of the city's forks, by fork id."""
    rows = db.session.execute(select(Fork.id, App).join(App, App.id == Fork.app_id).where(Fork.tenant_id == city.id))
    return {fork_id: app for fork_id, app in rows}


def uses_of_fork(city: City, fork: Fork) -> list[Use]:
    """What hangs on a fork: its plugins, and those taken away that still have backups and data to come back to."""
    wanted = select(Deployment).where(Deployment.tenant_id == city.id, Deployment.fork_id == fork.id)
    return [Use(one.name, one.removed_at is not None) for one in db.session.scalars(wanted.order_by(Deployment.name))]


def get_deployment(city: City, name: str) -> Deployment:
    wanted = select(Deployment).where(Deployment.tenant_id == city.id, Deployment.name == name)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_("%(city)s has no plugin %(name)s.", city=city.name, name=name))
    return found


def get_revision(deployment: Deployment, number: int) -> Revision:
    wanted = select(Revision).where(Revision.deployment_id == deployment.id, Revision.number == number)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(_("%(name)s has no revision %(number)d.", name=deployment.name, number=number))
    return found


def revisions(deployment: Deployment) -> list[Revision]:
    """Newest first."""
    wanted = select(Revision).where(Revision.deployment_id == deployment.id).order_by(Revision.number.desc())
    return list(db.session.scalars(wanted))


def serving(deployment: Deployment) -> Revision | None:
    """The revision that really serves: the host writes it."""
    if deployment.serving_revision_id is None:
        return None
    return db.session.get(Revision, deployment.serving_revision_id)


def serving_of(found: Sequence[Deployment]) -> dict[int, Revision]:
    """`serving` of many at once, by deployment id."""
    wanted = select(Revision).where(Revision.id.in_([one.serving_revision_id for one in found]))
    return {revision.deployment_id: revision for revision in db.session.scalars(wanted)}


def open_jobs(city: City) -> dict[str, jobs.Job]:
    """The changes under way in a city, by subject."""
    wanted = select(jobs.Job).where(jobs.Job.tenant_id == city.id, jobs.Job.finished_at.is_(None))
    wanted = wanted.where(jobs.Job.kind.not_in(ASIDE))
    return {job.subject: job for job in db.session.scalars(wanted.order_by(jobs.Job.created_at))}


def open_job(deployment: Deployment, city: City) -> jobs.Job | None:
    """The change under way, if any."""
    wanted = (
        select(jobs.Job)
        .where(jobs.Job.subject == subject(deployment, city), jobs.Job.finished_at.is_(None))
        .where(jobs.Job.kind.not_in(ASIDE))
        .order_by(jobs.Job.created_at.desc())
        .limit(1)
    )
    return db.session.scalar(wanted)


def last_job(deployment: Deployment, city: City) -> jobs.Job | None:
    """The newest change, finished or not: what a failed one said stays on the page."""
    wanted = select(jobs.Job).where(jobs.Job.subject == subject(deployment, city), jobs.Job.kind.not_in(ASIDE))
    return db.session.scalar(wanted.order_by(jobs.Job.created_at.desc()).limit(1))


def job_of(job_id: uuid.UUID, memberships: Sequence[Membership]) -> jobs.Job:
    """A job of a city the person has a city-wide role in; the session enters that city. Raises NotFoundError."""
    for city_id in dict.fromkeys(one.city_id for one in memberships if not one.plugin):
        with db.engine.connect() as connection:
            scope.tell(connection, scope.Scope(tenant=city_id))
            found = connection.execute(select(jobs.Job.id).where(jobs.Job.id == job_id)).first()
        if found:
            scope.enter_city(city_id)
            return db.session.get_one(jobs.Job, job_id)
    raise NotFoundError(_("There is no such job, or it is not of a city you belong to."))


def errand_done(errand_id: int, seconds: float) -> Errand:
    """Wait for the host, outside of a unit of work. Raises UnavailableError when it does not come to an end in time,
    ConflictError with the host's words when it failed.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        db.session.rollback()
        errand = db.session.get_one(Errand, errand_id, populate_existing=True)
        if errand.state == ErrandState.FAILED:
            raise ConflictError(errand.message)
        if errand.state == ErrandState.DONE:
            return errand
        time.sleep(ERRAND_POLL)
    raise UnavailableError(_("The plugin host did not come to it in time. Try again later."))


def host() -> Host | None:
    """The plugin host's last heartbeat."""
    return db.session.scalar(select(Host).order_by(Host.beat_at.desc()).limit(1))


def offers_store(store: str) -> bool:
    """Whether a plugin may keep its data so. True where no host said anything yet: it will tell when it is asked."""
    found = host()
    return found is None or store in found.facts.get("stores", (store,))


def host_is_late() -> bool:
    """Whether the host has not been heard for `HOST_LATE`: what is asked of it waits."""
    found = host()
    return found is None or clock.now() - found.beat_at > HOST_LATE


def subject(deployment: Deployment, city: City) -> str:
    return f"{deployment.name}.{city.slug}"


def app_of(deployment: Deployment) -> App:
    fork = db.session.get_one(Fork, deployment.fork_id)
    return db.session.get_one(App, fork.app_id)


def repository_of(city: City, app: App) -> Path:
    return fork_path(settings(), city.slug, app.slug)


def config_of(revision: Revision) -> dict[str, Any]:
    opened: dict[str, Any] = vault().open(revision.config_sealed)
    return opened


def log_tail(deployment: Deployment, lines: int = 200) -> list[str]:
    """The newest lines of the plugin's own output, oldest first."""
    return tails.newest_lines(DeploymentPaths(settings().data, deployment.id).plugin_log, lines)


def live_plugins(city: City, language: str) -> list[LivePlugin]:
    """What the public portal lists: deployments that are on and serve a revision. Needs the city's scope."""
    wanted = (
        select(Deployment, App, Opd.name)
        .join(Fork, Fork.id == Deployment.fork_id)
        .join(App, App.id == Fork.app_id)
        .outerjoin(Opd, Opd.id == Deployment.opd_id)
        .where(Deployment.tenant_id == city.id, Deployment.enabled, Deployment.serving_revision_id.is_not(None))
        .where(Deployment.removed_at.is_(None), Deployment.trial_of.is_(None))
        .where(Deployment.trial_of.is_(None), Deployment.removed_at.is_(None))
        .order_by(Deployment.name)
    )
    return [_live(city, language, *row) for row in db.session.execute(wanted)]


def _live(city: City, language: str, deployment: Deployment, app: App, opd: str | None) -> LivePlugin:
    words = app.facts.get("description", {})
    description: dict[str, Any] = words.get(language) or next(iter(words.values()), {})
    revision = serving(deployment)
    config = config_of(revision) if revision else {}
    return LivePlugin(
        name=deployment.name,
        title=str(config.get("title") or description.get("localisedName") or app.name),
        summary=description.get("shortDescription", ""),
        url=settings().plugin_origin(city.slug, deployment.name),
        opd=opd or "",
        since=deployment.created_at,
        maintenance=deployment.maintenance,
    )


def plugin_state(city: City, name: str) -> tuple[str, str]:
    """For the page shown when the edge cannot reach a plugin: off, maintenance, waiting, running, switching, crashed or
    absent; and what citizens read while it is closed for maintenance.
    """
    found = db.session.scalar(select(Deployment).where(Deployment.tenant_id == city.id, Deployment.name == name))
    if found is None or found.removed_at:
        return "absent", ""
    if not found.enabled:
        return DeploymentState.OFF, ""
    return (DeploymentState.MAINTENANCE, found.maintenance) if found.maintenance else (found.state, "")
