"""A fork leaves its pool and becomes whole, or borrows from it again.

As Gitaly does it: the pool's objects are linked into the fork, what it borrowed from is put aside, everything it names
is looked for, and if anything is missing it borrows as before. Killed at any point it either borrows still or has all
it needs; run again it ends the work.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from flask_babel import gettext as _

from registry.core.errors import ConflictError
from registry.core.files import sync_folder, write_lasting
from registry.forge import git, storage
from registry.forge.keeping import checking, upkeep
from registry.forge.keeping.rules import Act
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage

LEFT = "alternates.left"
"""Beside ``alternates``, while it is not sure yet that the fork does without."""

Tell = Callable[[str, int], None]


def detach(place: Storage, spot: Spot, tell: Tell = lambda _step, _percent: None) -> None:
    """Give the fork every object it borrows. Raises ConflictError when something is missing: then it borrows still."""
    path, pool = spot.path, place.pool(spot.app)
    aside = checking.alternates(path).with_name(LEFT)
    with storage.upkeep(place.data):
        tell("linking", 10)
        link_objects(pool / "objects", path / "objects")
        tell("checking", 50)
        with storage.locked(path):
            link_objects(pool / "objects", path / "objects")
            if checking.alternates(path).exists():
                checking.alternates(path).rename(aside)
            if not is_whole(path):
                _borrow_again(place, spot, aside)
                raise ConflictError(
                    _("Something this fork needs is missing; it borrows as before. Have it checked and repaired first.")
                )
            sync_folder(aside.parent)
            aside.unlink(missing_ok=True)
        upkeep.drop_graph(path)
        tell("packing", 70)
        for act in (Act.PACK, Act.GRAPH):
            upkeep.keep(place, path, False, act)


def attach(place: Storage, spot: Spot) -> None:
    """Let it borrow from its pool again, and drop what the pool has. Who borrows has no bitmap, so that goes first."""
    line = checking.borrowing(place, spot)
    if line is None:
        raise ValueError(f"{spot.name} borrows from nobody")
    with storage.upkeep(place.data):
        for bitmap in (spot.path / "objects" / "pack").glob("*.bitmap"):
            bitmap.unlink(missing_ok=True)
        write_lasting(checking.alternates(spot.path), line)
        upkeep.drop_graph(spot.path)
        upkeep.keep(place, spot.path, False, Act.PACK)


def is_whole(repository: Path) -> bool:
    """Whether everything it names is there. Without alternates: by itself."""
    try:
        git.run(repository, "rev-list", "--objects", "--all", "--quiet", seconds=checking.SECONDS, idle=True)
    except git.GitTimeoutError:
        raise
    except git.GitError:
        return False
    return not checking.lost_tips(repository) and not checking.empty_objects(repository)


def link_objects(source: Path, target: Path) -> None:
    """Every object of ``source`` in ``target``, too; by a link where the disk is the same. Indexes come last, as git
    itself does it: a pack is seen when it is whole. What came by an earlier try stays.
    """
    for path in _in_order(source):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            _link(path, place)


def _in_order(objects: Path) -> Iterator[Path]:
    yield from sorted(objects.glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 38))
    packs = objects / "pack"
    whole = sorted(path.stem for path in packs.glob("pack-*.idx") if path.with_suffix(".pack").exists())
    for ending in ("pack", "rev", "idx"):
        yield from (path for stem in whole if (path := packs / f"{stem}.{ending}").exists())


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EMLINK, errno.EPERM):
            raise
        draft = target.with_name(f"tmp_{target.name}")
        shutil.copyfile(source, draft)
        draft.rename(target)


def _borrow_again(place: Storage, spot: Spot, aside: Path) -> None:
    line = checking.borrowing(place, spot)
    if line is not None:
        write_lasting(checking.alternates(spot.path), line)
    aside.unlink(missing_ok=True)
