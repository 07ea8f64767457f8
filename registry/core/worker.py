"""The worker process: runs the tasks that rooms registered with `registry.core.jobs.task`."""

from __future__ import annotations

import procrastinate
from flask import Flask
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from registry.core import jobs
from registry.core import mail as _mail  # noqa: F401 - registers its task
from registry.core.logs import logger

CONCURRENCY = 4
HEARTBEAT, LOST_AFTER = 3.0, 10.0
"""Seconds. A job whose worker has not been heard for `LOST_AFTER` is run again, by this worker or the next."""


def run(app: Flask, database_url: str) -> None:
    """Work until SIGTERM; the job in hand is finished first."""
    jobs.application = app
    logger.info("worker ready", tasks=sorted(jobs.queue.tasks))
    connector = procrastinate.PsycopgConnector(conninfo=database_url, max_size=CONCURRENCY + 2)
    with jobs.queue.replace_connector(connector) as queue:
        queue.run_worker(
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=LOST_AFTER,
            shutdown_graceful_timeout=60.0,
            delete_jobs="successful",
        )


@jobs.queue.periodic(cron="* * * * * */10")
@jobs.queue.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """What a killed worker left as `doing` goes back to the queue (procrastinate leaves this to the application).

    What goes by the clock may wait in the queue again already: then the lost one is only put away.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=LOST_AFTER):
        logger.warning("job retried after its worker was lost", task=job.task_name, job=job.id)
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.FAILED, delete_job=True)
