"""Who runs what is withdrawn must hear of it: asked for in the unit of work of the act itself."""

from __future__ import annotations

from typing import Final

from registry.catalog.models import App
from registry.core import jobs

TASK: Final = "hosting.tell_withdrawn"
"""Which cities run it is known by their plugins, a room above: its worker finds them and writes to their admins."""


def tell_runners(app: App, version: str = "") -> None:
    """Of a withdrawn release, or with ``version`` "" of an app that is being retired."""
    jobs.defer(TASK, app_id=app.id, version=version)
