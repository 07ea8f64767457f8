"""Backups of deployments, restore drills, copies for trying, and a city's export."""

from flask import Flask

from registry.backups import export_jobs, export_views, jobs, models

__all__ = ["export_jobs", "init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    app.register_blueprint(export_views.blueprint)
