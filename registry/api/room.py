"""Assembles ``/api/v1``: every room's resources, one OpenAPI document, and a page to read and try it."""

from flask import Blueprint, Flask, render_template

from registry.accounts import api as accounts
from registry.accounts.factors import api as factors
from registry.accounts.notices import api as notices
from registry.accounts.sessions import api as sessions
from registry.api.described import LateApi
from registry.api.scoped import Scoped
from registry.backups import api as backups
from registry.backups import export_api as exports
from registry.catalog import api as catalog
from registry.catalog import api_file as publiccode
from registry.catalog.assistance import api as assistance
from registry.catalog.choosing import api as choosing
from registry.catalog.open_data.software import api as software
from registry.catalog.open_data.webhooks import api as webhooks
from registry.catalog.trust import api as trust
from registry.catalog.voices import api_questions as voices
from registry.connect import api as connect
from registry.extensions import csrf
from registry.forge import api as forge
from registry.forge import api_proving as proving
from registry.forge.browsing import api as repositories
from registry.forge.following import api as following
from registry.forge.keeping import api as keeping
from registry.forge.proposals import api as proposals
from registry.forge.serving import api as serving
from registry.forge.signatures import api as signatures
from registry.hosting import api as hosting
from registry.hosting import api_operations as operations
from registry.monitor import api as monitor
from registry.programme import api as programme
from registry.tenants import api as tenants
from registry.tenants import factor_api as second_factors
from registry.tenants.agreements import api as agreements
from registry.tenants.auditing import api as auditing
from registry.tenants.handovers import api as handovers
from registry.tenants.joining import api_regions as joining
from registry.tenants.people import api_units as people
from registry.tenants.signing_in import api as signing_in

ROOMS = (
    accounts, sessions, factors, second_factors, notices,
    tenants, joining, agreements, auditing, handovers, catalog, publiccode, choosing, trust, webhooks, voices,
    assistance, forge,
    repositories, serving, following, proposals, proving, signatures, keeping, hosting, operations, connect, monitor,
    backups, exports, signing_in, people, programme,
)  # fmt: skip

OTHERS = "SOFTWARE_CATALOG"
"""``/v1`` is others' API with a document of its own (`registry.catalog.open_data.software`)."""

api, others_api = LateApi(), LateApi(config_prefix=OTHERS)
pages = Blueprint("api_docs", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    api.init_app(app, spec_kwargs={"extra_plugins": [Scoped()]})
    for room in ROOMS:
        csrf.exempt(room.blueprint)
        api.register_blueprint(room.blueprint)
    app.register_blueprint(pages)
    _serve_others(app)


def _serve_others(app: Flask) -> None:
    told = {"API_TITLE": "Lumbung: Software Catalog API, for reading", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0",
            "OPENAPI_URL_PREFIX": "/v1", "OPENAPI_JSON_PATH": "openapi.json"}  # fmt: skip
    app.config.from_mapping({f"{OTHERS}_{name}": value for name, value in told.items()})
    others_api.init_app(app)
    others_api.register_blueprint(software.blueprint)
    csrf.exempt(software.refusing)
    app.register_blueprint(software.refusing)


@pages.get("/api-docs")
def docs() -> str:
    """Swagger UI over our own OpenAPI document, from our own files. Outside of ``/api/``, where no session counts."""
    return render_template("api/docs.html")
