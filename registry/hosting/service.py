"""Deployments: made, switched on and off, changed to another revision.

Writing acts are called inside a unit of work by somebody who entered the city's scope. What takes long is a job; the
change of the serving revision itself is the host's (`Switch`).
"""

from __future__ import annotations

import base64
import secrets as random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.catalog import agreed
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.models import App
from registry.catalog.trust.rating import rate
from registry.core import audit, jobs
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.core.uow import wake_host
from registry.forge import publishing
from registry.forge.models import Fork
from registry.forge.trees import GitTree, head, resolve
from registry.hosting import rules
from registry.hosting.checking import checked_config
from registry.hosting.models import OPEN_STEPS, Build, Deployment, Errand, Revision, Switch
from registry.hosting.plain import DeploymentState, ErrandKind, Manifest
from registry.hosting.reading import (
    app_of,
    config_of,
    get_revision,
    offers_store,
    open_job,
    repository_of,
    serving,
    subject,
    vault,
)
from registry.tenants.agreements.service import require_active_pks
from registry.tenants.models import City


@dataclass(frozen=True)
class Candidate:
    """A commit of a fork that could run: what it is, how its config is asked, and its safety rating as JSON."""

    commit: str
    tree: str
    version: str
    schema: Mapping[str, Any]
    lock: str
    runtime: str
    rating: Mapping[str, Any] = field(default_factory=dict)


def candidate(city: City, app: App, ref: str = "main") -> Candidate:
    """What would run if the fork's ``ref`` were deployed. Raises NotFoundError, InvalidError with every finding."""
    repository = repository_of(city, app)
    commit = resolve(repository, ref)
    inspection = inspect_commit(repository, commit.tree)
    if not inspection.ok or inspection.manifest is None:
        raise InvalidError(_("This bundle cannot be deployed as it is."), inspection.errors)
    if not offers_store(inspection.manifest.store):
        raise InvalidError(
            _(
                "This bundle keeps its data in PostgreSQL, which this host cannot give."
                " Ask the platform operator to set DATABASE_ADMIN_URL."
            )
        )
    facts = inspection.publiccode.facts if inspection.publiccode else {}
    return Candidate(
        commit=commit.id,
        tree=commit.tree,
        version=str(facts.get("softwareVersion") or commit.id[:10]),
        schema=inspection.config_schema or {},
        lock=inspection.lock,
        runtime=inspection.manifest.runtime,
        rating=rate(inspection).to_json(),
    )


def newer_commit(city: City, deployment: Deployment) -> str | None:
    """The fork's main commit when it is not what serves."""
    revision = serving(deployment)
    if revision is None:
        return None
    commit = head(repository_of(city, app_of(deployment)), "main")
    return commit if commit != revision.commit else None


def inspect_commit(repository: Path, tree: str) -> Inspection:
    return inspect(GitTree(repository, tree), publishing.limits())


def deploy(
    city: City, fork: Fork, name: str, config: Mapping[str, Any], opd_id: int | None = None, ref: str = "main"
) -> jobs.Job:
    """A new deployment of the fork's ``ref``; answers with the job to watch.

    Raises AgreementNeededError, ConflictError when the name is taken, InvalidError for a bad bundle, name or config.
    """
    require_active_pks(city, agreed.name_in_scope(fork.app, city))
    if rules.name_problem(name):
        message = _("A plugin's name has small letters, digits and hyphens, at most %(n)d.", n=rules.MAX_NAME)
        raise InvalidError(message, [Finding("name", message)])
    if db.session.scalar(select(Deployment.id).where(Deployment.tenant_id == city.id, Deployment.name == name)):
        raise ConflictError(_("%(city)s already has a plugin %(name)s.", city=city.name, name=name))
    app = db.session.get_one(App, fork.app_id)
    wanted = candidate(city, app, ref)
    checked = checked_config(wanted.schema, config, {})
    deployment = Deployment(
        tenant_id=city.id,
        fork_id=fork.id,
        opd_id=opd_id,
        name=name,
        state=DeploymentState.OFF,
        secret_key_sealed=vault().seal(random.token_urlsafe(48)),
    )
    db.session.add(deployment)
    db.session.flush()
    audit.record("deployment.create", subject(deployment, city), city.id, commit=wanted.commit, version=wanted.version)
    return _change(city, deployment, "deploy", wanted.commit, wanted.version, checked)


def upgrade(city: City, deployment: Deployment, ref: str = "main") -> jobs.Job:
    """Change to the fork's ``ref`` with the config as it is. Raises ConflictError when that already serves."""
    require_active_pks(city, agreed.name_in_scope(app_of(deployment), city))
    refuse_while_changing(city, deployment)
    now_serving = serving(deployment)
    wanted = candidate(city, app_of(deployment), ref)
    if now_serving and now_serving.commit == wanted.commit:
        raise ConflictError(_("%(ref)s is what revision %(n)d already serves.", ref=ref, n=now_serving.number))
    stored = config_of(now_serving) if now_serving else {}
    known = wanted.schema.get("properties") or {}
    config = checked_config(wanted.schema, {key: value for key, value in stored.items() if key in known}, stored)
    audit.record("deployment.upgrade", subject(deployment, city), city.id, commit=wanted.commit, version=wanted.version)
    return _change(city, deployment, "upgrade", wanted.commit, wanted.version, config)


