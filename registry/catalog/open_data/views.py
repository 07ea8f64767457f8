"""Feeds and the whole catalog, for whoever wants them: no account, no key."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_file
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.catalog import service, state
from registry.catalog.models import App
from registry.catalog.open_data import conditional, whole, whole_schema
from registry.catalog.open_data.events import EVENTS
from registry.catalog.open_data.feeds import Place, feed
from registry.catalog.open_data.news import news
from registry.catalog.open_data.webhooks import words
from registry.catalog.open_data.whole import Kept
from registry.config import Settings
from registry.core.errors import UnavailableError

MAX_CURSOR = 200
TURNS = 3
"""That a new version may come between finding a document and opening it."""

blueprint = Blueprint("open_data", __name__)


@blueprint.get("/open-data")
def overview() -> str:
    """What there is, for people."""
    return render_template("catalog/open_data.html", origin=_settings().origin, events=EVENTS, event=words.event)


@blueprint.get("/catalog.atom")
def catalog_feed() -> Response:
    """Releases of all apps, fifty to a page."""
    return _feed(None)


@blueprint.get("/apps/<app>/releases.atom")
def app_feed(app: str) -> Response:
    return _feed(service.get_app(app))


@blueprint.get("/catalog.json")
def catalog_document() -> Response:
    return conditional.unchanged(state.version()) or _sent(whole.document, "application/json")


@blueprint.get("/catalog.csv")
def catalog_table() -> Response:
    kind = "text/csv; charset=utf-8; header=present"
    return conditional.unchanged(state.version()) or _sent(whole.table, kind)


@blueprint.get("/catalog.schema.json")
def catalog_schema() -> Response:
    answer = jsonify(whole_schema.schema(_settings().origin))
    answer.mimetype = "application/schema+json"
    answer.headers["Cache-Control"] = conditional.FRESHNESS
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _feed(about: App | None) -> Response:
    """In the installation's own language, whoever asks: a feed is kept and passed on."""
    version = state.version()
    known = conditional.unchanged(version)
    if known is not None:
        return known
    settings, before = _settings(), request.args.get("before", "")[:MAX_CURSOR]
    language = settings.languages[0]
    place = Place(settings.origin, settings.registry_host, request.path, before, language)
    with force_locale(language):
        title = _("%(app)s: releases", app=about.name) if about else _("Lumbung: releases of city apps")
        content = feed(place, title, about, news(about, before), version.changed_at)
    return conditional.finished(Response(content, content_type="application/atom+xml; charset=utf-8"), version)


def _sent(make: Callable[[], Kept], kind: str) -> Response:
    """Opened at once: the next version takes the file's name away."""
    kept, file = _opened(make)
    known = conditional.unchanged(kept.version)
    if known is not None:
        file.close()
        return known
    answer = send_file(file, kind, etag=False, conditional=False, max_age=None)
    answer.content_length = os.fstat(file.fileno()).st_size
    return conditional.finished(answer, kept.version)


def _opened(make: Callable[[], Kept]) -> tuple[Kept, BinaryIO]:
    for _turn in range(TURNS):
        kept = make()
        try:
            return kept, kept.path.open("rb")
        except FileNotFoundError:
            continue
    raise UnavailableError(_("The catalog changes too quickly just now. Try again in a moment."))


def _settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found
