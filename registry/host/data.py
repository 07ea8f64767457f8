"""A deployment's data on disk: made, copied, put back, emptied, measured. All of it is written by a
stranger.

Every step works on open folders and never follows a symbolic link; fifos, devices and sockets are not
copied. Only to be called while no sandbox of the deployment runs (`measure` excepted). Each change is built
beside and renamed, and `settle` finishes or undoes what a kill left half done.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from registry.hosting.plain import DeploymentPaths

MAX_DEPTH = 100
MAX_MEASURED = 300_000
_CHUNK = 2**20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class TooDeepError(Exception):
    """Folders are nested deeper than MAX_DEPTH."""


@dataclass(frozen=True)
class Usage:
    """``size`` in bytes as the disk counts them; ``complete`` is False when there were too many files to
    count.
    """

    size: int
    files: int
    complete: bool


class Store:
    """The data of one deployment; ``owner`` is its user, None when the host is not root."""

    def __init__(self, paths: DeploymentPaths, owner: int | None) -> None:
        self.paths = paths
        self._owner = owner

    def prepare(self) -> None:
        """Make the folders with their modes: others may walk to ``data`` but only its owner enters it."""
        for folder in (self.paths.home.parent, self.paths.home):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
        for private in (self.paths.snapshots, self.paths.plugin_log.parent):
            private.mkdir(mode=0o700, exist_ok=True)
        self.settle()
        if not self.paths.data.exists():
            self.paths.data.mkdir(mode=0o700)
        self._own(self.paths.data)

    def snapshot(self, revision: int) -> None:
        """Keep a copy of the data as what ``revision`` left; an older one of that revision is replaced."""
        self._replace(self.paths.snapshot(revision), source=self.paths.data)

    def restore(self, revision: int) -> None:
        """Make the data a copy of what ``revision`` left. Raises FileNotFoundError without that snapshot."""
        self.settle()
        self._replace(self.paths.data, source=self.paths.snapshot(revision))

    def empty(self) -> None:
        """Start over without data."""
        self.settle()
        self._replace(self.paths.data, source=None)

    def settle(self) -> None:
        """After a kill: put a moved-away folder back when its successor never arrived; remove left-overs."""
        for target in (self.paths.data, *self._snapshots()):
            old = _beside(target, "old")
            if old.exists() and not target.exists():
                old.rename(target)
            for left in (old, _beside(target, "new")):
                _remove(left)

    def _snapshots(self) -> list[Path]:
        if not self.paths.snapshots.is_dir():
            return []
        names = {path.name.split(".")[0] for path in self.paths.snapshots.iterdir()}
        return [self.paths.snapshots / name for name in names]

    def _replace(self, target: Path, source: Path | None) -> None:
        new, old = _beside(target, "new"), _beside(target, "old")
        _remove(new)
        _remove(old)
        if source is None:
            new.mkdir(mode=0o700)
        else:
            copy(source, new, self._owner)
            os.sync()
        self._own(new)
        if target.exists():
            target.rename(old)
        new.rename(target)
        _remove(old)

    def _own(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self._owner is not None:
            os.chown(folder, self._owner, self._owner)


def copy(source: Path, target: Path, owner: int | None) -> None:
    """A copy of a folder: files (holes stay holes), folders and symbolic links; nothing else. ``target`` is
    new.
    """
    target.mkdir(mode=0o700)
    with _opened(source, _FOLDER) as from_folder, _opened(target, _FOLDER) as to_folder:
        _copy_folder(from_folder, to_folder, owner, MAX_DEPTH)


def measure(folder: Path) -> Usage:
    """What a folder takes, counted while its plugin may be writing; bounded by MAX_MEASURED entries."""
    size = files = 0
    waiting = [str(folder)]
    while waiting and files < MAX_MEASURED:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            files += 1
            size += found.st_blocks * 512
            if stat.S_ISDIR(found.st_mode):
                waiting.append(entry.path)
    return Usage(size, files, not waiting)


def _copy_folder(source: int, target: int, owner: int | None, depth: int) -> None:
    if depth == 0:
        raise TooDeepError(f"folders are nested deeper than {MAX_DEPTH}")
    with os.scandir(source) as entries:
        for entry in entries:
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                os.symlink(os.readlink(entry.name, dir_fd=source), entry.name, dir_fd=target)
            elif stat.S_ISREG(mode):
                _copy_file(source, target, entry.name, owner)
            elif stat.S_ISDIR(mode):
                os.mkdir(entry.name, 0o700, dir_fd=target)
                with _opened(entry.name, _FOLDER, source) as below, _opened(entry.name, _FOLDER, target) as made:
                    _copy_folder(below, made, owner, depth - 1)
                    _keep(below, made, owner)


def _copy_file(source: int, target: int, name: str, owner: int | None) -> None:
    with _opened(name, _READ, source) as reading, _opened(name, _WRITE, target) as writing:
        size = os.fstat(reading).st_size
        os.ftruncate(writing, size)
        for start, end in _filled(reading, size):
            _copy_bytes(reading, writing, start, end)
        _keep(reading, writing, owner)


def _filled(descriptor: int, size: int) -> Iterator[tuple[int, int]]:
    """The parts of a file that are not holes."""
    end = 0
    while end < size:
        try:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
        except OSError:
            return
        end = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, end


def _copy_bytes(reading: int, writing: int, start: int, end: int) -> None:
    while start < end:
        piece = os.pread(reading, min(_CHUNK, end - start), start)
        if not piece:
            return
        os.pwrite(writing, piece, start)
        start += len(piece)


def _keep(original: int, made: int, owner: int | None) -> None:
    """Mode (without set-uid and its kin), time and owner of a copy."""
    found = os.fstat(original)
    os.fchmod(made, stat.S_IMODE(found.st_mode) & 0o777)
    os.utime(made, ns=(found.st_atime_ns, found.st_mtime_ns))
    if owner is not None:
        os.fchown(made, owner, owner)


@contextmanager
def _opened(path: str | Path, flags: int, folder: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, flags, 0o600, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _beside(target: Path, word: str) -> Path:
    return target.with_name(f"{target.name}.{word}")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
