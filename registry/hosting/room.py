from flask import Flask

from registry.hosting import jobs, views

__all__ = ["init_app", "jobs"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
