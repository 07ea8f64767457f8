"""The public catalog: the list of apps and each app's page. Nothing here needs an account or a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from registry.catalog import app_page, labels, rules, sdk, service
from registry.catalog.markdown import render
from registry.catalog.models import App, Release
from registry.catalog.near import near
from registry.catalog.search import classes
from registry.catalog.search import views as search
from registry.core.errors import NotFoundError

blueprint = Blueprint(
    "catalog", __name__, template_folder="templates", static_folder="static", static_url_path="/static/catalog"
)


blueprint.add_url_rule("/", "index", search.index)
blueprint.add_url_rule("/search/suggest", "suggest", search.suggestions)
blueprint.add_app_template_filter(labels.field, "national_field")
blueprint.add_app_template_filter(labels.size, "size_told")
blueprint.add_app_template_filter(labels.tongue, "tongue")


@blueprint.context_processor
def words() -> dict[str, object]:
    return {"labels": labels, "app_tone": tone, "texts_of": texts_of, "class_name": class_name}


@blueprint.get("/apps/<app>")
@blueprint.get("/apps/<app>/")
def show_app(app: str) -> str | tuple[str, int]:
    """All there is to know before adopting an app; of a name that no app has, what may have been meant."""
    try:
        found = service.get_app(app)
    except NotFoundError as error:
        if request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") != "text/html":
            raise
        return _no_app(app, error)
    return render_template(
        "catalog/app.html", page=app_page.gather(found), changes=changes, picture_url=picture_url,
        moderation_url=moderation_url,
        many=app_page.MAX_RELEASES, origin=current_app.extensions["lumbung"].origin, sdk=sdk.present().name,
    )  # fmt: skip


def _no_app(slug: str, error: NotFoundError) -> tuple[str, int]:
    words = slug.replace("-", " ")[:60]
    return render_template("catalog/no_app.html", detail=error.message, near=near(slug), words=words), error.status


@blueprint.get(f"/sdk/{sdk.NAME}-<version>.tar.gz")
def show_sdk(version: str) -> Response:
    """The plugins' library for ``pip install``: of this Lumbung's version only."""
    archive = _sdk(version)
    answer = Response(archive.content, content_type="application/gzip")
    answer.set_etag(archive.sha256)
    answer.headers["Content-Disposition"] = f"attachment; filename={archive.name}"
    answer.make_conditional(request)
    return answer


@blueprint.get(f"/sdk/{sdk.NAME}-<version>.tar.gz.sha256")
def show_sdk_sum(version: str) -> Response:
    """As ``sha256sum -c`` reads it."""
    archive = _sdk(version)
    return Response(f"{archive.sha256}  {archive.name}\n", content_type="text/plain; charset=utf-8")


def _sdk(version: str) -> sdk.Archive:
    archive = sdk.present()
    if version != archive.version:
        raise NotFoundError(_("This Lumbung has %(name)s only.", name=archive.name))
    return archive


def texts_of(app: App) -> dict[str, object]:
    """The app's own words in the visitor's language, or the best there are."""
    return dict(rules.description(app.facts, [str(get_locale())])[1])


def changes(release: Release) -> str:
    """What a release changed, as HTML; "" when its change log does not say."""
    return render(rules.changes_of(release.changelog, release.version))


def picture_url(app: App, release: Release, path: str) -> str:
    """Of a picture in the tree of a release; the forge serves it."""
    return url_for("forge.picture", app=app.slug, version=release.version, path=path)


def moderation_url(endpoint: str, **values: Any) -> Callable[[str], str]:
    """The addresses of ``hide`` and ``show`` of one thing said."""
    return lambda which: url_for(endpoint, which=which, **values)


def class_name(kind: str, code: str) -> str:
    """Of a smart-city dimension or a government affair, in the visitor's language."""
    return classes.name(kind, code, str(get_locale()))


def tone(slug: str) -> int:
    """One of six colours that stays with an app."""
    return sum(slug.encode()) % 6
