"""What an app's page takes from the tree of a release: its pictures and its README."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from registry.catalog import pictures
from registry.catalog import service as catalog
from registry.catalog.markdown import Place
from registry.catalog.models import App, Release
from registry.core.errors import NotFoundError
from registry.forge import reading, storage
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
    folder = reading.at(storage.here().pool(found.slug), release.commit, "", place_in(found, release.tag, release))
    text = folder.readme if isinstance(folder, reading.Folder) else ""
    page = "forge/readme_part.html" if request.headers.get("HX-Request") else "forge/readme.html"
    return render_template(page, app=found, release=release, text=text)


def place_in(app: App, ref: str, release: Release | None, folder: str = "") -> Place:
    """Where relative links of a text in ``folder`` lead: to the source browser; pictures to those of the release."""

    def file(path: str) -> str:
        return url_for("forge.source", app=app.slug, path=path, ref=ref)

    def shown(path: str) -> str:
        if release is None or not pictures.inside(path):
            return ""
        return url_for("forge.picture", app=app.slug, version=release.version, path=path)

    return Place(folder, file, shown)
