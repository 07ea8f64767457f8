from flask import Flask

from registry.hosting import entry_views, jobs, models_operations, views

__all__ = ["init_app", "jobs", "models_operations"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    entry_views.init_app(app)
