"""The worker's part of a deployment: build, record the revision, hand over to the host."""

from __future__ import annotations

import base64
import uuid

from sqlalchemy import select

from registry.catalog.trust import notices
from registry.core import jobs, scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work
from registry.forge.trees import resolve
from registry.hosting import building, domains, driving, reading, service, tasks, withdrawn
from registry.hosting.dns import resolver
from registry.hosting.models import Build, Deployment, Switch
from registry.hosting.models_operations import Domain
from registry.tenants.models import City


@task("hosting.deploy")
def deploy(
    job_id: str,
    tenant_id: int,
    deployment_id: int,
    commit: str,
    version: str,
    config: str,
    data_source: str | None = None,
) -> None:
    """Safe to run again after a kill: a build is made once by content, a job opens one switch."""
    if _handed_over(job_id):
        return
    jobs.progress(job_id, "building", 10)
    with unit_of_work():
        build = _build(deployment_id, tenant_id, commit)
    jobs.progress(job_id, "switching", 50)
    with unit_of_work():
        deployment = db.session.get_one(Deployment, deployment_id)
        asked = db.session.get_one(jobs.Job, uuid.UUID(job_id))
        build = db.session.get_one(Build, build.id)
        sealed = base64.b64decode(config)
        revision = service.add_revision(deployment, build, commit, version, sealed, asked.created_by)
        revision.note = asked.kind
        service.open_switch(deployment, uuid.UUID(job_id), revision, data_source)


def _build(deployment_id: int, tenant_id: int, commit: str) -> Build:
    """The build of this commit: found whole by its content, or made."""
    city = db.session.get_one(City, tenant_id)
    deployment = db.session.get_one(Deployment, deployment_id)
    repository = reading.repository_of(city, reading.app_of(deployment))
    tree = resolve(repository, commit).tree
    for known in db.session.scalars(select(Build).where(Build.tree == tree)):
        if building.is_whole(reading.settings(), known):
            return known
    return building.make(reading.settings(), repository, tree, service.inspect_commit(repository, tree))


def _handed_over(job_id: str) -> bool:
    return db.session.scalar(select(Switch.id).where(Switch.job_id == uuid.UUID(job_id))) is not None


@jobs.queue.task(name=notices.TASK)
def tell_withdrawn(app_id: int, version: str) -> None:
    """Everybody is written to, or nobody yet: one unit of work."""
    if jobs.application is None:
        raise RuntimeError("tasks run in the worker only")
    with jobs.application.app_context():
        scope.enter_programme()
        with unit_of_work():
            withdrawn.tell_all(app_id, version)


@every("hosting.tasks_due", "* * * * *")
def tasks_due() -> None:
    with unit_of_work():
        tasks.enqueue_due(now())


@every("hosting.forget_runs", "17 3 * * *")
def forget_runs() -> None:
    with unit_of_work():
        tasks.forget_old(now())


@every("hosting.waves", "* * * * * */10")
def drive_waves() -> None:
    driving.drive_all()


@every("hosting.domains", "*/5 * * * *")
def check_domains() -> None:
    """DNS is asked between units of work: a slow name server holds no row."""
    asked = [(one.id, one.hostname, one.token) for one in domains.due(now())]
    db.session.rollback()
    for domain_id, hostname, token in asked:
        seen = domains.look(hostname, token, resolver())
        with unit_of_work():
            if domain := db.session.get(Domain, domain_id):
                domains.judge(domain, seen, now())
