"""Repositories without an application, and the forge's world for what needs tables."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from registry.core.clock import now
from registry.forge import git, storage
from registry.forge.storage import Storage
from registry.forge.writing import ZERO, Author, File, commit_files, update_refs

MAIN = "refs/heads/main"


@pytest.fixture(scope="session")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """An app ``lapor`` of three commits, its pool fed, and Bontang's fork of it; for copying."""
    made = Storage(tmp_path_factory.mktemp("fed"))
    storage.make_app(made, "lapor")
    for number in range(3):
        upstream_commit(made, f"v{number}")
    storage.make_fork(made, "bontang", "lapor", {MAIN: tip(made.upstream("lapor"))})
    return made


@pytest.fixture
def place(fed: Storage, tmp_path: Path) -> Storage:
    return copied(fed, tmp_path)


def copied(made: Storage, folder: Path) -> Storage:
    """A copy of one's own, the times of its files too."""
    shutil.copytree(made.data, folder / "data", symlinks=True)
    return Storage(folder / "data")


def author() -> Author:
    return Author("Tester", "t@example.id", now())


def commit(repository: Path, name: str, content: bytes = b"", ref: str = MAIN) -> str:
    """One more file on ``ref``."""
    old = tip(repository, ref)
    file = File(name, 0o100644, content or os.urandom(200))
    return commit_files(repository, ref, [file], name, author(), parent="" if old == ZERO else old)


def upstream_commit(place: Storage, name: str, content: bytes = b"") -> str:
    made = commit(place.upstream("lapor"), name, content)
    storage.feed_pool(place, "lapor", place.upstream("lapor"))
    return made


def tip(repository: Path, ref: str = MAIN) -> str:
    try:
        return git.line(repository, "rev-parse", "--verify", "--quiet", ref)
    except git.GitError:
        return ZERO


def move(repository: Path, new: str, ref: str = MAIN) -> None:
    update_refs(repository, {ref: (new, tip(repository, ref))})


def fsck(repository: Path) -> str:
    """What git's own full check says; "" when nothing is wrong."""
    env = {**git.environment(), "GIT_DIR": str(repository)}
    done = subprocess.run(["git", "fsck", "--full", "--no-dangling", "--no-progress"], env=env, capture_output=True,
                          text=True, timeout=120, check=False)  # fmt: skip
    lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("notice:")]
    return "\n".join(lines) if done.returncode or lines else ""
