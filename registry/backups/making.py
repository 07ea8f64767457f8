"""The worker's part of one backup: the host copies the data aside, restic keeps the copy, the row says so.

Every step may be killed and done again: the copy is asked for once per job, a snapshot nobody recorded is forgotten by
`keeping.retain`, and the row changes to ``kept`` in one transaction.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable

from flask_babel import gettext as _

from registry.backups import folders, restic, rules
from registry.backups.asking import copied, require_host
from registry.backups.folders import Way
from registry.backups.models import FAILED, KEPT, MAKING, Backup
from registry.catalog import labels
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, RefusalError
from registry.core.uow import unit_of_work
from registry.host.data import measure
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import DeploymentPaths
from registry.tenants.models import City

TOLD_EVERY = 2.0
"""Seconds between two notes of progress."""


def run(job_id: str, backup_id: int) -> None:
    """Make one backup and end its job; a row that is done already is only tidied up after."""
    backup = db.session.get_one(Backup, backup_id)
    way = folders.out(hosting.settings(), backup.deployment_id, job_id)
    if backup.state == MAKING:
        try:
            _make(job_id, backup, way)
        except Exception as error:
            _failed(backup_id, error)
            way.drop()
            raise
    way.drop()
    backup = db.session.get_one(Backup, backup_id)
    if backup.state != KEPT:
        raise ConflictError(backup.message)
    jobs.finish(job_id, _("Kept: %(size)s in %(files)d files.", size=labels.size(backup.bytes), files=backup.files))


def _make(job_id: str, backup: Backup, way: Way) -> None:
    settings, backup_id = hosting.settings(), backup.id
    jobs.progress(job_id, "copying", 5)
    deployment = db.session.get_one(Deployment, backup.deployment_id)
    repository = restic.open_repository(settings)
    size = measure(DeploymentPaths(settings.data, deployment.id).data).size
    folders.require_room(settings, rules.room_needed(size, repository.remote))
    require_host()
    repository.prepare()
    revision = db.session.get_one(Revision, copied(deployment, way))
    folders.require_honest_size(way.folder, int(revision.limits["disk"]))
    _write_manifest(way, deployment, revision)
    tags = _tags(job_id, deployment)
    revision_id = revision.id
    jobs.progress(job_id, "keeping", 40)
    made = repository.backup(way.folder, way.names, tags, _teller(job_id, "keeping", 40, 95))
    with unit_of_work():
        row = db.session.get_one(Backup, backup_id)
        row.state, row.made_at, row.revision_id = KEPT, now(), revision_id
        row.snapshot, row.bytes, row.files = made.snapshot, made.size, made.files


def _failed(backup_id: int, error: Exception) -> None:
    """The row says why; the last good backup is untouched by it."""
    db.session.rollback()
    told = error.message if isinstance(error, RefusalError) else _("Something went wrong on our side.")
    with unit_of_work():
        row = db.session.get_one(Backup, backup_id)
        row.state, row.message = FAILED, told


def _tags(job_id: str, deployment: Deployment) -> list[str]:
    city = db.session.get_one(City, deployment.tenant_id)
    return ["plugin", f"city-{city.slug}", f"name-{deployment.name}", f"deployment-{deployment.id}", f"job-{job_id}"]


def _write_manifest(way: Way, deployment: Deployment, revision: Revision) -> None:
    """What makes the data whole again: the code it belongs to, and the config as stored (sealed)."""
    city, build = db.session.get_one(City, deployment.tenant_id), revision.build
    told = {
        "format": 1,
        "city": {"code": city.code, "slug": city.slug, "name": city.name},
        "plugin": deployment.name,
        "app": hosting.app_of(deployment).slug,
        "revision": revision.number,
        "version": revision.version,
        "commit": revision.commit,
        "tree": build.tree,
        "lock": build.lock,
        "runtime": build.runtime,
        "store": build.manifest.get("store", "sqlite"),
        "limits": revision.limits,
        "config_sealed": base64.b64encode(revision.config_sealed).decode(),
        "made_at": now().isoformat(),
    }
    written = way.folder / folders.MANIFEST
    written.touch(mode=0o600)
    written.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def _teller(job_id: str, step: str, start: int, end: int) -> Callable[[float], None]:
    """Notes progress between two percentages, not more often than people look."""
    last = time.monotonic()

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TOLD_EVERY:
            last = time.monotonic()
            jobs.progress(job_id, step, start + int(share * (end - start)))

    return tell
