"""The worker's part of the forge."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.catalog.trust import proved_words
from registry.catalog.trust import proving as trust
from registry.catalog.trust.checklist import findings
from registry.catalog.trust.proved import Result
from registry.core import jobs
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work
from registry.forge import importing, proofs, proving
from registry.tenants.models import City


@task("forge.import_url")
def import_url(job_id: str, tenant_id: int, url: str, user_id: int | None) -> None:
    """Fetch, inspect, run its tests and release; safe to run again, for a version is published once."""
    jobs.progress(job_id, "fetching", 10, _("Fetching the repository"))
    try:
        with importing.fetched(url) as repository:
            jobs.progress(job_id, "inspecting", 30, _("Looking it over"))
            publisher = db.session.get_one(City, tenant_id)
            proving.try_repository(publisher, repository, "HEAD", user_id, lambda result: _tests(job_id, result))
            jobs.progress(job_id, "publishing", 90, _("Inspecting and publishing"))
            with unit_of_work():
                publisher = db.session.get_one(City, tenant_id)
                published = importing.publish_fetched(publisher, repository, url, user_id, trust.host_is_there())
                told = f"{published.release.app.slug} {published.release.version}"
        left = "\n".join(str(finding) for finding in findings(published.checks))
    except RefusalError as refusal:
        jobs.fail(job_id, refusal.message, "\n".join(str(finding) for finding in refusal.findings))
        return
    jobs.finish(job_id, _("Published: %(release)s", release=told), left)


def _tests(job_id: str, result: Result) -> None:
    percent = 70 if result.running else 50
    jobs.progress(job_id, "testing", percent, proved_words.sentence(result))


@every("forge.complete", "4-59/10 * * * *")
def complete() -> None:
    """Releases from before an upgrade, or signed by a key that leaked, get what they lack."""
    proofs.complete()
