"""Archives of any branch, tag or commit: made once, kept by content as long as there is room, each with its checksum.

Like those of releases they are packed by ourselves, so that attributes inside a tree change nothing. tar.gz and zip of
a commit are the same bytes whenever they are made; a bundle's may differ once it was made anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
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
TIMES_BUNDLE = 2
"""How much larger than a release's bundle may be what is packed here."""

WAIT = 20
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
    path = _folder() / app / f"{commit.id}.{kind}"
    if not _is_whole(path):
        with _making():
            if not _is_whole(path):
                _make(path, repository, commit, kind, prefix)
                _make_room(keep=path)
    os.utime(path)
    return Download(path, f"{prefix}.{kind}", archives.told_sum(path), path.stat().st_size)


def _folder() -> Path:
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


def _check(tree: GitTree, most: int) -> None:
    count = size = 0
    for entry in tree.entries():
        count, size = count + 1, size + _size(entry)
        if count > MAX_FILES or size > most:
            message = _(
                "This version has more than %(files)d files or %(mb)d MB, too much for an archive. Clone it with git.",
                files=MAX_FILES, mb=most >> 20,
            )
            raise TooLargeError(message)


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
    for path in _folder().glob("*/*"):
        if path.name.endswith(KINDS) and not path.name.startswith("."):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            yield status.st_mtime, status.st_size, path


