"""Adds the audit log to the cities' room."""

from __future__ import annotations

from flask import Flask

from registry.tenants.auditing import jobs, models, views  # noqa: F401 registering


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
