"""The worker's part of a city's export."""

from __future__ import annotations

import uuid

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.backups import export_archive, export_service
from registry.core import jobs
from registry.core.db import db
from registry.core.jobs import every, task
from registry.tenants.models import City


@task("backups.export")
def export(job_id: str, tenant_id: int) -> None:
    """Safe to run again: the archive gets its name when it is whole."""
    city = db.session.get_one(City, tenant_id)
    with force_locale(city.locale):
        target = export_service.path_of(city, uuid.UUID(job_id))
        made = export_archive.write(city, target, job_id, False, lambda step, share: jobs.progress(job_id, step, share))
        message = _("%(plugins)d plugins and %(forks)d forks.", plugins=len(made.plugins), forks=len(made.forks))
        if made.left_out:
            message += " " + _("Left out: %(what)s", what="; ".join(made.left_out[:10]))
        jobs.finish(job_id, message)


@every("backups.remove_exports", "23 * * * *")
def remove_exports() -> None:
    export_service.remove_old()
