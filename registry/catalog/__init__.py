from flask import Flask

from registry.hosting import plain as plain  # first, because that room imports this one

# isort: split
from registry.catalog import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
