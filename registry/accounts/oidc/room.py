"""Adds signing in with OpenID Connect to the accounts' room."""

from flask import Flask

from registry.accounts.oidc import service, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["installation_provider"] = service.installation
