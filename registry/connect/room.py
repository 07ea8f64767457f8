from flask import Flask

from registry.connect import glance, jobs, views
from registry.hosting.glance import add_part

__all__ = ["init_app", "jobs"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    add_part(app, glance.cells, order=40)
