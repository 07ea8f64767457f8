"""From source to release: inspected, committed without a checkout, tagged, archived, recorded; never changed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.catalog import rules as versions
from registry.catalog import service as catalog
from registry.catalog.inspection.bundle import BundleLimits, FolderTree
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.models import App, Release
from registry.catalog.trust.checklist import Check
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.core.uow import after_rollback
from registry.forge import archives, git, proofs, rules, storage, writing
from registry.forge.checks import checks_of, demand
from registry.forge.following import notices
from registry.forge.proposals import crediting
from registry.forge.signatures import journal
from registry.forge.tagging import MAIN, Source, Tagging
from registry.forge.trees import Commit, GitTree, check_entry, resolve
from registry.forge.writing import Author, File
from registry.tenants.models import City


@dataclass(frozen=True)
class Publication:
    """``new`` is False when this version was published before with the same content: nothing was done."""

    release: Release
    new: bool
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...] = ()


def limits() -> BundleLimits:
    return BundleLimits(size=storage.settings().max_bundle, files=storage.settings().max_bundle_files)


def publish_folder(publisher: City, folder: Path, user_id: int | None, tested: bool = False) -> Publication:
    """Release the bundle in ``folder`` under the version its publiccode.yml tells.

    ``tested``: its own tests must have passed in the sandbox. Raises InvalidError with findings (UntestedError when
    only that is missing), ConflictError when this version exists with other content.
    """
    inspection = _accepted(inspect(FolderTree(folder), limits()))
    with committed(publisher, folder) as (repository, tree):
        checks = checks_of(inspection, FolderTree(folder), publisher, tree, tested)
        names = (*_names(inspection), folder.resolve().name)
        return release(publisher, Source(repository, tree, inspection, names, checks=checks), user_id)


@contextmanager
def committed(publisher: City, folder: Path) -> Iterator[tuple[Path, str]]:
    """A repository, gone afterwards, that holds what is in ``folder`` as one commit on main; and its tree's id. Raises
    InvalidError for more than a bundle may hold.
    """
    with storage.here().scratch() as scratch:
        repository = storage.make_scratch(scratch / "source.git")
        commit = writing.commit_files(repository, MAIN, _files(folder), "bundle", _author(publisher, now()))
        yield repository, writing.tree_of(repository, commit)


def publish_commit(
    publisher: City,
    repository: Path,
    ref: str,
    names: tuple[str, ...],
    user_id: int | None,
    old: bool = False,
    tested: bool = False,
) -> Publication:
    """Release the tree of a commit in a repository of ours that nobody else writes to.

    ``old``: it was a release elsewhere before, so the checklist is not asked any more.
    """
    tree = resolve(repository, ref).tree
    inspection, checks = _inspected(repository, tree, publisher, tested)
    names = (*_names(inspection), *names)
    return release(publisher, Source(repository, tree, inspection, names, checks=() if old else checks), user_id)


def release_pushed(app: App, ref: str, user_id: int | None, tested: bool = False) -> Publication:
    """Release a commit that maintainers pushed to upstream's main (``ref``: main, a tag or a commit id).

    Raises NotFoundError, InvalidError when the commit is not on main, and what `publish_folder` raises.
    """
    place = storage.here()
    upstream = place.upstream(app.slug)
    storage.feed_pool(place, app.slug, upstream)
    commit = resolve(upstream, ref)
    try:
        git.run(upstream, "merge-base", "--is-ancestor", commit.id, MAIN)
    except git.GitError as error:
        raise InvalidError(_("%(ref)s is not on main. Merge it there first.", ref=ref)) from error
    return release_commit(app.publisher, app.slug, commit, user_id, tested)


def release_commit(
    publisher: City, slug: str, commit: Commit, user_id: int | None, tested: bool = False
) -> Publication:
    """Release a commit that is on main of the upstream called ``slug``, and in its pool; of a new app, too."""
    place = storage.here()
    with place.scratch() as scratch:
        repository = storage.make_scratch(scratch / "source.git")
        storage.borrow(repository, place.pool(slug))
        inspection, checks = _inspected(repository, commit.tree, publisher, tested)
        source = Source(repository, commit.tree, inspection, (slug,), commit.id, checks)
        return release(publisher, source, user_id)


def release(publisher: City, source: Source, user_id: int | None) -> Publication:
    """The last steps, the same for every way in. One publication per app at a time."""
    slug, version = _slug(source), _version(source.inspection)
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"forge.publish:{slug}"))))
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is not None and app.publisher_id != publisher.id:
        raise ConflictError(_("The name %(app)s belongs to another publisher.", app=slug))
    known = _find_release(app, version)
    if known is not None:
        if known.tree == source.tree:
            return Publication(known, False, source.inspection.findings, source.checks)
        raise ConflictError(
            _(
                "%(app)s %(version)s is published with other content and never changes. "
                "Give this a new softwareVersion.",
                app=slug,
                version=version,
            )
        )
    demand(source.checks)
    tagged = Tagging(storage.here(), slug, version, _author(publisher, now())).apply(source)
    made = _archive(publisher, source.inspection, slug, version, tagged, source.tree)
    app = catalog.record_app(publisher, slug, source.inspection)
    recorded = catalog.record_release(
        app,
        crediting.credited(source.inspection, app, version, tagged),
        version=version,
        tag=f"v{version}",
        commit=tagged,
        tree=source.tree,
        sha256=made.sha256,
        size=made.size,
        user_id=user_id,
    )
    notices.announce(recorded)
    journal.note()
    return Publication(recorded, True, source.inspection.findings, source.checks)


def _archive(publisher: City, inspection: Inspection, slug: str, version: str, commit: str, tree: str) -> archives.Made:
    """The release's files, its bill of materials, and a signature of each."""
    place = storage.here()
    after_rollback(lambda: archives.remove(place, slug, version))
    when = resolve(place.pool(slug), commit).when
    made = archives.make(place, slug, version, commit, tree, when)
    proofs.make(place, proofs.subject(inspection, slug, version, publisher, commit, when, made.sha256))
    return made


