"""What killed processes leave behind, taken away when it is surely nobody's: too old for any git that may still run, or
older than the machine's last start.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from registry.forge.keeping.rules import ASIDE_KEPT, DEAD_AFTER
from registry.forge.storage import Storage

UNFINISHED = re.compile(r"tmp_(pack|idx|obj|rev|bitmap|midx|mtimes)_\w+|\.tmp-\d+-pack-.*|tmp_graph_\w+")
QUARANTINE = re.compile(r"tmp_objdir-\w+-\w+")
SCRATCH = re.compile(r"tmp[a-z0-9_]{8}")
"""As `storage.Storage.scratch` has them named; folders with names of their own are somebody's."""

BUILDING = re.compile(r"\.new-.+")
ASIDE = re.compile(r".+\.git\.set-aside-[0-9a-f]{8}")
MARK = re.compile(rb"(receive|fetch)-pack \d+ on ")
"""What git writes into the ``.keep`` of a pack that is being received."""


def adopt(repository: Path) -> None:
    """Clear up after a repacking that was killed. Only under the lock of upkeep, before anything else is done.

    A pack of it that is whole git reads as any other, and its next repacking may drop the loose copies of what is in
    it: so it gets its proper name. What is not whole git does not read, but stumbles over ("could not find pack").
    """
    packs = repository / "objects" / "pack"
    for index in sorted(packs.glob(".tmp-*-pack-*.idx")):
        name = f"pack-{index.stem.rpartition('-pack-')[2]}"
        whole = index.with_suffix(".pack").exists() or (packs / f"{name}.pack").exists()
        if whole and not (packs / f"{name}.idx").exists():
            for ending in ("pack", "rev", "mtimes", "idx"):
                path = index.with_suffix(f".{ending}")
                if path.exists():
                    path.rename(packs / f"{name}.{ending}")
    for path in packs.glob(".tmp-*"):
        path.unlink(missing_ok=True)


def unread(repository: Path, now: float) -> list[Path]:
    """Packs that lost their index, or whose receiver was killed just before it was named: whole, but git reads none of
    it, and its repacking stumbles over them.
    """
    dead = _before(now)
    packs = (repository / "objects" / "pack").glob("pack-*.pack")
    return sorted(path for path in packs if not path.with_suffix(".idx").exists() and _last_touched(path) < dead)


def sweep(repository: Path, now: float) -> list[str]:
    """Locks and unfinished files inside one repository; answers what went. Only under the lock of upkeep."""
    adopt(repository)
    dead = _before(now)
    found = [path for path in _inside(repository) if _last_touched(path) < dead]
    return [_remove(path) for path in found]


def sweep_around(place: Storage, now: float) -> list[str]:
    """Repositories that were being made, scratch folders, and what was set aside long ago."""
    dead, git = _before(now), place.data / "git"
    scratch = (path for path in _folders(git / "incoming") if SCRATCH.fullmatch(path.name))
    found = [path for path in scratch if _last_touched(path) < dead]
    for home in (*_folders(git / "apps"), *_folders(git / "cities")):
        for path in _folders(home):
            if BUILDING.fullmatch(path.name) and _last_touched(path) < dead:
                found.append(path)
            elif ASIDE.fullmatch(path.name) and _last_touched(path) < now - ASIDE_KEPT:
                found.append(path)
    return [_remove(path) for path in found]


def _inside(repository: Path) -> Iterator[Path]:
    """What looks unfinished. Packs without an index stay: they are whole, and a check gives them one."""
    yield from (path for path in repository.glob("*.lock") if path.is_file())
    yield from _matching(repository, re.compile(r"packed-refs\.new"))
    yield from (path for path in (repository / "refs").rglob("*.lock") if path.is_file())
    objects = repository / "objects"
    yield from (path for path in (objects / "info").rglob("*.lock") if path.is_file())
    yield from _matching(objects / "info" / "commit-graphs", UNFINISHED)
    yield from _matching(objects / "pack", UNFINISHED)
    yield from (path for path in (objects / "pack").glob("pack-*.keep") if _is_mark(path))
    yield from _matching(objects, QUARANTINE)
    for folder in _folders(objects):
        if len(folder.name) == 2:
            yield from _matching(folder, UNFINISHED)


def _matching(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (folder / name for name in names if pattern.fullmatch(name))


def _is_mark(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(MARK.match(file.read(40)))
    except FileNotFoundError:
        return False


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _last_touched(path: Path) -> float:
    """When anything in it was written, or it came to its place; for ever young when it goes away meanwhile."""
    try:
        told = path.lstat()
        newest = max(told.st_mtime, told.st_ctime)
        if path.is_dir() and not path.is_symlink():
            for folder, _folders_in, names in os.walk(path):
                times = (os.lstat(os.path.join(folder, name)).st_mtime for name in [".", *names])
                newest = max(newest, *times)
        return newest
    except FileNotFoundError:
        return float("inf")


def _before(now: float) -> float:
    return max(now - DEAD_AFTER, min(_started(), now))


def _started() -> float:
    """When the machine was started; long ago when it does not say."""
    try:
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, AttributeError):
        return 0.0


def _remove(path: Path) -> str:
    """Its name, for the log."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return path.name
