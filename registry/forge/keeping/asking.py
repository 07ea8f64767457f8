"""Long work of keeping, asked for by people: each is a job they may watch. Within a unit of work."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import audit, jobs
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.jobs import Job
from registry.forge import storage
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.service import demand_room
from registry.forge.models import Fork
from registry.tenants.models import City

LANE = "forge.keep"
DETACH, CHECK = "detach", "storage"


def ask_detach(city: City, fork: Fork) -> Job:
    """Make the fork whole. Raises ConflictError when it is, or is on its way; QuotaError when the city has no room."""
    place, slug = storage.here(), fork.app.slug
    if is_whole(city, fork):
        raise ConflictError(_("This fork is whole already: it borrows nothing."))
    demand_room(city, measure(place.pool(slug)).bytes)
    return _ask("forge.detach", city, slug)


def ask_attach(city: City, fork: Fork) -> Job:
    """Let it borrow again. Raises ConflictError when it does, or is on its way."""
    if not is_whole(city, fork):
        raise ConflictError(_("This fork borrows from its original already."))
    return _ask("forge.attach", city, fork.app.slug)


def ask_check(publisher: City, app: str, repair: bool, deep: bool) -> Job:
    """Check all repositories, or those of ``app``. Raises ConflictError while one is being done."""
    subject = app or "*"
    _once(publisher, CHECK, subject)
    audit.record("repository.check", subject, tenant_id=publisher.id, repair=repair, deep=deep)
    return jobs.enqueue("forge.check", CHECK, subject, publisher.id, LANE, app=app, repair=repair, deep=deep)


def is_whole(city: City, fork: Fork) -> bool:
    """Whether it borrows nothing; of one that is not on the disk nothing can be said."""
    repository = storage.here().fork(city.slug, fork.app.slug)
    return repository.exists() and not measure(repository).borrows


def open_job(city: City, kind: str, subject: str) -> Job | None:
    wanted = select(Job).where(Job.tenant_id == city.id, Job.kind == kind, Job.finished_at.is_(None))
    return db.session.scalar(wanted.where(Job.subject == subject).limit(1))


def _ask(work: str, city: City, app: str) -> Job:
    subject = f"{city.slug}/{app}"
    _once(city, DETACH, subject)
    audit.record(work.replace("forge.", "fork."), subject, tenant_id=city.id)
    return jobs.enqueue(work, DETACH, subject, city.id, LANE, app=app)


def _once(city: City, kind: str, subject: str) -> None:
    if open_job(city, kind, subject):
        raise ConflictError(_("This is being done already."))
