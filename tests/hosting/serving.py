"""A plugin that serves, made without a worker and a host."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from registry.core.db import db
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.forge.trees import resolve
from registry.hosting import reading, service
from registry.hosting.models import Build, Deployment, Revision
from registry.tenants.models import City
from tests.hosting.conftest import SCHEMA


def plugin(city: City, tasks: list[dict[str, str]] | None = None, **columns: Any) -> Deployment:
    """``papan`` of this city, serving revision 1; ``columns`` are set on its row."""
    fork = fork_of(city, "papan")
    with unit_of_work() as session:
        sealed = reading.vault().seal("kunci")
        deployment = Deployment(
            tenant_id=city.id, fork_id=fork.id, name="papan", state="waiting", secret_key_sealed=sealed
        )
        for name, value in columns.items():
            setattr(deployment, name, value)
        session.add(deployment)
    commit = resolve(reading.repository_of(city, reading.app_of(deployment)), "main").id
    revise(deployment, commit, tasks=tasks)
    return deployment


def revise(
    deployment: Deployment, commit: str, config: dict[str, Any] | None = None,
    tasks: list[dict[str, str]] | None = None, version: str = "1.0.0", **limits: int,
) -> Revision:  # fmt: skip
    """Another revision, which serves; open jobs end well."""
    with unit_of_work() as session:
        manifest = {"entrypoint": "papan:app", "tasks": tasks or [], "limits": limits, "staff": ["/kerja"]}
        tree = f"{deployment.id:08x}{len(reading.revisions(deployment)):032x}"
        made = Build(tree=tree, lock="", runtime="python-wsgi/1", code_path="x", env_path="y", size_bytes=1,
                     manifest=manifest, config_schema=SCHEMA)  # fmt: skip
        session.add(made)
        session.flush()
        sealed = reading.vault().seal(config or {"title": "Papan", "key": "rahasia"})
        revision = service.add_revision(deployment, made, commit, version, sealed, None)
        deployment.serving_revision_id = revision.id
    end_jobs()
    return revision


def end_jobs(state: str = "done", message: str = "") -> None:
    with unit_of_work():
        for job in db.session.scalars(select(Job).where(Job.finished_at.is_(None))):
            job.state, job.message, job.finished_at = state, message, job.created_at
