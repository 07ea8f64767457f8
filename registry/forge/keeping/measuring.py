"""A repository by its files alone: what it weighs, how many packs it has. No git is started, so many can be asked."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MTIMES_HEAD, MTIMES_TAIL = 12, 40
LEFTOVER = ("tmp_", ".tmp-")
"""How git begins the names of files it has not finished."""


@dataclass(frozen=True)
class Pack:
    """``name`` without its ending. Of a cruft pack, which holds what nothing reaches, ``oldest`` is when the object
    least wanted was last wanted; else None.
    """

    name: str
    size: int
    when: float
    oldest: float | None = None


@dataclass(frozen=True)
class Figures:
    """Sizes in bytes as the files say, times in seconds. ``bytes`` are the repository's own, borrowed ones not counted.

    ``loose`` are object files of their own, ``refs`` references that are files of their own. ``graph`` is when the
    commit-graph was written, 0 when never; ``changed`` when the newest object came.
    """

    bytes: int = 0
    packs: tuple[Pack, ...] = ()
    loose: int = 0
    refs: int = 0
    graph: float = 0.0
    bitmap: bool = False
    borrows: bool = False
    changed: float = 0.0

    @property
    def oldest(self) -> float | None:
        """When the object least wanted of all that nothing reaches was last wanted, as far as is known."""
        return min((one.oldest for one in self.packs if one.oldest is not None), default=None)


def measure(repository: Path) -> Figures:
    """Raises FileNotFoundError when there is no such repository; what vanishes meanwhile is not counted."""
    objects = repository / "objects"
    os.stat(objects)
    files = {entry.name: entry.stat() for entry in _files(objects / "pack")}
    packs = tuple(_packs(objects / "pack", files))
    loose = [entry.stat() for folder in _fans(objects) for entry in _files(folder)]
    chain = _written(objects / "info" / "commit-graphs" / "commit-graph-chain")
    graphs = sum(entry.stat().st_size for entry in _files(objects / "info" / "commit-graphs"))
    own = [*files.values(), *loose]
    return Figures(
        bytes=sum(one.st_size for one in own) + graphs,
        packs=packs,
        loose=len(loose),
        refs=sum(1 for _file in _below(repository / "refs")),
        graph=max(chain, _written(objects / "info" / "commit-graph")),
        bitmap=any(name.endswith(".bitmap") for name in files),
        borrows=(objects / "info" / "alternates").exists(),
        changed=max([one.when for one in packs] + [one.st_mtime for one in loose], default=0.0),
    )


def _packs(folder: Path, files: dict[str, os.stat_result]) -> Iterator[Pack]:
    """Those that are whole: git writes a pack's index last."""
    for name in sorted(files):
        stem = name.removesuffix(".idx")
        if stem != name and not name.startswith(LEFTOVER) and f"{stem}.pack" in files:
            told = files[f"{stem}.pack"]
            oldest = _oldest(folder / f"{stem}.mtimes") if f"{stem}.mtimes" in files else None
            yield Pack(stem, told.st_size, told.st_mtime, oldest)


def _oldest(path: Path) -> float | None:
    """The earliest time in a cruft pack's ``.mtimes``: a head, 32 bits per object in network order, two checksums."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    times = content[MTIMES_HEAD : len(content) - MTIMES_TAIL]
    return float(min(time for (time,) in struct.iter_unpack(">I", times))) if times and len(times) % 4 == 0 else None


def _fans(objects: Path) -> Iterator[Path]:
    for entry in _entries(objects):
        if len(entry.name) == 2 and entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)


def _below(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        elif not entry.name.endswith(".lock"):
            yield Path(entry.path)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    for entry in _entries(folder):
        try:
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False):
                yield entry
        except FileNotFoundError:
            continue


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
