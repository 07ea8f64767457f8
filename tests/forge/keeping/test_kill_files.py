"""Each time git names, renames or removes a file during upkeep it is killed right there: nothing is lost.

Where strace is not installed, or may not watch, the kills by time (`test_kill`) have to do.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from registry.forge import git
from registry.forge.keeping import rules, sweeping, upkeep
from registry.forge.keeping.rules import Act
from registry.forge.storage import Storage
from tests.forge.keeping.conftest import fsck
from tests.forge.keeping.test_kill import KINDS, busy, objects, reached, worked

__all__ = ["busy", "worked"]

CALLS = "link,linkat,rename,renameat,renameat2,unlink,unlinkat"
MOST = 12
"""Kills per act: the first in each of git's processes, the second, and so on."""


@pytest.fixture(scope="module", autouse=True)
def strace(tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("strace") / "log"
    command = ["strace", "-f", "-o", log, "-e", f"trace={CALLS}", "true"]
    if not shutil.which("strace") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("strace cannot watch here")


def killing(folder: Path, number: int) -> str:
    """A git that is killed at its ``number``-th such call, in each of its processes."""
    wrapper = folder / f"git-{number}"
    inject = f"-e trace={CALLS} -e inject={CALLS}:signal=KILL:when={number}"
    wrapper.write_text(f'#!/bin/sh\nexec strace -f -q -o {folder}/log {inject} {git.BINARY} "$@"\n')
    wrapper.chmod(0o755)
    return str(wrapper)


@pytest.mark.parametrize(
    ("kind", "act"),
    [("pool", Act.PACK), ("pool", Act.GRAPH), ("pool", Act.REFS), ("fork", Act.GATHER), ("fork", Act.PACK),
     ("fork", Act.FORGET)],
)  # fmt: skip
def test_killed_at_every_file(
    worked: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, act: Act
) -> None:
    repository, pool = KINDS[kind](worked), worked.pool("lapor")
    wanted = reached if act is Act.FORGET else objects
    before, in_pool, kills = wanted(repository), objects(pool), 0
    for number in range(1, MOST + 1):
        with monkeypatch.context() as patch:
            patch.setattr(git, "BINARY", killing(tmp_path, number))
            try:
                upkeep.keep(worked, repository, kind == "pool", act)
            except git.GitError:
                kills += 1
        assert before <= objects(repository) and in_pool <= objects(pool)
        assert (fsck(repository), fsck(pool)) == ("", "")
        sweeping.sweep(repository, time.time() + rules.DEAD_AFTER + 60)
    assert kills
    upkeep.keep(worked, repository, kind == "pool", act)
    assert before <= objects(repository) and (fsck(repository), fsck(pool)) == ("", "")
