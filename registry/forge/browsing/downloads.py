"""Archives of any branch, tag or commit: made once, kept by content as long as there is room, each with its checksum.

Like those of releases they are packed by ourselves, so that attributes inside a tree change nothing. tar.gz and zip of
a commit are the same bytes whenever they are made; a bundle's may differ once it was made anew. A small one is made
while who asks waits; of larger ones `waiting` tells how far the worker is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import SUBMODULE, Entry
from registry.core.errors import TooLargeError, UnavailableError
from registry.forge import archives, storage
from registry.forge.trees import Commit, GitTree

KINDS = storage.ARCHIVES
MAX_KEPT = 2 * 2**30
MAX_FILES = 20_000
SMALL_FILES, SMALL_BYTES = 2_000, 16 * 2**20
"""Of a tree that is packed within about a second."""

TIMES_BUNDLE = 2
"""How much larger than a release's bundle may be what is packed here."""

WAIT, STEP = 20, 5
_makers = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Download:
    """``name`` is what the file is called where it is saved; ``sha256`` is hex."""

    path: Path
    name: str
    sha256: str
    size: int


def get(repository: Path, app: str, commit: Commit, kind: str) -> Download:
    """The archive of a commit that a branch or tag leads to. Raises TooLargeError, UnavailableError."""
    prefix = f"{app}-{commit.id[:12]}"
    path = _path(app, commit, kind)
    if not _is_whole(path):
        with _making():
            if not _is_whole(path):
                _make(path, repository, commit, kind, prefix)
                _make_room(keep=path)
    return _used(path, prefix, kind)


def kept(app: str, commit: Commit, kind: str) -> Download | None:
    """What was made before and is still there."""
    path = _path(app, commit, kind)
    return _used(path, f"{app}-{commit.id[:12]}", kind) if _is_whole(path) else None


def is_small(repository: Path, commit: Commit) -> bool:
    """Whether who asks can wait for it: by the files of its tree, of which it reads no more than are small."""
    count = size = 0
    for entry in GitTree(repository, commit.tree).entries():
        count, size = count + 1, size + _size(entry)
        if count > SMALL_FILES or size > SMALL_BYTES:
            return False
    return True


def refuse_too_large(repository: Path, commit: Commit, kind: str) -> int:
    """The bytes of all files. Raises TooLargeError; not for a bundle, of which only its own bytes tell."""
    return 0 if kind == "bundle" else _check(GitTree(repository, commit.tree), _most())


def make_large(repository: Path, app: str, commit: Commit, kind: str, tell: Callable[[int], None]) -> None:
    """Make it beside all others of the app; only the worker does, one at a time. ``tell`` hears of percents.

    Raises TooLargeError.
    """
    path, prefix = _path(app, commit, kind), f"{app}-{commit.id[:12]}"
    if _is_whole(path):
        return
    size = refuse_too_large(repository, commit, kind)
    if kind == "bundle":
        archives.write_bundle(path, repository, commit.id, _most())
    else:
        archives.write(path, repository, commit.tree, prefix, commit.when, _Counter(size, tell).add)
    _make_room(keep=path)


class _Counter:
    """Tells of each `STEP` percent of the bytes once."""

    def __init__(self, of: int, tell: Callable[[int], None]) -> None:
        self.of, self.tell, self.done, self.told = max(of, 1), tell, 0, 0

    def add(self, size: int) -> None:
        self.done += size
        percent = min(99, self.done * 100 // self.of)
        if percent - self.told >= STEP:
            self.told = percent
            self.tell(percent)


def _path(app: str, commit: Commit, kind: str) -> Path:
    return folder() / app / f"{commit.id}.{kind}"


def _used(path: Path, prefix: str, kind: str) -> Download:
    """Asked for now, so that others go before it."""
    os.utime(path)
    return Download(path, f"{prefix}.{kind}", archives.told_sum(path), path.stat().st_size)


def folder() -> Path:
    """Below what backups leave out."""
    return storage.here().data / "git" / "incoming" / "downloads"


def _is_whole(path: Path) -> bool:
    return path.exists() and bool(archives.told_sum(path))


@contextmanager
def _making() -> Iterator[None]:
    """Two at a time in this process, one of all processes at the same archive's folder."""
    if not _makers.acquire(timeout=WAIT):
        raise UnavailableError(_("Many archives are being made. Try again in a moment."))
    try:
        yield
    finally:
        _makers.release()


def _make(path: Path, repository: Path, commit: Commit, kind: str, prefix: str) -> None:
    most = _most()
    path.parent.mkdir(parents=True, exist_ok=True)
    with storage.locked(path.parent):
        if _is_whole(path):
            return
        if kind == "bundle":
            archives.write_bundle(path, repository, commit.id, most)
            return
        _check(GitTree(repository, commit.tree), most)
        archives.write(path, repository, commit.tree, prefix, commit.when)


def _most() -> int:
    """Bytes of all files together, and of a bundle."""
    return storage.settings().max_bundle * TIMES_BUNDLE


def _check(tree: GitTree, most: int) -> int:
    """The bytes of all files."""
    count = size = 0
    for entry in tree.entries():
        count, size = count + 1, size + _size(entry)
        if count > MAX_FILES or size > most:
            message = _(
                "This version has more than %(files)d files or %(mb)d MB, too much for an archive. Clone it with git.",
                files=MAX_FILES,
                mb=most >> 20,
            )
            raise TooLargeError(message)
    return size


def _size(entry: Entry) -> int:
    return 0 if entry.mode == SUBMODULE else entry.size


def _make_room(keep: Path) -> None:
    """The archives asked for longest ago go until the rest fits."""
    found = sorted(_kept(), reverse=True)
    total = 0
    for _when, size, path in found:
        total += size
        if total > MAX_KEPT and path != keep:
            archives.sum_of(path).unlink(missing_ok=True)
            path.unlink(missing_ok=True)


def _kept() -> Iterator[tuple[float, int, Path]]:
    for path in folder().glob("*/*"):
        if path.name.endswith(KINDS) and not path.name.startswith("."):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            yield status.st_mtime, status.st_size, path
