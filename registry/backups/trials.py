"""Trying an upgrade on a copy: a deployment of its own, with a copy of the data, that only staff may enter.

It has no way out and sends no mail (the host sees to that by ``trial_of``); after `rules.TRIAL_LIFE` it is purged.
Called inside a unit of work by somebody who entered the city's scope.
"""

from __future__ import annotations

import base64
import secrets

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups import folders, reading, rules
from registry.catalog import agreed
from registry.core import audit, jobs
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.hosting import checking
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment
from registry.hosting.plain import DeploymentState
from registry.hosting.rules import MAX_NAME
from registry.tenants.agreements.service import require_active_pks
from registry.tenants.models import City


def try_copy(city: City, deployment: Deployment, ref: str = "main") -> jobs.Job:
    """A copy of the plugin, its data and its settings, running the fork's ``ref``; answers with the job to watch.

    Raises AgreementNeededError, ConflictError, InvalidError for a bundle or settings that do not fit, NotFoundError.
    """
    require_active_pks(city, agreed.name_in_scope(hosting.app_of(deployment), city))
    source = _require_source(city, deployment)
    wanted = changes.candidate(city, hosting.app_of(deployment), ref)
    known = wanted.schema.get("properties") or {}
    stored = hosting.config_of(source)
    config = checking.checked_config(wanted.schema, {key: stored[key] for key in stored if key in known}, stored)
    trial = _made(city, deployment)
    audit.record("deployment.try", hosting.subject(deployment, city), city.id, commit=wanted.commit, copy=trial.name)
    return jobs.enqueue(
        "backups.try",
        "trial",
        hosting.subject(trial, city),
        city.id,
        source_id=deployment.id,
        deployment_id=trial.id,
        commit=wanted.commit,
        version=wanted.version,
        config=base64.b64encode(hosting.vault().seal(config)).decode(),
    )


def adopt(city: City, trial: Deployment) -> jobs.Job:
    """Upgrade the plugin itself to what its copy serves; its own data and settings stay. Raises ConflictError."""
    original, served = reading.original_of(trial), hosting.serving(trial)
    if original is None:
        raise NotFoundError(_("The plugin this is a copy of is not there any more."))
    if served is None:
        raise ConflictError(_("Nothing of %(name)s serves yet.", name=trial.name))
    return changes.upgrade(city, original, served.commit)


def _require_source(city: City, deployment: Deployment) -> changes.Revision:
    served = hosting.serving(deployment)
    if served is None or deployment.trial_of or deployment.removed_at:
        raise ConflictError(_("Only a plugin that serves can be copied for trying."))
    changes.refuse_while_changing(city, deployment)
    last = reading.fact(deployment).last
    folders.require_room(hosting.settings(), rules.room_needed(last.bytes if last else 0, remote=False))
    return served


def _made(city: City, deployment: Deployment) -> Deployment:
    name = rules.trial_name(deployment.name, MAX_NAME)
    if db.session.scalar(select(Deployment.id).where(Deployment.tenant_id == city.id, Deployment.name == name)):
        raise ConflictError(_("There is a copy for trying already: %(name)s. Remove it first.", name=name))
    trial = Deployment(
        tenant_id=city.id,
        fork_id=deployment.fork_id,
        opd_id=deployment.opd_id,
        name=name,
        trial_of=deployment.id,
        state=DeploymentState.OFF,
        secret_key_sealed=hosting.vault().seal(secrets.token_urlsafe(48)),
    )
    db.session.add(trial)
    db.session.flush()
    return trial
