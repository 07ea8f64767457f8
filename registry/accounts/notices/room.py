from flask import Flask

from registry.accounts.notices import jobs, models, views

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
