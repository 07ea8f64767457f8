"""A city's plugins from an archive: off, with their settings, their data put in place by the plugin host."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups import folders
from registry.backups.import_records import read
from registry.core import audit, jobs
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.jobs import Job
from registry.core.uow import after_rollback
from registry.forge.service import fork_of
from registry.forge.trees import resolve
from registry.host.copying import copy
from registry.hosting import reading, rules
from registry.hosting.models import Deployment
from registry.hosting.plain import FIRST_UID, DeploymentState
from registry.tenants.models import City, Opd

KIND = "import"


def check(folder: Path, name: str, forks: tuple[str, ...]) -> None:
    """Raises InvalidError or FormatError when `bring` would refuse."""
    told = read(folder, f"plugins/{name}/plugin.json", dict)
    read(folder, f"plugins/{name}/config.json", dict)
    if rules.name_problem(name) or told.get("app") not in forks:
        raise InvalidError(_("The plugin %(name)s has no usable name, or no fork in the archive.", name=name[:60]))


def bring(folder: Path, city: City, name: str) -> Job | None:
    """The job that builds it and hands its data to the host; None when the city has this plugin already.

    One whose import failed before is tried again.
    """
    deployment = db.session.scalar(select(Deployment).where(Deployment.tenant_id == city.id, Deployment.name == name))
    if deployment is not None and (deployment.serving_revision_id or reading.open_job(deployment, city)):
        return None
    told: Mapping[str, Any] = read(folder, f"plugins/{name}/plugin.json", dict)
    config = read(folder, f"plugins/{name}/config.json", dict)
    deployment = deployment or _made(city, name, told)
    commit = resolve(reading.repository_of(city, reading.app_of(deployment)), str(told["commit"])).id
    version = str(told.get("version") or commit[:10])[:80]
    sealed = base64.b64encode(reading.vault().seal(config)).decode()
    job = jobs.enqueue(
        "backups.import", KIND, reading.subject(deployment, city), city.id,
        deployment_id=deployment.id, commit=commit, version=version, config=sealed,
    )  # fmt: skip
    _place(folder / "plugins" / name, deployment, job)
    return job


def _made(city: City, name: str, told: Mapping[str, Any]) -> Deployment:
    unit = db.session.scalar(select(Opd.id).where(Opd.tenant_id == city.id, Opd.name == str(told.get("unit") or "")))
    deployment = Deployment(
        tenant_id=city.id,
        fork_id=fork_of(city, str(told["app"])).id,
        opd_id=unit,
        name=name,
        enabled=False,
        state=DeploymentState.OFF,
        secret_key_sealed=reading.vault().seal(secrets.token_urlsafe(48)),
    )
    db.session.add(deployment)
    db.session.flush()
    audit.record("deployment.create", reading.subject(deployment, city), city.id, imported=True)
    return deployment


def _place(source: Path, deployment: Deployment, job: Job) -> None:
    """The data where its job finds it (`registry.backups.import_jobs`)."""
    if not (source / folders.DATA).is_dir():
        return
    way = folders.back(reading.settings(), deployment.id, str(job.id))
    way.make()
    after_rollback(way.drop)
    owner = FIRST_UID + deployment.id if os.getuid() == 0 else None
    copy(source / folders.DATA, way.folder / folders.DATA, owner)
    if (source / folders.DUMP).is_file():
        shutil.copyfile(source / folders.DUMP, way.folder / folders.DUMP)
