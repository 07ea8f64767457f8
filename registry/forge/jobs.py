"""The worker's part of the forge."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.catalog.trust.checklist import findings
from registry.core import jobs
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work
from registry.forge import importing, proofs
from registry.forge.publishing import publish_commit
from registry.tenants.models import City


@task("forge.import_url")
def import_url(job_id: str, tenant_id: int, url: str, user_id: int | None) -> None:
    """Fetch, inspect and release; safe to run again, for a version is published once."""
    jobs.progress(job_id, "fetching", 10, _("Fetching the repository"))
    try:
        with importing.fetched(url) as repository:
            jobs.progress(job_id, "inspecting", 60, _("Inspecting and publishing"))
            with unit_of_work():
                publisher = db.session.get_one(City, tenant_id)
                names = (importing.name_in(url),)
                published = publish_commit(publisher, repository, "HEAD", names, user_id)
                told = f"{published.release.app.slug} {published.release.version}"
        left = "\n".join(str(finding) for finding in findings(published.checks))
    except RefusalError as refusal:
        jobs.fail(job_id, refusal.message, "\n".join(str(finding) for finding in refusal.findings))
        return
    jobs.finish(job_id, _("Published: %(release)s", release=told), left)


@every("forge.complete", "4-59/10 * * * *")
def complete() -> None:
    """Releases from before an upgrade, or signed by a key that leaked, get what they lack."""
    proofs.complete()
