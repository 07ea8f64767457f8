"""What could not be told at once because somebody was written to within the hour."""

from __future__ import annotations

from registry.catalog.models import App
from registry.catalog.voices import notices
from registry.core import jobs
from registry.core.db import db
from registry.core.uow import unit_of_work


@jobs.every("voices.tell", "*/10 * * * *")
def tell() -> None:
    """App by app."""
    for app_id in notices.apps_to_tell():
        with unit_of_work():
            app = db.session.get_one(App, app_id)
            notices.tell_publisher(app)
            notices.tell_askers(app)
