"""The worker's part of keeping up: syncs, and telling cities of releases."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.catalog.models import Release
from registry.core import audit, jobs, scope
from registry.core.audit import Actor
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work
from registry.forge.following import distances, notices, service, working
from registry.forge.following.models import Sync
from registry.forge.models import Fork
from registry.tenants.models import City

BATCH = 20
"""Forks counted in one unit of work."""


@task(service.TASK)
def sync(job_id: str, tenant_id: int, sync_id: int) -> None:
    """Each step is found done or done again: the worker may be killed at any of them."""
    city = db.session.get_one(City, tenant_id)
    found = db.session.get_one(Sync, sync_id)
    fork = db.session.get_one(Fork, found.fork_id)
    _act_as(found)
    try:
        jobs.progress(job_id, "merging", 20, _("Joining the changes and checking what comes of it"))
        working.prepare(city, fork, sync_id)
        jobs.progress(job_id, "moving", 70, _("Moving main"))
        working.move(city, fork, sync_id)
    except RefusalError:
        db.session.rollback()
        with unit_of_work():
            working.undo(sync_id)
        raise
    with unit_of_work():
        done = working.settle(city, fork, sync_id)
        told = _told(done)
    distances.of(city, fork)
    jobs.finish(job_id, told)


def _act_as(found: Sync) -> None:
    user = db.session.get(User, found.started_by) if found.started_by else None
    audit.act_as(Actor(user.id, user.name) if user else audit.SYSTEM)


def _told(done: Sync) -> str:
    brought = _("The fork has %(label)s now.", label=done.label)
    if not done.safety:
        return brought
    return brought + " " + _("What main was before is kept in the branch %(name)s.", name=done.safety)


@jobs.queue.task(name=notices.TASK)
def tell_release(release_id: int) -> None:
    """Safe to run again: who was told is not told twice, what was begun is not begun twice.

    Counting and beginning are short units of work, so that no page waits for the last of many forks.
    """
    if jobs.application is None:
        raise RuntimeError("tasks run in the worker only")
    with jobs.application.app_context():
        scope.enter_programme()
        _count_anew(release_id)
        with unit_of_work():
            notices.tell(release_id)
        for fork_id in notices.willing(release_id):
            with unit_of_work():
                notices.follow_by_itself(fork_id)


def _count_anew(release_id: int) -> None:
    """Every count of the app's forks is stale: nobody's page is to wait for it."""
    release = db.session.get(Release, release_id)
    forks = [fork.id for fork in notices.forks_of(release.app_id)] if release else []
    for start in range(0, len(forks), BATCH):
        wanted = select(Fork).where(Fork.id.in_(forks[start : start + BATCH]))
        distances.measure([(fork.city, fork) for fork in db.session.scalars(wanted)])


@every("forge.news_digest", "*/10 * * * *")
def digest() -> None:
    """Ordinary releases of the last minutes, in one message per city."""
    with unit_of_work():
        notices.send_digests()
