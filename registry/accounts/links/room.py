"""Adds links by mail to the accounts' room."""

from flask import Flask

from registry.accounts.links import jobs, views  # noqa: F401 registering


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
