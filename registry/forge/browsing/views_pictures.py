"""What an app's page takes from the tree of a release: its pictures and its README."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from registry.catalog import pictures
from registry.catalog import service as catalog
from registry.catalog.markdown import Place
from registry.catalog.models import App, Release
from registry.core.errors import NotFoundError
from registry.forge import storage
from registry.forge.browsing import reading
from registry.forge.browsing.places import Place as Repository
from registry.forge.browsing.refs import Version
from registry.forge.views import blueprint

FOR_EVER = "public, max-age=31536000, immutable"
WALL = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Opened by itself, a drawing can only draw: no script, nothing fetched, an origin of its own."""


@blueprint.get("/apps/<app>/pictures/<version>/<path:path>")
def picture(app: str, version: str, path: str) -> Response:
    """A PNG, JPEG or SVG of a release, by what it is and not what it is called; it never changes."""
    release = catalog.get_release(catalog.get_app(app), version)
    content, digest = reading.content(storage.here().pool(release.app.slug), release.commit, path, pictures.MAX_PHOTO)
    kind = pictures.media_type(content)
    if kind is None:
        raise NotFoundError(_("There is no picture %(path)s in this release.", path=path[:200]))
    answer = Response(content, content_type=kind)
    answer.set_etag(digest)
    answer.headers.update({
        "Cache-Control": FOR_EVER, "Content-Security-Policy": WALL, "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    })  # fmt: skip
    answer.make_conditional(request)
    return answer


@blueprint.get("/apps/<app>/readme")
def readme(app: str) -> str:
    """The README of the newest release, as a page; a part of one when htmx asks."""
    found = catalog.get_app(app)
    release = catalog.latest_release(found)
    if release is None:
        raise NotFoundError(_("%(app)s has no release yet.", app=found.name))
    folder = reading.at(storage.here().pool(found.slug), release.commit, "", of_release(found, release))
    text = folder.readme if isinstance(folder, reading.Folder) else ""
    page = "forge/readme_part.html" if request.headers.get("HX-Request") else "forge/readme.html"
    return render_template(page, app=found, release=release, text=text)


def of_release(app: App, release: Release) -> Place:
    """Where relative links of a release's README lead: to the source browser; pictures to those of the release."""

    def file(path: str) -> str:
        return url_for("forge.source", app=app.slug, path=path, ref=release.tag)

    def shown(path: str) -> str:
        return url_for("forge.picture", app=app.slug, version=release.version, path=path) if _is_shown(path) else ""

    return Place("", file, shown)


def place_in(repository: Repository, version: Version, folder: str = "") -> Place:
    """Where relative links of a text in ``folder`` lead while a version is looked at."""
    release = repository.release_of(version.commit.id)

    def file(path: str) -> str:
        return url_for("forge.source", **repository.url, path=path, ref=version.asked)

    def shown(path: str) -> str:
        if not _is_shown(path):
            return ""
        if release is not None:
            return url_for("forge.picture", app=repository.app.slug, version=release.version, path=path)
        return url_for("forge.repository_picture", **repository.url, path=path, ref=version.asked)

    return Place(folder, file, shown)


def _is_shown(path: str) -> bool:
    return bool(pictures.inside(path))
