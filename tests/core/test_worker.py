"""What a killed worker left is done by the next, whatever else waits in the queue."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import procrastinate
import pytest
from sqlalchemy import create_engine, text

from registry.core import jobs, worker
from registry.core.db import db
from registry.core.uow import unit_of_work


@pytest.fixture
def left(app, clean, settings):
    """A lost worker with two jobs: one of somebody's, one by the clock that waits in the queue again already."""
    engine = create_engine(settings.owner_url)
    with engine.begin() as connection:
        lost = connection.execute(
            text("insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id")
        ).scalar_one()
        add = text(
            "insert into procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args, status, worker_id) "
            "values ('default', :task, 0, :lock, '{}', cast(:status as procrastinate_job_status), :worker)"
        )
        for task, lock, status, by in (
            ("by.the.clock", "by.the.clock", "doing", lost),
            ("by.the.clock", "by.the.clock", "todo", None),
            ("of.somebody", None, "doing", lost),
        ):
            connection.execute(add, {"task": task, "lock": lock, "status": status, "worker": by})
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("truncate procrastinate_jobs, procrastinate_workers cascade")
    engine.dispose()


async def retry(url: str) -> None:
    connector = procrastinate.PsycopgConnector(conninfo=url)
    with jobs.queue.replace_connector(connector) as queue:
        async with queue.open_async():
            await worker.retry_stalled.func(SimpleNamespace(app=queue), 0)


def test_a_lost_job_by_the_clock_holds_up_no_other(left, settings):
    asyncio.run(retry(settings.database_url.replace("+psycopg", "")))
    with left.connect() as connection:
        rows = connection.execute(
            text("select task_name, status::text from procrastinate_jobs order by task_name")
        ).all()
    assert [tuple(row) for row in rows] == [("by.the.clock", "todo"), ("of.somebody", "todo")]


async def ask_from_a_job(app, url: str) -> None:
    """As a job does: in a thread of the worker, whose queue is open and asynchronous."""
    with jobs.queue.replace_connector(procrastinate.PsycopgConnector(conninfo=url)) as queue:
        async with queue.open_async():
            await asyncio.to_thread(ask, app)


def ask(app) -> None:
    with app.app_context(), unit_of_work():
        jobs.defer("of.a.job", lane="one", number=1)


def test_a_job_may_ask_for_another(app, clean, settings):
    asyncio.run(ask_from_a_job(app, settings.database_url.replace("+psycopg", "")))
    with app.app_context():
        row = db.session.execute(text("select task_name, lock, args from procrastinate_jobs")).one()
    assert tuple(row) == ("of.a.job", "one", {"number": 1})
