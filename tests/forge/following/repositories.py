"""Small real repositories for merges: one base, two sides."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registry.forge import git, storage, writing
from registry.forge.writing import Author

Content = bytes | str | tuple[int, str] | None
"""A file's text; with a mode; None takes it away."""


@dataclass(frozen=True)
class Sides:
    """A bare repository, and three commits in it."""

    repository: Path
    base: str
    ours: str
    theirs: str


def commit(repository: Path, files: Mapping[str, Content], parents: tuple[str, ...] = ()) -> str:
    """A commit that changes these files of its first parent, by an index and no work tree."""
    env = git.environment(variables={"GIT_DIR": str(repository), "GIT_INDEX_FILE": str(repository / "test-index")})

    def run(*arguments: str, stdin: bytes = b"") -> str:
        done = subprocess.run(["git", *arguments], input=stdin, env=env, check=True, capture_output=True)
        return done.stdout.decode()

    run("read-tree", *([parents[0]] if parents else ["--empty"]))
    written: dict[bytes, str] = {}
    gone = [path for path, content in files.items() if content is None]
    lines = [f"0 {writing.ZERO}\t{path}" for path in gone]
    for path, content in files.items():
        if content is None:
            continue
        mode, text = content if isinstance(content, tuple) else (0o100644, content)
        body = text if isinstance(text, bytes) else text.encode()
        if body not in written:
            written[body] = run("hash-object", "-w", "--stdin", stdin=body).strip()
        lines.append(f"{mode:06o} {written[body]}\t{path}")
    run("update-index", "-z", "--index-info", stdin="\0".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    tree = run("write-tree").strip()
    stamp = {"GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.id", "GIT_COMMITTER_NAME": "T",
             "GIT_COMMITTER_EMAIL": "t@example.id"}  # fmt: skip
    options = [word for parent in parents for word in ("-p", parent)]
    done = subprocess.run(["git", "commit-tree", tree, *options, "-m", "work"], env={**env, **stamp}, check=True,
                          capture_output=True)  # fmt: skip
    return done.stdout.decode().strip()


def sides(
    folder: Path, base: Mapping[str, Content], ours: Mapping[str, Content], theirs: Mapping[str, Content]
) -> Sides:
    repository = storage.make_scratch(folder / "repository.git")
    first = commit(repository, {"LICENSE": "MIT\n", **base})
    mine, other = commit(repository, ours, (first,)), commit(repository, theirs, (first,))
    writing.update_refs(repository, {"refs/heads/main": (mine, writing.ZERO)})
    return Sides(repository, first, mine, other)


def content(repository: Path, commit_: str, path: str) -> str | None:
    try:
        return git.run(repository, "cat-file", "blob", f"{commit_}:{path}").decode()
    except git.GitError:
        return None


def author(name: str = "Admin Bontang") -> Author:
    return Author(name, "1.bontang@registry.example", datetime(2026, 11, 23, tzinfo=UTC))
