"""A city's own repository of an app: a few files that borrow all objects, and one commit that says whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from registry.catalog import agreed
from registry.catalog import service as catalog
from registry.catalog.models import App, Release
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.publiccode.rewriting import rewrite
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import after_rollback
from registry.forge import git, handing, service, storage, writing
from registry.forge.models import Fork
from registry.forge.publishing import MAIN
from registry.forge.signatures import own
from registry.forge.writing import Author
from registry.tenants.agreements import service as agreements
from registry.tenants.models import City

MAX_PUBLICCODE = 512 * 1024


def create_fork(city: City, app: App, user_id: int | None) -> Fork:
    """The city's fork of the latest release; its files go when the unit of work is rolled back.

    The session is in the city's scope. Raises AgreementNeededError, ConflictError when there is one already or when
    nothing is released yet.
    """
    agreements.require_active_pks(city, agreed.name_in_scope(app, city))
    if service.find_fork(city, app.slug) is not None:
        raise ConflictError(_("%(city)s has forked %(app)s already.", city=city.name, app=app.name))
    if service.find_fork(city, app.slug, leaving=True) is not None:
        raise ConflictError(_("The fork of %(app)s was removed a while ago: bring it back instead.", app=app.name))
    release = catalog.latest_release(app)
    if release is None:
        raise ConflictError(_("%(app)s has no release yet.", app=app.name))
    fork = Fork(tenant_id=city.id, app_id=app.id, base_release_id=release.id, created_by=user_id)
    db.session.add(fork)
    db.session.flush()
    _make_repository(city, app, release)
    catalog.note_adoption(app.id, city.id, release.version, running=False)
    audit.record("fork.create", f"{city.slug}/{app.slug}", tenant_id=city.id, version=release.version)
    handing.hand_over(city, app, release)
    return fork


def _make_repository(city: City, app: App, release: Release) -> None:
    place = storage.here()
    target = place.fork(city.slug, app.slug)
    if target.exists():
        storage.set_aside(target)
    refs = {**_tags(place.upstream(app.slug)), MAIN: release.commit}
    storage.make_fork(place, city.slug, app.slug, refs)
    after_rollback(lambda: storage.remove(target))
    text = git.run(place.pool(app.slug), "cat-file", "blob", f"{release.tree}:{PUBLICCODE}", limit=MAX_PUBLICCODE)
    nameplate = rewrite(text.decode(), _differences(city, app))
    tree = _with_publiccode(target, release.tree, nameplate)
    author = Author(city.name, f"git@{storage.settings().registry_host}", now())
    message = f"{city.name}: {app.name} {release.version}"
    made = writing.commit_tree(target, tree, release.commit, message, author, own.signed)
    writing.update_refs(target, {MAIN: (made, release.commit)})


def _with_publiccode(repository: Path, tree: str, text: str) -> str:
    """The tree with this publiccode.yml in the place of its own."""
    blob = git.line(repository, "hash-object", "-w", "--stdin", stdin=text.encode())
    entries = git.run(repository, "ls-tree", "-z", tree).split(b"\0")
    changed = [_named(entry, blob) if entry.endswith(f"\t{PUBLICCODE}".encode()) else entry for entry in entries]
    return git.line(repository, "mktree", "-z", stdin=b"\0".join(changed))


def _named(entry: bytes, blob: str) -> bytes:
    """A line of ls-tree ("mode type id TAB name") with another id."""
    mode, kind, rest = entry.split(b" ", 2)
    return b" ".join([mode, kind, blob.encode() + rest[rest.index(b"\t") :]])


def _tags(upstream: Path) -> dict[str, str]:
    lines = git.line(upstream, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags/").splitlines()
    return {name: object_id for object_id, _space, name in (line.partition(" ") for line in lines)}


def _differences(city: City, app: App) -> Mapping[str, Any]:
    return {
        "url": service.clone_url(app.slug, city.slug),
        "isBasedOn": service.clone_url(app.slug),
        "organisation": {"uri": f"urn:x-kemendagri:{city.code}", "name": city.name},
        "maintenance": {
            "type": "internal",
            "contacts": [{"name": city.contact_office or f"Diskominfo {city.name}"}],
        },
    }
