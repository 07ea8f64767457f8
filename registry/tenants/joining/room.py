"""Adds signing up to the cities' room."""

from __future__ import annotations

from flask import Flask

from registry.accounts.links import rules as link_rules
from registry.accounts.links import service as links
from registry.tenants.joining import (  # noqa: F401 registering
    console_views,
    jobs,
    proving,
    queue_views,
    region_views,
    views,
)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    links.on_accept(app, link_rules.ADDRESS, proving.accept, proving.describe)
