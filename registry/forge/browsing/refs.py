"""Branches, tags and what a name means. Nothing that is not on a branch or tag is shown: objects are shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from registry.core.errors import ConflictError, NotFoundError
from registry.forge import git, trees
from registry.forge.browsing import rules
from registry.forge.trees import COMMIT_ID, Commit, moment

BRANCH, TAG, COMMIT = "branch", "tag", "commit"
FOLDERS = {BRANCH: "heads", TAG: "tags"}
SECONDS = 15
_FIELDS = "%(objecttype)%00%(objectname)%00%(tree)%00%(authorname)%00%(committerdate:unix)%00%(subject)"
_NAMED = _FIELDS.replace("%(", "%(*")
_FORMAT = f"--format=%(refname)%00{_FIELDS}%00{_NAMED}%00%(creatordate:unix)"
_WIDTH = 14


@dataclass(frozen=True)
class Ref:
    """A branch or tag and its commit; ``when`` is an annotated tag's own date, else the commit's."""

    kind: str
    name: str
    commit: Commit
    when: datetime
    annotated: bool = False

    @property
    def opens(self) -> bool:
        """Whether a page can be asked for it by its name."""
        return rules.is_ref_name(self.name)

    @property
    def handle(self) -> str:
        """What names it without a doubt: its folder and name, else its commit."""
        return f"{FOLDERS[self.kind]}/{self.name}" if self.opens else self.commit.id

    @property
    def full(self) -> str:
        return f"refs/{FOLDERS[self.kind]}/{self.name}"


@dataclass(frozen=True)
class Version:
    """What a page shows: ``asked`` is how it was named, ``twin`` that a branch has this tag's name, too."""

    asked: str
    kind: str
    name: str
    commit: Commit
    twin: bool = False

    @property
    def is_branch(self) -> bool:
        return self.kind == BRANCH


@dataclass(frozen=True)
class Apart:
    """How far a branch is from main, in commits."""

    ahead: int
    behind: int


def resolve(repository: Path, asked: str) -> Version:
    """A branch, tag (also ``heads/…``, ``tags/…``) or whole commit id. Raises NotFoundError.

    As for git a tag goes before a branch of its name. A commit counts when a branch or tag leads to it.
    """
    if not rules.is_ref_name(asked):
        raise _unknown(asked)
    if COMMIT_ID.fullmatch(asked):
        return Version(asked, COMMIT, asked[:10], reachable(repository, asked))
    named = [f"refs/{asked}", f"refs/tags/{asked}", f"refs/heads/{asked}"]
    found = {ref.full: ref for ref in _read(repository, named)}
    known = [found[name] for name in named if name in found]
    if not known:
        raise _unknown(asked)
    return Version(asked, known[0].kind, known[0].name, known[0].commit, len(known) > 1)


def reachable(repository: Path, commit: str) -> Commit:
    """The commit of this id. Raises NotFoundError when no branch or tag leads to it: it may be another city's."""
    try:
        beyond = git.run(
            repository, "rev-list", "--max-count=1", commit, "--not", "--branches", "--tags", "--", seconds=SECONDS
        )
    except git.GitTimeoutError as error:
        raise NotFoundError(_("Looking for this commit took too long. Name a branch or tag.")) from error
    except git.GitError as error:
        raise _unknown(commit) from error
    if beyond:
        raise _unknown(commit)
    return trees.resolve(repository, commit)


def both(repository: Path, count: int = 200) -> tuple[list[Ref], list[Ref]]:
    """Branches and tags, newest first, by one process: at most ``count`` together."""
    found = _read(repository, ["refs/heads/", "refs/tags/"], count)
    return [ref for ref in found if ref.kind == BRANCH], [ref for ref in found if ref.kind == TAG]


def branches(repository: Path, count: int = 50) -> list[Ref]:
    """Newest first, at most ``count``."""
    return _read(repository, ["refs/heads/"], count)


def tags(repository: Path, count: int = 50) -> list[Ref]:
    """Newest first, at most ``count``; those that name a commit."""
    return _read(repository, ["refs/tags/"], count)


def apart(repository: Path, commit: str, main: str) -> Apart | None:
    """Both full ids. None when it takes too long to tell."""
    try:
        told = git.run(
            repository, "rev-list", "--left-right", "--count", f"{commit}...{main}", "--", seconds=SECONDS
        ).split()
    except git.GitError:
        return None
    return Apart(int(told[0]), int(told[1]))


def delete(repository: Path, name: str, old: str) -> None:
    """Take a branch away while it is at ``old``. Raises ConflictError when it has moved."""
    try:
        git.run(repository, "update-ref", "--stdin", stdin=f"delete refs/heads/{name} {old}\n".encode())
    except git.GitError as error:
        raise ConflictError(_("The branch %(name)s has moved meanwhile. Look at it again.", name=name[:100])) from error


def _read(repository: Path, patterns: Sequence[str], count: int = 200) -> list[Ref]:
    arguments = ("for-each-ref", "--sort=-creatordate:unix", f"--count={count}", _FORMAT, *patterns)
    lines = git.run(repository, *arguments, seconds=SECONDS).decode("utf-8", "replace").split("\n")
    return [ref for ref in map(_ref, (line.split("\0") for line in lines)) if ref]


def _ref(row: Sequence[str]) -> Ref | None:
    """None for what names no commit."""
    if len(row) != _WIDTH:
        return None
    kind = BRANCH if row[0].startswith("refs/heads/") else TAG
    facts = row[7:13] if row[1] == "tag" else row[1:7]
    if facts[0] != "commit":
        return None
    commit = Commit(facts[1], facts[2], facts[5], facts[3], moment(facts[4]))
    return Ref(kind, row[0].split("/", 2)[2], commit, moment(row[13]), annotated=row[1] == "tag")


def _unknown(asked: str) -> NotFoundError:
    return NotFoundError(_("There is no branch, tag or commit %(ref)s.", ref=asked[:100]))
