"""Commits: those of a branch, of a path, and one in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from registry.core import paging
from registry.core.errors import NotFoundError, UnavailableError
from registry.forge import git
from registry.forge.browsing import refs, rules
from registry.forge.browsing.turns import turn
from registry.forge.trees import Commit, moment

SECONDS = 20
MAX_SKIP = 100_000
MAX_MESSAGE = 20_000
LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
"""A path of outside is a path: ``:(glob)**`` names a file of that name."""

_FORMAT = "--format=%H%x00%T%x00%s%x00%an%x00%at"
_WHOLE = "--format=%H%x00%T%x00%P%x00%an%x00%at%x00%cn%x00%ct%x00%B%x00"


@dataclass(frozen=True)
class Shown:
    """One commit in full. ``message`` is all of it; ``parents`` are full ids, none for a first commit."""

    commit: Commit
    parents: tuple[str, ...]
    committer: str
    committed: datetime
    message: str

    @property
    def title(self) -> str:
        return self.message.partition("\n")[0]

    @property
    def body(self) -> str:
        return self.message.partition("\n")[2].strip()

    @property
    def is_merge(self) -> bool:
        return len(self.parents) > 1


def page(repository: Path, start: str, count: int, skip: int = 0, path: str = "") -> tuple[list[Commit], bool]:
    """At most ``count`` commits from the commit ``start`` (full id) backwards, after ``skip``; and whether more follow.

    ``path`` keeps to those that changed a file or folder. Raises UnavailableError when that takes too long.
    """
    if path and not rules.is_readable_path(path):
        raise NotFoundError(_("There is no %(path)s in this version.", path=path[:200]))
    if skip > MAX_SKIP:
        raise NotFoundError(_("A page goes no further back than this. Clone the repository to see all."))
    arguments = ("log", "-z", f"--max-count={count + 1}", f"--skip={skip}", _FORMAT, "--no-show-signature")
    try:
        with turn():
            output = git.run(
                repository, *arguments, start, "--", *([path] if path else []), variables=LITERAL, seconds=SECONDS
            )
    except git.GitTimeoutError as error:
        raise UnavailableError(_("This history takes too long to read here. Clone the repository.")) from error
    fields = output.decode("utf-8", "replace").split("\0")
    rows = [fields[place : place + 5] for place in range(0, len(fields) - 4, 5)]
    found = [Commit(row[0], row[1], row[2], row[3], moment(row[4])) for row in rows]
    return found[:count], len(found) > count


def begin(repository: Path, cursor: str, start: Callable[[], str]) -> tuple[str, int]:
    """Where a page begins: ``start`` and nothing skipped without a cursor; else pinned to the commit it names.

    Raises NotFoundError when that commit is not on a branch or tag any more, InvalidError for what is no cursor.
    """
    known, _colon, skip = paging.read_cursor(cursor).partition(":")
    if not known:
        return start(), 0
    return refs.resolve(repository, known).commit.id, int(skip) if skip.isdecimal() and len(skip) < 9 else 0


def after(start: str, skip: int) -> str:
    """The cursor of the page after ``skip`` commits."""
    return paging.cursor(f"{start}:{skip}")


def show(repository: Path, commit: str) -> Shown:
    """The commit of a full id that `registry.forge.browsing.refs` found."""
    output = git.run(repository, "log", "--max-count=1", _WHOLE, "--no-show-signature", commit, "--", seconds=SECONDS)
    row = output.decode("utf-8", "replace").split("\0")
    message = row[7].strip()[:MAX_MESSAGE]
    subject = message.partition("\n")[0]
    made = Commit(row[0], row[1], subject, row[3], moment(row[4]))
    return Shown(made, tuple(row[2].split()), row[5], moment(row[6]), message)


def merge_base(repository: Path, one: str, other: str) -> str | None:
    """The newest commit both histories have (full ids), None when they share none."""
    try:
        return git.run(repository, "merge-base", one, other, seconds=SECONDS).decode().strip() or None
    except git.GitTimeoutError:
        raise
    except git.GitError:
        return None
