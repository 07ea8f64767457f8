"""Every repository of the forge, whole while pushes go on.

First the names of all are written down, then the objects of all are taken: what a name meant then is among the objects
until the end, because upkeep waits (`storage.undisturbed`). Objects that come meanwhile do no harm. A pack is taken
with all its files once its index, which git writes last, is there. Alternates are relative and the folders keep their
places, so what a fork borrows is found again wherever the whole is restored.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from registry.forge import git, storage

FOLDER = "git"
COPIED = ("HEAD", "config")
MAX_REFS = 256 * 2**20
SECONDS = 3_600


def copy(data: Path, target: Path) -> int:
    """All repositories below ``data/git`` into ``target/git``; how many."""
    with storage.undisturbed(data):
        found = list(_repositories(data / FOLDER))
        for repository in found:
            _names(repository, target / repository.relative_to(data))
        for repository in found:
            _objects(repository / "objects", target / repository.relative_to(data) / "objects")
    return len(found)


def broken(target: Path) -> list[str]:
    """Each repository below whose names lead to missing or damaged objects, with git's word."""
    return [word for repository in _repositories(target / FOLDER) for word in _complaint(repository, target)]


def _complaint(repository: Path, root: Path) -> Iterator[str]:
    try:
        git.run(repository, "fsck", "--connectivity-only", "--no-dangling", "--no-progress", seconds=SECONDS)
    except git.GitError as error:
        yield f"{repository.relative_to(root)}: {error}"


def _repositories(folder: Path) -> Iterator[Path]:
    """Not those that are just being made (their names begin with a dot), nor scratch ones."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "incoming")
        if "HEAD" in names and "objects" in folders:
            folders.clear()
            yield Path(place)


def _names(repository: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for name in COPIED:
        if (repository / name).exists():
            shutil.copyfile(repository / name, target / name)
    told = git.run(repository, "for-each-ref", "--format=%(objectname) %(refname)", seconds=SECONDS, limit=MAX_REFS)
    refs = dict(line.split(" ", 1)[::-1] for line in told.decode().splitlines())
    (target / "packed-refs").write_text(storage.packed(refs))
    (target / "refs").mkdir()


def _objects(source: Path, target: Path) -> None:
    """A link where the disk is the same (objects never change), else a copy."""
    target.mkdir()
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        if folder.name in ("pack", "info") or (len(folder.name) == 2 and folder.name.isalnum()):
            (target / folder.name).mkdir()
            for path in _whole(folder):
                _take(path, target / folder.name / path.name)


def _whole(folder: Path) -> Iterator[Path]:
    """The files of a folder of objects that are complete."""
    names = sorted(os.listdir(folder))
    if folder.name != "pack":
        yield from (folder / name for name in names if not name.startswith(("tmp_", ".")) and (folder / name).is_file())
        return
    for index in (name for name in names if name.endswith(".idx") and name.startswith("pack-")):
        yield from sorted(folder.glob(f"{index.removesuffix('.idx')}.*"))


def _take(source: Path, target: Path) -> None:
    if source.parent.name != "info":
        try:
            os.link(source, target)
            return
        except OSError:
            pass
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        if source.parent.name in ("pack", "info"):
            raise
