"""What is new upstream since a fork's base: releases and their notes, what they ask for, migrations, commits."""

from __future__ import annotations

from dataclasses import dataclass

from registry.catalog import rules as versions
from registry.catalog import service as catalog
from registry.catalog.inspection.bundle import BundleLimits
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.models import Release
from registry.catalog.publiccode import file as publiccode
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.trust.rating import rate
from registry.core.db import db
from registry.forge import storage
from registry.forge.following import comparing, distances, rules
from registry.forge.following.comparing import Described, Point
from registry.forge.following.models import SecurityRelease
from registry.forge.following.preview import Preview
from registry.forge.models import Fork
from registry.forge.trees import Commit, GitTree, missing
from registry.hosting.plain import Manifest

MAX_RELEASES, MAX_COMMITS, MAX_MIGRATIONS = 20, 50, 40


@dataclass(frozen=True)
class Note:
    """A release the fork has not got: ``changes`` is Markdown; ``advice`` is None for one that closes no hole."""

    release: Release
    changes: str
    advice: str | None


@dataclass(frozen=True)
class News:
    """``migrate`` names what runs when the plugin is upgraded ("" = nothing), ``migrations`` the files new for it."""

    notes: tuple[Note, ...]
    more: int
    points: tuple[Point, ...]
    migrate: str
    migrations: tuple[str, ...]
    commits: tuple[Commit, ...]

    @property
    def security(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.advice is not None)


def gather(fork: Fork, found: Preview, language: str) -> News:
    """Of what the preview would bring in."""
    releases = _between(fork, found)
    base = _of_release(fork.base_release, found, language)
    new = _of_release(found.target.release, found, language) if found.target.release else _of_main(found, language)
    migrate = new.manifest.migrate or "" if new else ""
    return News(
        notes=tuple(_note(release) for release in releases[:MAX_RELEASES]),
        more=max(0, len(releases) - MAX_RELEASES),
        points=comparing.differences(base, new) if new else (),
        migrate=migrate,
        migrations=_migrations(migrate, found),
        commits=tuple(missing(found.place.work, found.target.commit, found.head, MAX_COMMITS)),
    )


def _between(fork: Fork, found: Preview) -> list[Release]:
    """Newest first: what is above the fork's base, and no higher than what would be brought in."""
    base, most = fork.base_release.version, found.target.release.version if found.target.release else ""
    return [
        one for one in catalog.releases_of(fork.app, yanked=False)
        if rules.concerns(base, one.version)
        and (not most or versions.version_key(one.version) <= versions.version_key(most))
    ]  # fmt: skip


def _note(release: Release) -> Note:
    security = db.session.get(SecurityRelease, release.id)
    changes = versions.changes_of(release.changelog, release.version)
    return Note(release, changes, security.advice if security else None)


def _of_release(release: Release, found: Preview, language: str) -> Described:
    (text,) = distances.texts_at(found.place.work, [f"{release.commit}:{PUBLICCODE}"])
    manifest = Manifest.from_json(release.manifest)
    grade = str(release.rating.get("grade", ""))
    return Described(manifest, release.config_schema or {}, _features(text or "", language), release.lock, grade)


def _of_main(found: Preview, language: str) -> Described | None:
    """What is no release yet is looked over as one is, without being run; None when it could not be released."""
    settings = storage.settings()
    limits = BundleLimits(size=settings.max_bundle, files=settings.max_bundle_files)
    with GitTree(found.place.work, f"{found.target.commit}^{{tree}}") as tree:
        seen = inspect(tree, limits)
    return _described(seen, language) if seen.ok else None


def _described(seen: Inspection, language: str) -> Described | None:
    if seen.manifest is None:
        return None
    features = _features(seen.publiccode_text, language)
    return Described(seen.manifest, seen.config_schema or {}, features, seen.lock, rate(seen).grade)


def _features(text: str, language: str) -> tuple[str, ...]:
    described, _findings = publiccode.parse(text.encode())
    if described is None:
        return ()
    _language, texts = versions.description(described.facts, [language])
    return tuple(str(one) for one in texts.get("features") or ())


def _migrations(migrate: str, found: Preview) -> tuple[str, ...]:
    """New files in the module that migrates, as far as names tell."""
    module = migrate.partition(":")[0].replace(".", "/")
    if not module:
        return ()
    named = [
        file.path for file in found.files
        if file.status == "A" and (file.path.startswith(f"{module}/") or file.path == f"{module}.py")
    ]  # fmt: skip
    return tuple(named[:MAX_MIGRATIONS])
