"""The worker's tasks of this room, in the language of the city they are for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_babel import force_locale

from registry.backups import keeping, making, purging, restoring, scheduling
from registry.core.clock import now
from registry.core.db import db
from registry.core.jobs import every, task
from registry.tenants.models import City


def in_its_language(function: Callable[..., None]) -> Callable[..., None]:
    """What the task says is read by people of its city."""

    @wraps(function)
    def run(**arguments: Any) -> None:
        locale = db.session.get_one(City, arguments["tenant_id"]).locale
        with force_locale(locale):
            function(**arguments)

    return run


@task("backups.make")
@in_its_language
def make(job_id: str, tenant_id: int, backup_id: int) -> None:
    making.run(job_id, backup_id)


@task("backups.drill")
@in_its_language
def drill(job_id: str, tenant_id: int, backup_id: int) -> None:
    restoring.drill(job_id, backup_id)


@task("backups.restore")
@in_its_language
def restore(job_id: str, tenant_id: int, backup_id: int) -> None:
    restoring.restore(job_id, tenant_id, backup_id)


@task("backups.try")
@in_its_language
def try_copy(
    job_id: str, tenant_id: int, source_id: int, deployment_id: int, commit: str, version: str, config: str
) -> None:
    restoring.fill(job_id, tenant_id, source_id, deployment_id, commit, version, config)


@task("backups.purge")
@in_its_language
def purge(job_id: str, tenant_id: int, deployment_id: int) -> None:
    purging.purge(job_id, deployment_id)


@every("backups.due", "*/10 * * * *")
def due() -> None:
    keeping.tidy()
    scheduling.enqueue_due(now())


@every("backups.retain", "41 18 * * *")
def retain() -> None:
    keeping.retain(now())


@every("backups.purge_removed", "11 19 * * *")
def purge_removed() -> None:
    keeping.purge_removed(now())
