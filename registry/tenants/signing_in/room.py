"""Adds a city's own sign-in to the cities' room."""

from flask import Flask

from registry.accounts.oidc.service import relate_by
from registry.tenants.signing_in import service, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    relate_by(app, service.relation)
    app.jinja_env.globals["cities_sign_in"] = service.count_offered
