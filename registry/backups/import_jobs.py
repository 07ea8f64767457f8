"""The worker's part of a plugin's import."""

from __future__ import annotations

from registry.backups import folders
from registry.core.jobs import task
from registry.hosting import jobs as hosting_jobs
from registry.hosting import reading


@task("backups.import")
def bring(job_id: str, tenant_id: int, deployment_id: int, commit: str, version: str, config: str) -> None:
    """Build it and hand over to the host, which makes the data that came along its own and ends the job."""
    way = folders.back(reading.settings(), deployment_id, job_id)
    hosting_jobs.deploy(
        job_id=job_id,
        tenant_id=tenant_id,
        deployment_id=deployment_id,
        commit=commit,
        version=version,
        config=config,
        data_source=way.data if folders.DATA in way.names else None,
    )
