"""kill -9 in the middle of every act of upkeep: everything is sound at once, and the next round ends the work.

The acts are the code's own: whoever adds one is asked here what a kill does to it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from registry.forge import git
from registry.forge.keeping import rules, sweeping, upkeep
from registry.forge.keeping.rules import Act
from registry.forge.storage import Storage
from tests.forge.keeping.conftest import commit, copied, fsck, move, tip, upstream_commit

MOMENTS = 6
KINDS: dict[str, Callable[[Storage], Path]] = {
    "pool": lambda place: place.pool("lapor"),
    "upstream": lambda place: place.upstream("lapor"),
    "fork": lambda place: place.fork("bontang", "lapor"),
}


@pytest.fixture(scope="module")
def busy(fed: Storage, tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """With something to do for every act: many packs, rubbish old and new, in the pool too; for copying."""
    place = copied(fed, tmp_path_factory.mktemp("busy"))
    fork = place.fork("bontang", "lapor")
    for number in range(4):
        upstream_commit(place, f"more{number}", os.urandom(40_000))
        commit(fork, f"own{number}", os.urandom(40_000))
    for repository in (place.pool("lapor"), fork, place.upstream("lapor")):
        git.line(repository, "hash-object", "-w", "--stdin", stdin=os.urandom(1_000))
        before = tip(repository)
        commit(repository, "rubbish")
        move(repository, before)
    then = time.time() - 2 * rules.GRACE
    for path in (fork / "objects").rglob("*"):
        os.utime(path, (then, then))
    return place


@pytest.fixture
def worked(busy: Storage, tmp_path: Path) -> Storage:
    return copied(busy, tmp_path)


def objects(repository: Path) -> set[str]:
    """Every object it has of its own, wanted or not."""
    told = git.run(repository, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered")
    return set(told.decode().split())


def reached(repository: Path) -> set[str]:
    told = git.run(repository, "rev-list", "--objects", "--all", "--no-object-names").decode()
    return set(told.split())


def killed(place: Storage, repository: Path, act: Act, after: float) -> bool:
    """Whether it was killed before its end, git and all."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        upkeep.keep(place, repository, repository.name == "pool.git", act)
        os._exit(0)
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(child, child)
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("kind", KINDS)
def test_killed_in_upkeep(worked: Storage, kind: str, act: Act) -> None:
    repository, pool = KINDS[kind](worked), worked.pool("lapor")
    forgotten = act is Act.FORGET and kind != "pool"
    before = reached(repository) if forgotten else objects(repository)
    in_pool, everybody = objects(pool), [make(worked) for make in KINDS.values()]
    ends = []
    for moment in range(MOMENTS):
        ends.append(killed(worked, repository, act, 0.002 + 0.011 * moment))
        assert [fsck(one) for one in everybody] == ["", "", ""]
        assert before <= objects(repository)
        assert in_pool <= objects(pool), "not even what nobody reaches"
    assert any(ends) or upkeep.POOL_ACTS[act] is upkeep.nothing
    assert git.line(pool, "config", "--file", str(pool / "config"), "extensions.preciousObjects") == "true"
    sweeping.sweep(repository, time.time() + rules.DEAD_AFTER + 60)
    upkeep.keep(worked, repository, kind == "pool", act)
    assert before <= objects(repository)
    assert [fsck(one) for one in everybody] == ["", "", ""]
    left = [path.name for path in repository.rglob("*") if "tmp_" in path.name or path.name.endswith(".lock")]
    assert left == []
