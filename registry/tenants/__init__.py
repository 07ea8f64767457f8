from flask import Flask

from registry.extensions import api, csrf
from registry.tenants import api as resources
from registry.tenants import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    csrf.exempt(resources.blueprint)
    app.extensions["lumbung.api"].append(resources.blueprint)
