"""The worker's part of a run of tests: their tree and what they run in are built, then the host takes them up."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.catalog.trust import proving
from registry.catalog.trust.models import OPEN, Proving
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError, RefusalError
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work, wake_host
from registry.forge.proving import opened
from registry.hosting import building, reading, service
from registry.hosting.models import Build
from registry.tenants.models import City

TREES_KEPT, ENVIRONMENTS_KEPT = timedelta(days=1), timedelta(days=7)
"""After the last run in them. What is asked for again is built again."""


@task(proving.TASK)
def prove(job_id: str, tenant_id: int, proving_id: int) -> None:
    """Safe to run again after a kill: folders are made once by content, and the host is handed it once."""
    if not _is_open(proving_id):
        return
    jobs.progress(job_id, "building", 10, _("Preparing what its tests run in"))
    try:
        environment = _built(db.session.get_one(City, tenant_id), proving.get(proving_id))
    except Exception as error:
        db.session.rollback()
        with unit_of_work():
            proving.give_up(proving.get(proving_id), *_why(error))
        raise
    jobs.progress(job_id, "pending", 40, _("Waiting for the plugin host"))
    with unit_of_work():
        proving.take_up(proving.get(proving_id), environment)
        wake_host(f"proving {proving_id}")


@every("hosting.forget_tested", "41 3 * * *")
def forget_tested() -> None:
    """What was built for tests alone and is not used any more leaves the disk."""
    last = func.max(func.coalesce(Proving.finished_at, now()))
    running = select(Proving.tree).where(Proving.state.in_(OPEN))
    trees = select(Proving.tree).group_by(Proving.tree).having(last < now() - TREES_KEPT)
    trees = trees.where(Proving.tree.not_in(select(Build.tree)), Proving.tree.not_in(running))
    environments = select(Proving.environment).where(Proving.environment != "").group_by(Proving.environment)
    environments = environments.having(last < now() - ENVIRONMENTS_KEPT)
    for kind, wanted in (("code", trees), ("env", environments)):
        for name in db.session.scalars(wanted).all():
            building.forget(reading.settings(), kind, name)


def _why(error: Exception) -> tuple[str, str]:
    """A reason and its blank: whatever went wrong, the run must not stay open."""
    if isinstance(error, NotFoundError):
        return "source", ""
    return "build", error.message if isinstance(error, RefusalError) else type(error).__name__


def _is_open(proving_id: int) -> bool:
    found = proving.get(proving_id)
    return not found.ended and not found.environment


def _built(city: City, asked: Proving) -> str:
    """The environment's name. Raises InvalidError; NotFoundError when its source is not kept any more."""
    settings = reading.settings()
    with opened(city, asked.source) as (repository, tree):
        if tree != asked.tree:
            raise NotFoundError(_("What was to be tested is not kept any more: look it over again."))
        inspection = service.inspect_commit(repository, tree)
        building.ensure_code(settings, repository, tree)
        return building.ensure_test_environment(settings, asked.runtime, inspection.requirements).name
