"""A bundle looked over before it is released: what is wrong, what is missing, what it would become."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from registry.catalog.inspection.bundle import FolderTree, Tree
from registry.catalog.inspection.inspect import inspect
from registry.catalog.models import App
from registry.catalog.rules import changes_of
from registry.catalog.trust import checklist
from registry.catalog.trust.checklist import Check
from registry.core.errors import Finding
from registry.forge import storage, uploads
from registry.forge.checks import checks_of
from registry.forge.publishing import limits
from registry.forge.trees import GitTree, resolve
from registry.tenants.models import City


@dataclass(frozen=True)
class Look:
    """``version`` is "" when the bundle tells none; ``changes`` is the text of its change log on that version.

    ``commit`` is set for what was pushed: exactly this was looked at.
    """

    version: str
    changes: str
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    commit: str = ""

    @property
    def may_release(self) -> bool:
        sound = all(finding.level != "error" for finding in self.findings)
        return sound and bool(self.version) and checklist.may_release(self.checks)


def look_folder(publisher: City, folder: Path) -> Look:
    return _look(FolderTree(folder), publisher)


def look_upload(publisher: City, stream: IO[bytes], filename: str) -> Look:
    """Raises InvalidError for what is no archive, or more than a bundle may hold."""
    with storage.here().scratch() as scratch:
        return look_folder(publisher, uploads.unpacked(stream, filename, scratch / "bundle", limits()))


def look_pushed(app: App, ref: str) -> Look:
    """What ``ref`` names in the app's upstream. Raises NotFoundError."""
    upstream = storage.here().upstream(app.slug)
    commit = resolve(upstream, ref)
    with GitTree(upstream, commit.tree) as tree:
        return _look(tree, app.publisher, commit.id)


def _look(tree: Tree, publisher: City, commit: str = "") -> Look:
    inspection = inspect(tree, limits())
    version = checklist.version_of(inspection)
    changes = changes_of(inspection.changelog, version) if version else ""
    return Look(version, changes, inspection.findings, checks_of(inspection, tree, publisher), commit)
