"""A city's forks from an archive.

Where the catalog has the app, with the release the fork began with (the same commit, or the same tree), the fork hangs
on it as before. Where it has not, the city becomes the app's publisher here: its own main branch is released, and its
fork hangs on that. An app of the same name that never had this release is another app: refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups.import_records import read
from registry.catalog.models import App, Release
from registry.catalog.service import latest_release, releases_of
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import after_rollback
from registry.forge import git, publishing, storage
from registry.forge.keeping.service import note_change
from registry.forge.models import Fork
from registry.forge.service import find_fork
from registry.tenants.models import City
from registry.tenants.rules import slug_problem

SECONDS = 1_800
SPECS = storage.ALL


def check(folder: Path, slug: str, city: str) -> None:
    """Raises ConflictError, InvalidError or FormatError when `bring` would refuse."""
    if slug_problem(slug):
        raise InvalidError(_("%(slug)s cannot be an app's name in addresses.", slug=slug[:60]))
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is not None:
        _base(app, read(folder, f"forks/{slug}/fork.json", dict), city)


def bring(folder: Path, city: City, slug: str) -> Fork:
    """The fork; one that is there already stays as it is."""
    known = find_fork(city, slug, leaving=True)
    if known is not None:
        return known
    bundle = folder / "forks" / slug / "repository.bundle"
    app = db.session.scalar(select(App).where(App.slug == slug))
    told = read(folder, f"forks/{slug}/fork.json", dict)
    base = _base(app, told, city.slug) if app else _published(city, slug, bundle)
    place = storage.here()
    target = place.fork(city.slug, slug)
    if target.exists():
        storage.set_aside(target)
    storage.make_fork(place, city.slug, slug, {})
    after_rollback(lambda: storage.remove(target))
    _fetch(target, bundle)
    fork = Fork(tenant_id=city.id, app_id=base.app_id, base_release_id=base.id)
    db.session.add(fork)
    db.session.flush()
    note_change(city, base.app)
    return fork


def _base(app: App, told: Mapping[str, Any], city: str) -> Release:
    """The release to hang on; of the city's own app (an earlier import made it so) the latest will do."""
    base = told.get("base") or {}
    for key in ("commit", "tree"):
        for release in releases_of(app):
            if getattr(release, key) == base.get(key):
                return release
    own = latest_release(app) if app.publisher.slug == city else None
    if own is not None:
        return own
    message = _(
        "The catalog here has an app %(app)s, but not its release %(version)s that the fork began with. Publish that "
        "release first, or it is another app of the same name.",
        app=app.slug,
        version=str(base.get("version"))[:40],
    )
    raise ConflictError(message)


def _published(city: City, slug: str, bundle: Path) -> Release:
    with storage.here().scratch() as scratch:
        repository = storage.make_scratch(scratch / "source.git")
        _fetch(repository, bundle)
        return publishing.publish_commit(city, repository, "main", (slug,), None, old=True).release


def _fetch(repository: Path, bundle: Path) -> None:
    """Every branch and tag; objects are checked as those of a push are. Raises InvalidError."""
    words = ("fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags")
    config = {"protocol.file.allow": "always", "fetch.writeCommitGraph": "false"}
    try:
        git.run(repository, *words, "--end-of-options", str(bundle), *SPECS, config=config, seconds=SECONDS)
    except git.GitError as error:
        raise InvalidError(_("The repository in the archive cannot be read: %(why)s", why=str(error)[-300:])) from error
