"""The public source browser and the files of a release."""

from __future__ import annotations

from flask import Response, render_template, request, send_file
from flask_babel import gettext as _

from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core.errors import NotFoundError
from registry.forge import archives, reading, service, storage
from registry.forge.trees import Commit, resolve
from registry.forge.views import blueprint
from registry.forge.views_pictures import FOR_EVER, place_in

KINDS = "<any('tar.gz', 'zip', 'bundle', 'cdx.json'):kind>"
TYPES = {
    "tar.gz": "application/gzip",
    "zip": "application/zip",
    "bundle": "application/x-git-bundle",
    "cdx.json": "application/vnd.cyclonedx+json; version=1.6",
}


@blueprint.get("/apps/<app>/source/", defaults={"path": ""})
@blueprint.get("/apps/<app>/source/<path:path>")
def source(app: str, path: str) -> str:
    """A folder or file of the latest release, or of the branch or tag ``?ref=``."""
    found = catalog.get_app(app)
    ref, commit = _version(found)
    upstream = storage.here().upstream(found.slug)
    folder = path.strip("/")
    release = next((one for one in catalog.releases_of(found) if one.commit == commit.id), None)
    shown = reading.at(upstream, commit.id, folder, place_in(found, ref, release, folder))
    page = "folder" if isinstance(shown, reading.Folder) else "file"
    return render_template(
        f"forge/{page}.html", app=found, ref=ref, commit=commit, shown=shown, tags=reading.tags(upstream),
        trail=_trail(shown.path), clone_url=service.clone_url(found.slug), style=reading.style(),
    )


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


def _version(app: App) -> tuple[str, Commit]:
    """What ``?ref=`` names, else the latest release. Raises NotFoundError."""
    upstream = storage.here().upstream(app.slug)
    wanted = request.args.get("ref", "")
    if wanted:
        return wanted, resolve(upstream, wanted)
    release = catalog.latest_release(app)
    if release is None:
        raise NotFoundError(_("%(app)s has no release yet.", app=app.name))
    return release.tag, resolve(upstream, release.commit)


def _trail(path: str) -> list[tuple[str, str]]:
    """Each folder above and the thing itself: its name and its path."""
    parts = path.split("/") if path else []
    return [(part, "/".join(parts[: place + 1])) for place, part in enumerate(parts)]
