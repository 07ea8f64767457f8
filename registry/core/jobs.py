"""Long work: enqueued in the transaction that asks for it, with progress a person can leave and come back to.

Procrastinate keeps the queue; the table `jobs` keeps what people see. A job survives a killed worker: procrastinate's
stalled jobs are retried by `registry.core.worker`, so every job's function must be safe to run again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import procrastinate
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.core import audit, scope
from registry.core.clock import now
from registry.core.db import Base, TenantOwned, db
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work

MAX_LOG = 64 * 1024
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"

queue = procrastinate.App(connector=procrastinate.PsycopgConnector())
"""Every room's `jobs.py` registers its tasks here with `@task`; the worker gives it a real connector."""

_asking = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Puts jobs into the queue on a connection it is given: in the worker too, where `queue` can only do it by await."""


class Job(TenantOwned, Base):
    """Seen at ``/jobs/{id}`` and ``/api/v1/jobs/{id}``. ``step`` is a stable code, ``percent`` is 0 to 100."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)

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


application: Flask | None = None
"""The application whose context tasks run in; set once by `registry.core.worker.run`."""


def task(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a worker function under ``{room}.{verb}``.

    It is called in an application context of its own, scoped to the city ``tenant_id``, with keyword arguments of JSON
    values. A refusal ends its job with that message; anything unexpected ends it too and is logged as a fault.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(**arguments: Any) -> None:
            if application is None:
                raise RuntimeError("tasks run in the worker only")
            with application.app_context():
                scope.enter_city(arguments["tenant_id"])
                _run(function, arguments)

        queue.task(name=name)(run)
        return function

    return register


def every(name: str, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a worker function that runs by the clock (cron, UTC), sees every city and is safe to run twice.

    One that is still running is not started again; what goes wrong is logged and tried again at the next time.
    """

    def register(function: Callable[[], None]) -> Callable[[], None]:
        @wraps(function)
        def run(timestamp: int) -> None:
            if application is None:
                raise RuntimeError("tasks run in the worker only")
            with application.app_context():
                scope.enter_programme()
                function()

        queue.periodic(cron=cron)(queue.task(name=name, queueing_lock=name, lock=name)(run))
        return function

    return register


def _run(function: Callable[..., None], arguments: dict[str, Any]) -> None:
    try:
        function(**arguments)
    except RefusalError as refusal:
        db.session.rollback()
        fail(arguments["job_id"], refusal.message, "\n".join(str(finding) for finding in refusal.findings))
    except Exception:
        db.session.rollback()
        logger.exception("job failed", job=arguments["job_id"])
        fail(arguments["job_id"], _("Something went wrong on our side; the operator finds it in the worker's log."))
        raise


def enqueue(work: str, kind: str, subject: str, tenant_id: int, lane: str | None = None, **arguments: Any) -> Job:
    """Ask for the task named ``work`` when the open unit of work commits.

    It is called with ``job_id``, ``tenant_id`` and the given arguments (JSON values). Work of the same ``lane`` is done
    one after the other, so that what is asked for in masses leaves the worker free for others.
    """
    job = note(kind, subject, tenant_id)
    defer(work, lane, job_id=str(job.id), tenant_id=tenant_id, **arguments)
    return job


def defer(work: str, lane: str | None = None, **arguments: Any) -> None:
    """Put the task named ``work`` into the queue when the open unit of work commits, without a row people see."""
    connection = db.session.connection().connection.driver_connection
    _asking.configure_task(work, lock=lane, connection=connection, allow_unknown=True).defer(**arguments)


def note(kind: str, subject: str, tenant_id: int) -> Job:
    """A job that somebody else than the worker does (the host): only its row."""
    job = Job(id=uuid.uuid4(), tenant_id=tenant_id, kind=kind, subject=subject, created_by=audit.actor().id)
    db.session.add(job)
    db.session.flush()
    return job


def progress(job_id: str, step: str, percent: int, message: str = "") -> None:
    """Tell how far it is, in an own short transaction: not to be called inside a unit of work."""
    with unit_of_work():
        job = _job(job_id)
        job.state, job.step, job.percent, job.message = RUNNING, step, percent, message


def finish(job_id: str, message: str = "", log: str = "") -> None:
    with unit_of_work():
        job = _job(job_id)
        job.log = (job.log + log)[-MAX_LOG:]
        _end(job, DONE, message, percent=100)


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
