"""What lets anybody judge a release's files: the bill of materials and the signatures, made once beside the archives.

Archives are never made again. What older releases lack is added later, and only to files that still are what their
checksums were made of: a signature must not bless what somebody changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, literal_column, select

from registry.catalog import service as catalog
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.models import App, Release
from registry.catalog.trust import keys
from registry.catalog.trust.rating import rate
from registry.catalog.trust.signing import MAX_TEXT, Signature, SignatureProblemError, SigningKey
from registry.catalog.trust.subject import Subject
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.files import write_lasting
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import archives, completed, git, storage
from registry.forge.completed import Completed
from registry.forge.trees import GitTree, resolve
from registry.loading import when_needed
from registry.tenants.models import City

WRITER = "registry.catalog.trust.sbom:write"
"""Its library is heavy, and few processes ever publish."""


def subject(
    inspection: Inspection, app: str, version: str, publisher: City, commit: str, when: datetime, sha256: str
) -> Subject:
    """A release as its bill of materials tells it; ``inspection`` is of its own tree."""
    described, manifest = inspection.publiccode, inspection.manifest
    return Subject(
        app=app,
        name=described.name if described else app,
        version=version,
        licence=described.licence if described else "",
        publisher=publisher.name,
        commit=commit,
        when=when.astimezone(UTC),
        sha256=sha256,
        origin=storage.settings().origin,
        runtime=manifest.runtime if manifest else "",
        locked=inspection.requirements,
    )


def make(place: storage.Storage, told: Subject) -> None:
    """The bill of materials of a release whose archives lie there, then a signature of each file."""
    archives.add_bill(place, told.app, told.version, when_needed(WRITER)(told))
    sign(place, told.app, told.version, keys.current(storage.settings().secrets))


def sign(place: storage.Storage, app: str, version: str, key: SigningKey, believed: Collection[bytes] = ()) -> bool:
    """Sign the files of a release but those that a key of ``believed`` (their ids) has signed; whether all are now."""
    signed = True
    for path in _files(place, app, version):
        if _signer(archives.signature_of(path)) in believed:
            continue
        if not archives.is_whole(path):
            logger.error("a file of a release is not what it was: not signed", file=str(path))
            signed = False
            continue
        with path.open("rb") as file:
            text = key.sign(file, comment(app, version, path.name, now()))
        write_lasting(archives.signature_of(path), text)
    return signed


def comment(app: str, version: str, name: str, moment: datetime) -> str:
    """The trusted comment: what the file is; the first parts are as minisign writes them."""
    parts = (f"timestamp:{int(moment.timestamp())}", f"file:{name}", f"app:{app}", f"version:{version}",
             f"date:{moment:%Y-%m-%d}", "hashed")  # fmt: skip
    return "\t".join(parts)


def complete() -> None:
    """Give every release what it lacks: rating, bill of materials, signatures by a key that is believed.

    Each in a unit of work of its own; one that cannot be read, or is not what it was, is passed over and logged. Apps
    found complete before cost one look at their folder (`registry.forge.completed`).
    """
    place, folder = storage.here(), storage.settings().secrets
    key, believed = keys.current(folder), {one.id for one in keys.believed(folder)}
    known = completed.noted(place, believed)
    unrated = func.bool_or(Release.rating == literal_column("'{}'::jsonb"))
    apps = db.session.execute(select(App.slug, unrated).join(Release).group_by(App.slug).order_by(App.slug)).all()
    times = {slug: completed.time_of(place, slug) for slug, _unrated in apps}
    lacking = [slug for slug, unrated in apps if unrated or known.times.get(slug) != times[slug]]
    if lacking:
        whole = [slug for slug in lacking if _complete(place, slug, key, believed)]
        kept = times.keys() - set(lacking) | set(whole)
        completed.note(place, Completed(known.under, {slug: times[slug] for slug in sorted(kept)}))


def _complete(place: storage.Storage, app: str, key: SigningKey, believed: Collection[bytes]) -> bool:
    """Whether nothing is left to be done for any release of the app."""
    rows = db.session.execute(
        select(Release.id, Release.version, Release.sha256, Release.rating)
        .where(Release.app.has(App.slug == app))
        .order_by(Release.id)
    ).all()
    return all([_complete_release(place, app, row, key, believed) for row in rows])


def _complete_release(
    place: storage.Storage, app: str, row: Row[Any], key: SigningKey, believed: Collection[bytes]
) -> bool:
    try:
        if not row.rating or not place.archive(app, row.version, archives.SBOM).exists():
            with unit_of_work():
                _describe(place, db.session.get_one(Release, row.id))
        if archives.told_sum(place.archive(app, row.version, "tar.gz")) in ("", row.sha256):
            return sign(place, app, row.version, key, believed)
        logger.error("a release's archive is not the published one: not signed", app=app, version=row.version)
    except (RefusalError, git.GitError, OSError) as error:
        reason = str(error)[-300:]
        logger.error("a release could not be completed", app=app, version=row.version, reason=reason)
    return False


def _describe(place: storage.Storage, release: Release) -> None:
    """Rating and bill of materials, read from the release's own tree without running any of it."""
    slug, version = release.app.slug, release.version
    pool = place.pool(slug)
    with GitTree(pool, release.tree) as tree:
        inspection = inspect(tree)
    if not release.rating:
        release.rating = rate(inspection).to_json()
        db.session.flush()
        catalog.take_newest(release.app)
    if place.archive(slug, version, "tar.gz").exists() and inspection.publiccode:
        when = resolve(pool, release.commit).when
        told = subject(inspection, slug, version, release.app.publisher, release.commit, when, release.sha256)
        archives.add_bill(place, slug, version, when_needed(WRITER)(told))


def _files(place: storage.Storage, app: str, version: str) -> Iterator[Path]:
    paths = (place.archive(app, version, kind) for kind in archives.KINDS)
    return (path for path in paths if path.exists())


def _signer(path: Path) -> bytes:
    """The id of the key that says it signed; b"" when there is no signature to read."""
    try:
        return Signature.read(path.read_bytes()[:MAX_TEXT].decode(errors="replace")).key
    except (FileNotFoundError, SignatureProblemError):
        return b""
