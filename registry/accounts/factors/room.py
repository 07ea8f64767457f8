"""Adds second factors to the accounts' room."""

from flask import Flask

from registry.accounts.factors import gate, views, views_steps

PAGES = (views, views_steps)
"""They share the one blueprint that `views` makes."""


def init_app(app: Flask) -> None:
    gate.init_app(app)
    app.register_blueprint(views.blueprint)
