from flask import Flask

from registry.accounts import access, views


def init_app(app: Flask) -> None:
    access.init_app(app)
    app.register_blueprint(views.blueprint)
