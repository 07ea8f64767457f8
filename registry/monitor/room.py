"""Figures, logs and alerts of plugins."""

from flask import Flask

from registry.hosting import alerts
from registry.hosting import glance as hosting
from registry.monitor import glance, jobs, models, prometheus, views

__all__ = ["alerts", "init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    hosting.add_part(app, glance.cells)
    prometheus.init()
