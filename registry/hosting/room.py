from flask import Flask

from registry.catalog.assistance import seams as assistance
from registry.forge.keeping import removing
from registry.hosting import (
    agreed,
    appointed,
    assisted,
    entry_views,
    jobs,
    models_operations,
    parts,
    proving,
    reading,
    views,
    views_domains,
    views_history,
    views_tasks,
    views_upkeep,
    views_waves,
)
from registry.hosting.glance import add_part
from registry.tenants.agreements import seams
from registry.tenants.people.appointed import list_plugins_by

__all__ = [
    "init_app",
    "jobs",
    "models_operations",
    "proving",
    "views_domains",
    "views_history",
    "views_tasks",
    "views_upkeep",
    "views_waves",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    entry_views.init_app(app)
    parts.init_app(app)
    add_part(app, appointed.people_part, order=90)
    list_plugins_by(app, appointed.plugins)
    assistance.add_plugins(app, assisted.plugins)
    removing.add_use(app, reading.uses_of_fork)
    seams.add_effects(app, agreed.effects)
    seams.add_closer(app, agreed.Closer())
