from flask import Flask

from registry.accounts import access, jobs, views, views_tokens
from registry.accounts.factors import room as factors
from registry.accounts.links import room as links
from registry.accounts.notices import room as notices
from registry.accounts.oidc import room as oidc
from registry.accounts.sessions import room as sessions

__all__ = ["init_app", "jobs", "views_tokens"]


def init_app(app: Flask) -> None:
    access.init_app(app)
    sessions.init_app(app)
    factors.init_app(app)
    app.register_blueprint(views.blueprint)
    notices.init_app(app)
    links.init_app(app)
    oidc.init_app(app)
