"""Adds the list of sessions to the accounts' room."""

from flask import Flask

from registry.accounts.sessions import door, views


def init_app(app: Flask) -> None:
    door.init_app(app)
    app.register_blueprint(views.blueprint)
