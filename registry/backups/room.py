"""Backups of deployments, restore drills, copies for trying, and a city's export."""

from collections.abc import Mapping, Sequence

from flask import Flask

from registry.backups import export_jobs, export_views, import_jobs, jobs, models, reading, views, views_trials, words
from registry.hosting import glance
from registry.hosting.models import Deployment
from registry.tenants.models import City

__all__ = ["export_jobs", "import_jobs", "init_app", "jobs", "models", "views_trials"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(export_views.blueprint)
    glance.add_part(app, _glance, order=40)


def _glance(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[glance.Cell]]:
    """In the list of plugins and on each plugin's overview: how old its last good backup is."""
    return {key: [words.cell(city, facts)] for key, facts in reading.facts(deployments).items()}
