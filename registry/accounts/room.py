from flask import Flask

from registry.accounts import access, views
from registry.accounts.links import room as links
from registry.accounts.notices import room as notices
from registry.accounts.oidc import room as oidc


def init_app(app: Flask) -> None:
    access.init_app(app)
    app.register_blueprint(views.blueprint)
    notices.init_app(app)
    links.init_app(app)
    oidc.init_app(app)
