"""A tree that is to become a release, and how its commit and tag come into upstream without a checkout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from registry.catalog.inspection.inspect import Inspection
from registry.catalog.trust.checklist import Check
from registry.core.errors import ConflictError, InvalidError
from registry.core.logs import logger
from registry.core.uow import after_rollback
from registry.forge import git, storage, writing
from registry.forge.signatures import own
from registry.forge.trees import resolve
from registry.forge.writing import ZERO, Author

MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Source:
    """A tree in some repository that is to become a release. ``names`` may be its slug, best first.

    ``commit`` is set when upstream has the commit already. ``checks`` is its checklist, () for what was a release
    elsewhere before.
    """

    repository: Path
    tree: str
    inspection: Inspection
    names: tuple[str, ...]
    commit: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Tagging:
    """Brings one commit and its tag into pool and upstream; undone when the unit of work is rolled back."""

    place: storage.Storage
    app: str
    version: str
    author: Author

    def apply(self, source: Source) -> str:
        """The release's commit in upstream."""
        storage.make_app(self.place, self.app)
        storage.borrow(source.repository, self.place.pool(self.app))
        upstream, tag = self.place.upstream(self.app), f"refs/tags/v{self.version}"
        old_main, old_tag = writing.ref_value(upstream, MAIN), writing.ref_value(upstream, tag)
        if old_tag != ZERO:
            return self._tagged_before(upstream, tag, source.tree)
        commit = source.commit or self._commit(source, old_main)
        new_main = old_main if source.commit else commit
        message = self._message(source)
        new_tag = writing.tag(source.repository, f"v{self.version}", commit, message, self.author, own.signed_tag)
        self._feed(source.repository, commit, new_tag, tag)
        wanted = {tag: (new_tag, ZERO), MAIN: (new_main, old_main)}
        try:
            writing.update_refs(upstream, wanted)
        except git.GitError as error:
            raise ConflictError(_("Somebody pushed to %(app)s just now. Try again.", app=self.app)) from error
        after_rollback(_undo(upstream, wanted))
        return commit

    def _tagged_before(self, upstream: Path, tag: str, tree: str) -> str:
        """The commit of a tag that maintainers pushed, or that a crash left behind."""
        storage.feed_pool(self.place, self.app, upstream)
        commit = resolve(upstream, tag)
        if commit.tree != tree:
            raise ConflictError(
                _("The tag %(tag)s in %(app)s already names other content.", tag=f"v{self.version}", app=self.app)
            )
        return commit.id

    def _commit(self, source: Source, main: str) -> str:
        if main != ZERO and writing.tree_of(source.repository, main) == source.tree:
            return main
        parent = "" if main == ZERO else main
        message = self._message(source)
        return writing.commit_tree(source.repository, source.tree, parent, message, self.author, own.signed)

    def _message(self, source: Source) -> str:
        name = source.inspection.publiccode.name if source.inspection.publiccode else self.app
        return f"{name} {self.version}"

    def _feed(self, source: Path, commit: str, tag_object: str, tag: str) -> None:
        writing.update_refs(source, {"refs/release/main": (commit, ZERO), "refs/release/tag": (tag_object, ZERO)})
        specs = (f"+refs/release/main:{MAIN}", f"+refs/release/tag:{tag}")
        try:
            storage.feed_pool(self.place, self.app, source, specs)
        except git.GitError as error:
            raise InvalidError(_("Git refuses this content: %(reason)s", reason=str(error)[-500:])) from error


def _undo(upstream: Path, wanted: dict[str, tuple[str, str]]) -> Callable[[], None]:
    def back() -> None:
        try:
            writing.update_refs(upstream, {ref: (old, new) for ref, (new, old) in wanted.items()})
        except git.GitError as error:
            logger.error("release not undone: somebody pushed on it", upstream=str(upstream), reason=str(error)[-300:])

    return back
