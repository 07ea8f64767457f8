"""The acts of upkeep on one repository. Killed at any point each leaves it sound, and the next run does the rest.

A pool is precious: git itself refuses to delete packs or objects there (``extensions.preciousObjects``), and that is
never switched off. It is packed anew through a shadow, a repository of its own settings that looks at the pool's
objects with the pool's names, by ``--keep-unreachable``: a pack goes when all in it, wanted or not, is in the new one.

A fork forgets in two steps. First everything nobody reaches is moved into a cruft pack, with the times it was last
wanted; later what was not wanted for `rules.GRACE` leaves that pack. What a push finds in a cruft pack it writes again,
so nothing is forgotten that becomes wanted meanwhile.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

from registry.core.files import write_lasting
from registry.forge import git, storage
from registry.forge.keeping import sweeping
from registry.forge.keeping.rules import Act
from registry.forge.storage import Storage

SECONDS = 3_000
_REPACK = ("repack", "-d", "-l", "-n", "-q")
_MEMORY = {"pack.windowMemory": "100m", "pack.deltaCacheSize": "64m", "pack.writeReverseIndex": "true"}
_BITMAP = {**_MEMORY, "repack.writeBitmaps": "true", "pack.writeBitmapLookupTable": "true"}
_NO_BITMAP = {**_MEMORY, "repack.writeBitmaps": "false"}
GRAPH_FILES_KEPT = "2.days.ago"
"""Forks' graphs stand on the pool's files until upkeep has come to each of them."""

Keeper = Callable[[Storage, Path], None]


def keep(place: Storage, repository: Path, pool: bool, act: Act) -> None:
    """Do one act, under the lock of upkeep. Raises git.GitError and its kinds; the repository is sound then, too."""
    sweeping.adopt(repository)
    for pack in sweeping.unread(repository, time.time()):
        _git(repository, "index-pack", str(pack))
    table = POOL_ACTS if pool else FORK_ACTS if _borrows(repository) else WHOLE_ACTS
    quick = pool and act in (Act.REFS, Act.GRAPH)
    with storage.locked(repository) if quick else nullcontext():
        table[act](place, repository)


def _pack_refs(_place: Storage, repository: Path) -> None:
    """A pool is locked meanwhile, as while it is fed: a fetch gives up on a name, or a graph, that it finds locked."""
    _git(repository, "pack-refs", "--all", "--prune")


def _pack_pool(place: Storage, pool: Path) -> None:
    with place.scratch() as folder:
        shadow = _shadow(folder / "shadow.git", pool)
        _git(
            shadow, *_REPACK, "-a", "--keep-unreachable", "--write-bitmap-index",
            config=_BITMAP, variables={"GIT_OBJECT_DIRECTORY": str(pool / "objects")},
        )  # fmt: skip


def _shadow(target: Path, pool: Path) -> Path:
    refs = git.run(pool, "for-each-ref", "--format=%(objectname) %(refname)", limit=256 * 2**20).decode()
    storage.make_scratch(target)
    write_lasting(target / "packed-refs", refs)
    return target


def _gather(_place: Storage, repository: Path) -> None:
    """Small packs and loose objects become one, larger ones stay: each object is written again a few times at most."""
    _git(repository, *_REPACK, "--geometric=2", config=_NO_BITMAP)


def _pack_fork(_place: Storage, repository: Path) -> None:
    """Without what the pool has, and never with a bitmap: one cannot describe what is borrowed."""
    _git(repository, *_REPACK, "--cruft", "--cruft-expiration=never", config=_NO_BITMAP)


def _pack_whole(_place: Storage, repository: Path) -> None:
    _git(repository, *_REPACK, "--cruft", "--cruft-expiration=never", "--write-bitmap-index", config=_BITMAP)


def _forget(_place: Storage, repository: Path) -> None:
    _git(repository, *_REPACK, "--cruft", "--cruft-expiration=30.days.ago", config=_NO_BITMAP)


def _write_graph(_place: Storage, repository: Path) -> None:
    """Of everything, in one file."""
    _graph(repository, "--split=replace")


def _write_layer(_place: Storage, repository: Path) -> None:
    """Of what the pool's graph has not: a file for the fork's own commits, not another megabyte for all the others."""
    _graph(repository, "--split")


def _graph(repository: Path, split: str) -> None:
    """With Bloom filters of changed paths. Nobody else writes graphs now: a lock of git's own found here is a dead
    one's.
    """
    for name in ("commit-graph.lock", "commit-graphs/commit-graph-chain.lock"):
        (repository / "objects" / "info" / name).unlink(missing_ok=True)
    words = ("--reachable", "--changed-paths", split, f"--expire-time={GRAPH_FILES_KEPT}")
    _git(repository, "commit-graph", "write", "--no-progress", *words)


def drop_graph(repository: Path) -> None:
    """A fork's layer says nothing without its pool's graph below, and all of the history is too much on top of it."""
    shutil.rmtree(repository / "objects" / "info" / "commit-graphs", ignore_errors=True)
    (repository / "objects" / "info" / "commit-graph").unlink(missing_ok=True)


def nothing(_place: Storage, _repository: Path) -> None:
    """A pool keeps everything for ever, in one pack."""


def _borrows(repository: Path) -> bool:
    return (repository / "objects" / "info" / "alternates").exists()


def _git(
    repository: Path, *arguments: str, config: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    git.run(repository, *arguments, config=config, variables=variables, seconds=SECONDS, idle=True)


_SAME: dict[Act, Keeper] = {Act.REFS: _pack_refs, Act.GATHER: _gather, Act.GRAPH: _write_graph}
POOL_ACTS: dict[Act, Keeper] = {**_SAME, Act.GATHER: nothing, Act.PACK: _pack_pool, Act.FORGET: nothing}
FORK_ACTS: dict[Act, Keeper] = {**_SAME, Act.GRAPH: _write_layer, Act.PACK: _pack_fork, Act.FORGET: _forget}
WHOLE_ACTS: dict[Act, Keeper] = {**_SAME, Act.PACK: _pack_whole, Act.FORGET: _forget}
