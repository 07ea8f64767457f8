"""A bundle looked over before it is released: what is wrong, what is missing, what it would become."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from registry.catalog.inspection.bundle import FolderTree, Tree
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.models import App
from registry.catalog.rules import changes_of
from registry.catalog.trust import checklist, proving
from registry.catalog.trust.checklist import Check
from registry.catalog.trust.proved import Content, Result
from registry.core.errors import Finding, InvalidError
from registry.forge import storage, uploads
from registry.forge.checks import checks_of
from registry.forge.proposals import crediting
from registry.forge.publishing import committed, limits
from registry.forge.trees import GitTree, resolve
from registry.tenants.models import City


@dataclass(frozen=True)
class Look:
    """``version`` is "" when the bundle tells none; ``changes`` is the text of its change log on that version.

    ``commit`` is set for what was pushed: exactly this was looked at. ``content`` is what its tests would be run of,
    None where nothing could be; ``proved`` how their newest run went; ``has_tests``: it brings some.
    """

    version: str
    changes: str
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    commit: str = ""
    content: Content | None = None
    proved: Result | None = None
    has_tests: bool = False

    @property
    def may_release(self) -> bool:
        return self._sound and checklist.may_release(self.checks)

    @property
    def awaits_tests(self) -> bool:
        """Whether it could be released if only its own tests passed in the sandbox."""
        return self._sound and self.content is not None and checklist.awaits_tests(self.checks)

    @property
    def _sound(self) -> bool:
        return all(finding.level != "error" for finding in self.findings) and bool(self.version)


def look_folder(publisher: City, folder: Path) -> Look:
    """What is in it that no bundle may hold is among the findings."""
    try:
        with committed(publisher, folder) as (_repository, tree):
            content = tree
    except InvalidError:
        content = ""
    return _look(FolderTree(folder), publisher, content)


def look_repository(publisher: City, repository: Path, ref: str) -> Look:
    """What ``ref`` names in a repository of ours. Raises NotFoundError."""
    commit = resolve(repository, ref)
    with GitTree(repository, commit.tree) as tree:
        return _look(tree, publisher, commit.tree, commit.id)


def look_upload(publisher: City, stream: IO[bytes], filename: str) -> Look:
    """Raises InvalidError for what is no archive, or more than a bundle may hold."""
    with storage.here().scratch() as scratch:
        return look_folder(publisher, uploads.unpacked(stream, filename, scratch / "bundle", limits()))


def look_pushed(app: App, ref: str) -> Look:
    """What ``ref`` names in the app's upstream, with what cities gave. Raises NotFoundError."""
    look = look_repository(app.publisher, storage.here().upstream(app.slug), ref)
    given = crediting.new_in(app, look.commit)
    if not given:
        return look
    return replace(look, changes=crediting.ending(look.changes, crediting.lines(app, given)).strip())


def _look(tree: Tree, publisher: City, content: str, commit: str = "") -> Look:
    inspection = inspect(tree, limits())
    version = checklist.version_of(inspection)
    changes = changes_of(inspection.changelog, version) if version else ""
    checks = checks_of(inspection, tree, publisher, content, proving.host_is_there())
    found = _content(inspection, content, version)
    has_tests = inspection.facts.tests > 0
    return Look(version, changes, inspection.findings, checks, commit, found, proving.result_of(content), has_tests)


def _content(inspection: Inspection, tree: str, version: str) -> Content | None:
    if inspection.manifest is None or not tree:
        return None
    return Content(tree, inspection.lock, inspection.manifest.runtime, version)
