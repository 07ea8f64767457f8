from flask import Flask

from registry.accounts import access, views
from registry.accounts.notices import room as notices


def init_app(app: Flask) -> None:
    access.init_app(app)
    app.register_blueprint(views.blueprint)
    notices.init_app(app)
