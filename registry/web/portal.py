"""A city's public portal, and its page for a plugin that does not answer."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Flask, Response, current_app, render_template, request
from sqlalchemy import select

from registry.core.db import db
from registry.extensions import csrf
from registry.tenants.models import City
from registry.web import i18n, live

MANY = 6
"""From this many plugins on, the portal has a search box."""

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
RETRY_AFTER = {"starting": 5, "switching": 10, "crashed": 60, "maintenance": 300, "off": 3600, "absent": 3600}

blueprint = Blueprint("portal", __name__)


def init_app(app: Flask) -> None:
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/_portal/<city>/")
def home(city: str) -> Response | str:
    """The live plugins of one city as cards, by the unit that runs them."""
    found = _city(city)
    if found is None:
        return _nothing("city")
    plugins = live.live_plugins(found, i18n.language())
    words = request.args.get("q", "").strip()[:80]
    shown = [plugin for plugin in plugins if _matches(plugin, words)]
    return render_template(
        "portal/home.html", city=found, groups=_by_opd(shown), words=words, shown=len(shown), total=len(plugins),
        many=len(plugins) >= MANY, registry=current_app.extensions["lumbung"].origin,
    )  # fmt: skip


@blueprint.get("/_portal/<city>/<path:_path>")
def elsewhere(city: str, _path: str) -> Response:
    return _nothing("page", _city(city))


@blueprint.route("/_plugin/<city>/<name>/", defaults={"path": ""}, methods=METHODS)
@blueprint.route("/_plugin/<city>/<name>/<path:path>", methods=METHODS)
def unreachable(city: str, name: str, path: str) -> Response:
    """The city's own page for a plugin the edge could not reach: always 503, with a time to try again."""
    found = _city(city)
    state, words = live.plugin_state(found, name) if found else ("absent", "")
    page = render_template("portal/unreachable.html", city=found, name=name, state=state, words=words)
    response = Response(page, 503)
    response.headers["Retry-After"] = str(RETRY_AFTER.get(state, 60))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/_nowhere/", defaults={"path": ""}, methods=METHODS)
@blueprint.route("/_nowhere/<path:path>", methods=METHODS)
def nowhere(path: str) -> Response:
    """An address nobody here has."""
    return _nothing("page")


def _nothing(what: str, city: City | None = None) -> Response:
    origin = current_app.extensions["lumbung"].origin
    return Response(render_template("portal/nothing.html", what=what, city=city, registry=origin), 404)


def _city(slug: str) -> City | None:
    return db.session.scalar(select(City).where(City.slug == slug, City.state == "admitted"))


def _matches(plugin: live.LivePlugin, words: str) -> bool:
    text = " ".join([plugin.name, plugin.title, plugin.opd, plugin.summary]).casefold()
    return all(word in text for word in words.casefold().split())


def _by_opd(plugins: list[live.LivePlugin]) -> list[tuple[str, list[live.LivePlugin]]]:
    """Units in the order of their names; plugins of no unit come last."""
    ordered = sorted(plugins, key=lambda plugin: (plugin.opd == "", plugin.opd.casefold(), plugin.title.casefold()))
    return [(opd, list(found)) for opd, found in groupby(ordered, key=lambda plugin: plugin.opd)]
