"""The web application: every room in one Flask app."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.accounts import room as accounts
from registry.accounts import scopes
from registry.api import room as api
from registry.backups import room as backups
from registry.bare import bare_app
from registry.catalog import room as catalog
from registry.config import Settings, from_environment
from registry.connect import room as connect
from registry.core import health, secrets
from registry.core.routing import LateRule
from registry.extensions import csrf, login_manager
from registry.forge import room as forge
from registry.hosting import room as hosting
from registry.monitor import room as monitor
from registry.programme import room as programme
from registry.tenants import room as tenants
from registry.web import room as web

ROOMS = (accounts, tenants, catalog, forge, hosting, connect, backups, monitor, programme, web, api)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole registry as one WSGI application; each room's ``init_app`` adds its own part."""
    settings = settings or from_environment()
    app = bare_app(settings)
    app.url_rule_class = LateRule
    app.config.from_mapping(flask_config(settings))
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    csrf.init_app(app)
    login_manager.init_app(app)
    health.init_app(app)
    for room in ROOMS:
        room.init_app(app)
    return app


def flask_config(settings: Settings) -> dict[str, object]:
    """A browser takes a ``__Host-`` cookie from this very host only: no plugin below it can put one in its place."""
    secure = settings.scheme == "https"
    return {
        "SECRET_KEY": secrets.flask_secret(settings.secrets),
        "MAX_CONTENT_LENGTH": settings.max_upload,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "SESSION_COOKIE_NAME": "__Host-lumbung_session" if secure else "lumbung_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "WTF_CSRF_TIME_LIMIT": None,
        "API_TITLE": "Lumbung",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "description": scopes.TOLD},
                    "password": {"type": "http", "scheme": "basic", "description": "Only to get a token."},
                }
            },
            "security": [{"bearer": []}],
        },
    }
