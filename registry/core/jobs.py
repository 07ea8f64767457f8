"""Long work: enqueued in the transaction that asks for it, with progress a person can leave and come back to.

Procrastinate keeps the queue; the table `jobs` keeps what people see. A job survives a killed worker: procrastinate's
stalled jobs are retried by `registry.core.worker`, so every job's function must be safe to run again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import procrastinate
from sqlalchemy import SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.core import audit
from registry.core.clock import now
from registry.core.db import Base, TenantOwned, db
from registry.core.uow import unit_of_work

MAX_LOG = 64 * 1024
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"

blueprint = procrastinate.Blueprint()
"""Every room's `jobs.py` registers its tasks here with `@task`."""


class Job(TenantOwned, Base):
    """Seen at ``/jobs/{id}`` and ``/api/v1/jobs/{id}``. ``step`` is a stable code, ``percent`` is 0 to 100."""

    __tablename__ = "jobs"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=QUEUED)
    step: Mapped[str] = mapped_column(Text, default="")
    percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    log: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]

    @property
    def finished(self) -> bool:
        return self.state in (DONE, FAILED)


def task(name: str) -> Callable[[Callable[..., None]], Any]:
    """Register a worker function under ``{room}.{verb}``; it is called with keyword arguments of JSON values."""
    return blueprint.task(name=name)  # type: ignore[no-any-return]


def enqueue(work: Any, kind: str, subject: str, tenant_id: int, **arguments: Any) -> Job:
    """Ask for ``work(job_id=…, tenant_id=…, **arguments)`` when the open unit of work commits."""
    job = Job(id=uuid.uuid4(), tenant_id=tenant_id, kind=kind, subject=subject, created_by=audit.actor().id)
    db.session.add(job)
    db.session.flush()
    connection = db.session.connection().connection.driver_connection
    work.configure(connection=connection).defer(job_id=str(job.id), tenant_id=tenant_id, **arguments)
    return job


def progress(job_id: str, step: str, percent: int, message: str = "") -> None:
    """Tell how far it is, in an own short transaction: not to be called inside a unit of work."""
    with unit_of_work():
        job = _job(job_id)
        job.state, job.step, job.percent, job.message = RUNNING, step, percent, message


def finish(job_id: str, message: str = "") -> None:
    with unit_of_work():
        _end(_job(job_id), DONE, message, percent=100)


def fail(job_id: str, message: str, log: str = "") -> None:
    """End it with what went wrong and what to do, in words for who asked; ``log`` is kept up to its last 64 kB."""
    with unit_of_work():
        job = _job(job_id)
        job.log = (job.log + log)[-MAX_LOG:]
        _end(job, FAILED, message, percent=job.percent)


def _end(job: Job, state: str, message: str, percent: int) -> None:
    job.state, job.message, job.percent, job.finished_at = state, message, percent, now()


def _job(job_id: str) -> Job:
    return db.session.get_one(Job, uuid.UUID(job_id))
