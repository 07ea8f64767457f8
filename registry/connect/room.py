from flask import Flask

from registry.connect import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
