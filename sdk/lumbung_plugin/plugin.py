"""The Flask extension that makes an application a Lumbung plugin."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from lumbung_plugin import figures, formats, i18n, pages, theme
from lumbung_plugin.city import city, hosted
from lumbung_plugin.compiled import keep_templates, shelf_of
from lumbung_plugin.config import settings
from lumbung_plugin.own_files import keep_files
from lumbung_plugin.people import person, standalone_staff
from lumbung_plugin.storage import close_database, data_dir

MEGABYTE = 1024 * 1024
YEAR = 365 * 24 * 3600

Health = Callable[[], object]


class Plugin:
    """Secret key, languages, CSRF, security headers, error pages, `/healthz` and the theme, in one call.

    `health` is asked by `/healthz`; it says "ill" by returning `False` or raising. `figures` counts what `/_kpi`
    tells siblings (`lumbung_plugin.figures`). Values the application has put in `app.config` before `init_app` win
    over the defaults here.
    """

    def __init__(
        self, app: Flask | None = None, *, health: Health | None = None, figures: figures.Source | None = None
    ) -> None:
        self.health = health
        self.figures = figures
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Wire `app`. Call it once, before the first request."""
        app.extensions["lumbung"] = self
        _configure(app)
        own, bundles = str(i18n.OWN_CATALOGUE), str(Path(app.root_path) / "translations")
        app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", f"{own};{bundles}")
        i18n.PoBabel(
            app,
            default_locale="id",
            locale_selector=i18n.select_locale,
            timezone_selector=i18n.select_timezone,
        )
        CSRFProtect(app)
        formats.register(app)
        app.register_error_handler(HTTPException, pages.show)
        app.register_blueprint(theme.blueprint())
        keep_files(app)
        app.add_url_rule("/healthz", "healthz", self._healthz)
        if self.figures is not None:
            figures.serve(app, self.figures)
        app.context_processor(_context)
        app.after_request(_remember_language)
        app.after_request(_headers)
        app.teardown_appcontext(close_database)
        if hosted():
            shelf = shelf_of(app)
            keep_templates(app, shelf)
            i18n.keep_catalogues(app, shelf)

    def _healthz(self) -> tuple[str, int, dict[str, str]]:
        plain = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
        try:
            ill = self.health is not None and self.health() is False
        except Exception:  # whatever the check raises, the answer to the probe is "ill"
            current_app.logger.exception("the health check failed")
            ill = True
        return ("ill\n", 503, plain) if ill else ("ok\n", 200, plain)


def _configure(app: Flask) -> None:
    secure = os.environ.get("PLUGIN_ORIGIN", "").startswith("https://")
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY") or _own_secret()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
    )
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = 12 * MEGABYTE
    # A citizen may take an hour over a form on a slow line; the token still dies with the session.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)


def _own_secret() -> str:
    """Run alone: a key made once and kept in the data folder, so that sessions survive a restart."""
    path = data_dir() / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def _context() -> dict[str, Any]:
    locale = get_locale()
    return {
        "city": city(),
        "person": person(),
        "settings": settings(),
        "languages": _languages(),
        "lang": locale.language if locale else "id",
        "app_title": settings().get("title") or os.environ.get("PLUGIN_NAME") or current_app.name,
        "standalone_staff": standalone_staff(),
        "hosted": hosted(),
    }


def _languages() -> list[dict[str, Any]]:
    """The language switch: code, name, address of this page in it, and whether it is the present one."""
    present = i18n.select_locale()
    return [
        {"code": code, "name": name, "url": _this_page(code), "current": code == present}
        for code, name in i18n.LANGUAGES.items()
    ]


def _this_page(lang: str) -> str:
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.script_root}{request.path}?{urlencode([*query, ('lang', lang)])}"


def _remember_language(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, wish, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def _headers(response: Response) -> Response:
    logo = urlsplit(city().logo)
    images = f" {logo.scheme}://{logo.netloc}" if logo.netloc else ""
    headers = response.headers
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'self'; img-src 'self' data:{images}; script-src 'self'; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
    if response.mimetype == "text/html":
        locale = get_locale()
        headers.setdefault("Content-Language", locale.language if locale else "id")
        headers.setdefault("Cache-Control", "no-store" if person() else "private, no-cache")
        response.vary.update(("Accept-Language", "Cookie"))
    return response
