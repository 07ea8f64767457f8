"""Assembles ``/api/v1``: every room's resources, one OpenAPI document, Swagger UI from our own static files."""

from flask import Flask

from registry.accounts import api as accounts
from registry.catalog import api as catalog
from registry.extensions import api, csrf
from registry.forge import api as forge
from registry.hosting import api as hosting
from registry.tenants import api as tenants

ROOMS = (accounts, tenants, catalog, forge, hosting)


def init_app(app: Flask) -> None:
    api.init_app(app)
    for room in ROOMS:
        csrf.exempt(room.blueprint)
        api.register_blueprint(room.blueprint)
