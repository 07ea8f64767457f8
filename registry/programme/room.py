"""The view over everything, for who runs the programme."""

from flask import Flask

from registry.programme import jobs, models, views  # noqa: F401 registering


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