def _accepted(inspection: Inspection) -> Inspection:
    if not inspection.ok:
        raise InvalidError(_("This bundle cannot be published as it is."), inspection.findings)
    return inspection


def _inspected(repository: Path, tree: str, publisher: City, tested: bool) -> tuple[Inspection, tuple[Check, ...]]:
    with GitTree(repository, tree) as opened:
        inspection = _accepted(inspect(opened, limits()))
        return inspection, checks_of(inspection, opened, publisher, tree, tested)


def _names(inspection: Inspection) -> tuple[str, ...]:
    described = inspection.publiccode
    return (described.url.rstrip("/").rpartition("/")[2], described.name) if described else ()


def _slug(source: Source) -> str:
    slug = rules.app_slug(source.names)
    if slug is None:
        message = _("No name for its address: let url end with a short name of letters, digits and dashes.")
        raise InvalidError(message, [Finding("publiccode.yml#url", message)])
    return slug


def _version(inspection: Inspection) -> str:
    facts = inspection.publiccode.facts if inspection.publiccode else {}
    version = str(facts.get("softwareVersion") or "")
    if not versions.is_version(version):
        message = _("A release needs a softwareVersion such as 1.0.0 in publiccode.yml.")
        raise InvalidError(message, [Finding("publiccode.yml#softwareVersion", message)])
    return version


def _find_release(app: App | None, version: str) -> Release | None:
    if app is None:
        return None
    return db.session.scalar(select(Release).where(Release.app_id == app.id, Release.version == version))


def _files(folder: Path) -> Iterator[File]:
    tree, bounds, size = FolderTree(folder), limits(), 0
    for count, entry in enumerate(tree.entries()):
        size += entry.size
        check_entry(entry, count, size, bounds)
        yield File(entry.path, entry.mode, tree.read(entry.path, bounds.file))


def _author(publisher: City, when: datetime) -> Author:
    return Author(publisher.name, f"git@{storage.settings().registry_host}", when)
