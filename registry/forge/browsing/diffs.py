"""What changed between two commits or trees, as plain data: bounded in files, lines, bytes and time.

The seam for pages of commits, for proposals and for what follows an upstream; `forge/browsing/_diff.html` draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry.forge import git
from registry.forge.browsing.parsing import Reader
from registry.forge.browsing.patches import Bounds, Diff
from registry.forge.trees import COMMIT_ID

SECONDS = 20
MEMORY = 2**30
_ARGUMENTS = (
    "diff-tree", "-r", "--raw", "--numstat", "-p", "--full-index", "--abbrev=64", "-M", "-l400", "--unified=3",
    "--no-color", "--no-ext-diff", "--no-textconv", "--no-commit-id", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_CONFIG = {"diff.suppressBlankEmpty": "false", "diff.orderFile": "/dev/null"}
_PLAIN = {"GIT_LITERAL_PATHSPECS": "1"}


def diff(
    repository: Path,
    old: str | None,
    new: str,
    variables: Mapping[str, str] | None = None,
    path: str = "",
    bounds: Bounds | None = None,
) -> Diff:
    """From ``old`` to ``new``, full ids of commits or trees; ``old`` None is the empty tree.

    ``path`` keeps to one file or folder. ``variables`` may name further object directories
    (``GIT_ALTERNATE_OBJECT_DIRECTORIES``). Whatever is above the bounds, or not there within `SECONDS`, is left out and
    ``cut`` says so; so is what takes more memory than `MEMORY`, as a new file of a gigabyte does. Raises ValueError for
    what is no id, GitError when git does not know one.
    """
    for one in (old, new):
        if one is not None and not COMMIT_ID.fullmatch(one):
            raise ValueError("a diff is of full object ids")
    first = old or empty_tree(new)
    reader = Reader(bounds or Bounds())
    given = {**_PLAIN, **(variables or {})}
    try:
        with git.started(
            repository,
            *_ARGUMENTS,
            first,
            new,
            "--",
            *([path] if path else []),
            config=_CONFIG,
            variables=given,
            seconds=SECONDS,
            memory=MEMORY,
        ) as process:
            assert process.stdout  # noqa: S101 a pipe was asked for
            if not reader.read(process.stdout):
                git.stop(process)
    except git.GitTimeoutError:
        reader.cut = True
    except git.GitError:
        if not reader.files:
            raise
        reader.cut = True
    return reader.result()


def empty_tree(like: str) -> str:
    """Git's name of a tree without files, in the hash of ``like``."""
    if len(like) == 64:
        return "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
    return "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
