"""The one place where what happens in the catalog is announced; who wants to know is told by webhooks."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app

from registry.catalog.models import App
from registry.core import jobs
from registry.core.clock import now

APP_PUBLISHED, APP_UPDATED, APP_DEPRECATED = "app.published", "app.updated", "app.deprecated"
RELEASE_PUBLISHED, RELEASE_YANKED = "release.published", "release.yanked"
EVENTS = (APP_PUBLISHED, APP_UPDATED, APP_DEPRECATED, RELEASE_PUBLISHED, RELEASE_YANKED)
PING = "ping"
"""Only ever sent to the one webhook somebody tries."""

MAX_TEXT = 1000


def announce(event: str, app: App, version: str = "", reason: str = "") -> None:
    """Say inside the unit of work of the act itself what happens: nobody hears of it when that rolls back.

    ``version`` is of the release it is about, ``reason`` why something was withdrawn. The open session needs no scope:
    whose webhooks are meant is found by the worker.
    """
    if event not in EVENTS:
        raise ValueError(f"{event} is not among the events that webhooks may wish for")
    origin = current_app.extensions["lumbung"].origin
    data = told(origin, app, version) | ({"reason": reason[:MAX_TEXT]} if reason else {})
    about: dict[str, Any] = {
        "event": event,
        "at": now().isoformat(),
        "subject": f"{app.slug} {version}".strip(),
        "data": data,
    }
    jobs.defer("open_data.announce", event_id=str(uuid.uuid4()), **about)


def told(origin: str, app: App, version: str) -> dict[str, Any]:
    """What every message says of the app, with where to read more."""
    page = f"{origin}/apps/{app.slug}"
    facts: dict[str, Any] = {
        "app": app.slug, "id": str(app.uid), "name": app.name, "publisher": app.publisher.slug,
        "page": page, "api": f"{origin}/api/v1/apps/{app.slug}",
    }  # fmt: skip
    return facts | ({"version": version, "archive": f"{page}/releases/{version}.tar.gz"} if version else {})
