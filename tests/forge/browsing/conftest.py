"""A repository of its own, written without a checkout, as hostile as a test wants it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from registry.forge import git, storage, writing
from registry.forge.writing import Author, File

AUTHOR = Author("Dinas", "git@example.id", datetime(2026, 11, 23, tzinfo=UTC))
MAIN = "refs/heads/main"
_numbers = count()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return storage.make_scratch(tmp_path / "r.git")


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def put(
    repository: Path, files: Mapping[str, str | bytes], message: str = "a change", ref: str = MAIN, parent: str = ""
) -> str:
    """A commit that writes these files; answers with its id."""
    made = [File(path, 0o100644, text if isinstance(text, bytes) else text.encode()) for path, text in files.items()]
    commit = writing.commit_files(repository, f"refs/made/{next(_numbers)}", made, message, AUTHOR, parent)
    git.run(repository, "update-ref", ref, commit)
    return commit


def put_tree(repository: Path, listing: bytes, ref: str = MAIN, parent: str = "") -> str:
    """A commit of a tree given as ``mode type id TAB name NUL``: links, submodules, names of any bytes."""
    tree = git.run(repository, "mktree", "-z", "--missing", stdin=listing).decode().strip()
    made = writing.commit_tree(repository, tree, parent, "a tree", AUTHOR)
    git.run(repository, "update-ref", ref, made)
    return made


def blob(repository: Path, content: bytes) -> str:
    return git.line(repository, "hash-object", "-w", "--stdin", stdin=content)