def configure(city: City, deployment: Deployment, config: Mapping[str, Any]) -> jobs.Job:
    """The same code with another config, as a new revision. Raises InvalidError by the bundle's schema."""
    refuse_while_changing(city, deployment)
    now_serving = serving(deployment)
    if now_serving is None:
        raise ConflictError(_("Nothing is deployed yet, so there is nothing to configure."))
    schema = now_serving.build.config_schema
    checked = checked_config(schema, config, config_of(now_serving))
    audit.record("deployment.configure", subject(deployment, city), city.id, keys=sorted(checked))
    return _change(city, deployment, "configure", now_serving.commit, now_serving.version, checked)


def rollback(city: City, deployment: Deployment, number: int, with_data: bool) -> jobs.Job:
    """Back to an earlier revision: code and config, and with ``with_data`` the data as that revision left it.

    The data of now is kept as the snapshot of the revision that serves, so this too can be undone.
    """
    refuse_while_changing(city, deployment)
    target = get_revision(deployment, number)
    now_serving = serving(deployment)
    if now_serving and now_serving.id == target.id:
        raise ConflictError(_("Revision %(n)d is serving already.", n=number))
    if with_data and not target.snapshot:
        raise ConflictError(_("There is no snapshot of revision %(n)d; roll back without its data.", n=number))
    audit.record("deployment.rollback", subject(deployment, city), city.id, to=number, with_data=with_data)
    job = jobs.note("rollback", subject(deployment, city), city.id)
    open_switch(deployment, job.id, target, f"snapshots/{number}" if with_data else None)
    return job


def set_enabled(city: City, deployment: Deployment, enabled: bool) -> None:
    """On or off. Never runs the plugin's code; the host does it within a second."""
    if deployment.removed_at and enabled:
        raise ConflictError(_("%(name)s was removed. Put it back first.", name=deployment.name))
    if deployment.enabled == enabled and deployment.state != DeploymentState.CRASHED:
        return
    deployment.enabled, deployment.failures, deployment.state_message = enabled, 0, ""
    if enabled and deployment.state == DeploymentState.CRASHED:
        deployment.state = DeploymentState.OFF
    audit.record("deployment.on" if enabled else "deployment.off", subject(deployment, city), city.id)
    wake_host(deployment.id)


def _change(
    city: City, deployment: Deployment, kind: str, commit: str, version: str, config: Mapping[str, Any]
) -> jobs.Job:
    return jobs.enqueue(
        "hosting.deploy",
        kind,
        subject(deployment, city),
        city.id,
        deployment_id=deployment.id,
        commit=commit,
        version=version,
        config=base64.b64encode(vault().seal(dict(config))).decode(),
    )


def add_revision(
    deployment: Deployment, build: Build, commit: str, version: str, config: bytes, user_id: int | None
) -> Revision:
    highest = select(func.max(Revision.number)).where(Revision.deployment_id == deployment.id)
    revision = Revision(
        tenant_id=deployment.tenant_id,
        deployment_id=deployment.id,
        number=(db.session.scalar(highest) or 0) + 1,
        build=build,
        version=version,
        commit=commit,
        config_sealed=config,
        limits=rules.granted(Manifest.from_json(build.manifest).limits).to_json(),
        created_by=user_id,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def open_switch(deployment: Deployment, job_id: uuid.UUID, target: Revision, data_source: str | None = None) -> Switch:
    """Ask the host for the change; one at a time per deployment, which the database holds too.

    With ``data_source`` (a folder below the deployment's home) the data becomes a copy of that folder.
    """
    switch = Switch(
        tenant_id=deployment.tenant_id,
        deployment_id=deployment.id,
        job_id=job_id,
        from_revision_id=deployment.serving_revision_id,
        to_revision_id=target.id,
        data_source=data_source,
    )
    db.session.add(switch)
    wake_host(deployment.id)
    return switch


def ask_host(deployment: Deployment, kind: ErrandKind, **argument: Any) -> Errand:
    """Ask the host for an errand; the worker's job that wants its result waits for it with `reading.errand_done`."""
    errand = Errand(tenant_id=deployment.tenant_id, deployment_id=deployment.id, kind=kind, argument=argument)
    db.session.add(errand)
    db.session.flush()
    wake_host(deployment.id)
    return errand


def refuse_while_changing(city: City, deployment: Deployment) -> None:
    """Raises ConflictError for a plugin that was taken away, or while a change of it is under way."""
    if deployment.removed_at:
        raise ConflictError(_("%(name)s was removed. Put it back first.", name=deployment.name))
    open_switches = select(Switch.id).where(Switch.deployment_id == deployment.id, Switch.step.in_(OPEN_STEPS))
    if open_job(deployment, city) or db.session.scalar(open_switches):
        raise ConflictError(_("A change of %(name)s is under way. Wait for it to end.", name=deployment.name))
