"""Assembles ``/api/v1``: every room's resources, one OpenAPI document, and a page to read and try it."""

from flask import Blueprint, Flask, render_template

from registry.accounts import api as accounts
from registry.backups import api as backups
from registry.backups import export_api as exports
from registry.catalog import api as catalog
from registry.catalog.open_data.webhooks import api as webhooks
from registry.connect import api as connect
from registry.extensions import api, csrf
from registry.forge import api as forge
from registry.hosting import api as hosting
from registry.hosting import api_operations as operations
from registry.monitor import api as monitor
from registry.tenants import api as tenants

ROOMS = (accounts, tenants, catalog, webhooks, forge, hosting, operations, connect, monitor, backups, exports)

pages = Blueprint("api_docs", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    api.init_app(app)
    for room in ROOMS:
        csrf.exempt(room.blueprint)
        api.register_blueprint(room.blueprint)
    app.register_blueprint(pages)


@pages.get("/api-docs")
def docs() -> str:
    """Swagger UI over our own OpenAPI document, from our own files. Outside of ``/api/``, where no session counts."""
    return render_template("api/docs.html")
