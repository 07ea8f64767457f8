"""The files of a release."""

from __future__ import annotations

from flask import Response, request, send_file
from flask_babel import gettext as _

from registry.catalog import service as catalog
from registry.core.errors import NotFoundError
from registry.forge import archives, storage
from registry.forge.browsing.views_pictures import FOR_EVER
from registry.forge.views import blueprint

KINDS = "<any('tar.gz', 'zip', 'bundle', 'cdx.json'):kind>"
TYPES = {
    "tar.gz": "application/gzip",
    "zip": "application/zip",
    "bundle": "application/x-git-bundle",
    "cdx.json": "application/vnd.cyclonedx+json; version=1.6",
}


@blueprint.get(f"/apps/<app>/releases/<version>.{KINDS}")
def archive(app: str, version: str, kind: str) -> Response:
    """A release as one file; it never changes, so it may be kept for ever."""
    release = catalog.get_release(catalog.get_app(app), version)
    path = storage.here().archive(release.app.slug, release.version, kind)
    if not path.exists():
        raise NotFoundError(_("This file of the release is not here."))
    digest = archives.sum_of(path).read_text().split()[0]
    answer = send_file(path, TYPES[kind], conditional=True, etag=digest)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@blueprint.get(f"/apps/<app>/releases/<version>.{KINDS}.sha256")
def checksum(app: str, version: str, kind: str) -> Response:
    """As ``sha256sum -c`` reads it."""
    release = catalog.get_release(catalog.get_app(app), version)
    path = archives.sum_of(storage.here().archive(release.app.slug, release.version, kind))
    if not path.exists():
        raise NotFoundError(_("This file of the release is not here."))
    answer = Response(path.read_text(), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@blueprint.get(f"/apps/<app>/releases/<version>.{KINDS}.minisig")
def signature(app: str, version: str, kind: str) -> Response:
    """As minisign reads it. It is made anew when the key that made it leaked."""
    release = catalog.get_release(catalog.get_app(app), version)
    path = archives.signature_of(storage.here().archive(release.app.slug, release.version, kind))
    if not path.exists():
        raise NotFoundError(_("This file of the release is not here."))
    answer = Response(path.read_text(), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
