"""A deployment's data on disk: made, copied, put back, emptied, measured. All of it is written by a
stranger.

Every step works on open folders and never follows a symbolic link; fifos, devices and sockets are not
copied. Only to be called while no sandbox of the deployment runs (`measure` excepted). Each change is built
beside and renamed, and `settle` finishes or undoes what a kill left half done.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from registry.hosting.plain import DeploymentPaths

MAX_DEPTH = 100
MAX_MEASURED = 300_000
MAX_LINKED, MAX_LINK_PATH = 100_000, 3_000
SPARE = 512 * 2**20
"""Bytes a snapshot leaves free on the disk it shares with the database and with every other city."""

_CHUNK = 2**20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class TooDeepError(Exception):
    """Folders are nested deeper than MAX_DEPTH."""


@dataclass(frozen=True)
class Usage:
    """``size`` in bytes as the disk counts them; ``complete`` is False when there were too many files to
    count, or some too deep to reach.
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
        """Keep a copy of the data as what ``revision`` left, in place of an older one. Raises OSError: no room."""
        self._replace(self.paths.snapshot(revision), source=self.paths.data, spare=SPARE)

    def restore(self, revision: int) -> None:
        """Make the data a copy of what ``revision`` left. Raises FileNotFoundError without that snapshot."""
        self.take_over(self.paths.snapshot(revision))

    def take_over(self, source: Path) -> None:
        """Make the data a copy of ``source``. Raises FileNotFoundError without it."""
        self.settle()
        self._replace(self.paths.data, source=source)

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

    def _replace(self, target: Path, source: Path | None, spare: int = 0) -> None:
        new, old = _beside(target, "new"), _beside(target, "old")
        _remove(new)
        _remove(old)
        if source is None:
            new.mkdir(mode=0o700)
        else:
            copy(source, new, self._owner, spare)
            os.sync()
        self._own(new)
        if target.exists():
            target.rename(old)
        new.rename(target)
        _sync(target.parent)
        _remove(old)

    def _own(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self._owner is not None:
            os.chown(folder, self._owner, self._owner)


@dataclass
class _Copying:
    """One copy under way: ``root`` is the new folder, ``linked`` where in it a file of several names lies."""

    root: int
    owner: int | None
    spare: int
    linked: dict[tuple[int, int], str] = field(default_factory=dict)


def copy(source: Path, target: Path, owner: int | None, spare: int = 0) -> None:
    """A copy of a folder: files (holes stay holes, hard links links), folders and symbolic links; nothing else.

    ``target`` is new. Raises OSError, also when less than ``spare`` bytes would be left on the disk.
    """
    target.mkdir(mode=0o700)
    with _opened(source, _FOLDER) as from_folder, _opened(target, _FOLDER) as to_folder:
        _copy_folder(_Copying(to_folder, owner, spare), from_folder, to_folder, "", MAX_DEPTH)


def measure(folder: Path) -> Usage:
    """What a folder takes, counted while its plugin may be writing; bounded by MAX_MEASURED entries."""
    size = files = hidden = 0
    waiting = [str(folder)]
    while waiting and files < MAX_MEASURED:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in itertools.islice(entries, MAX_MEASURED):
                try:
                    found = entry.stat(follow_symlinks=False)
                except OSError as error:
                    hidden += error.errno == errno.ENAMETOOLONG
                    continue
                files += 1
                size += found.st_blocks * 512
                if stat.S_ISDIR(found.st_mode):
                    waiting.append(entry.path)
    return Usage(size, files, not waiting and not hidden)


def _copy_folder(copying: _Copying, source: int, target: int, path: str, depth: int) -> None:
    if depth == 0:
        raise TooDeepError(f"folders are nested deeper than {MAX_DEPTH}")
    with os.scandir(source) as entries:
        for entry in entries:
            found, name = entry.stat(follow_symlinks=False), entry.name
            if stat.S_ISLNK(found.st_mode):
                os.symlink(os.readlink(name, dir_fd=source), name, dir_fd=target)
            elif stat.S_ISREG(found.st_mode):
                if not _linked(copying, found, target, name, f"{path}{name}"):
                    _copy_file(copying, source, target, name)
            elif stat.S_ISDIR(found.st_mode):
                os.mkdir(name, 0o700, dir_fd=target)
                with _opened(name, _FOLDER, source) as below, _opened(name, _FOLDER, target) as made:
                    _copy_folder(copying, below, made, f"{path}{name}/", depth - 1)
                    _keep(below, made, copying.owner)


def _linked(copying: _Copying, found: os.stat_result, target: int, name: str, path: str) -> bool:
    """Whether it was copied under another name and is linked now: a thousand names take the disk once."""
    if found.st_nlink == 1:
        return False
    key = (found.st_dev, found.st_ino)
    first = copying.linked.get(key)
    if first is not None:
        os.link(first, name, src_dir_fd=copying.root, dst_dir_fd=target, follow_symlinks=False)
        return True
    if len(copying.linked) >= MAX_LINKED or len(os.fsencode(path)) > MAX_LINK_PATH:
        raise OSError(errno.EMLINK, "too many files with several names, or too deep")
    copying.linked[key] = path
    return False


def _copy_file(copying: _Copying, source: int, target: int, name: str) -> None:
    with _opened(name, _READ, source) as reading, _opened(name, _WRITE, target) as writing:
        size = os.fstat(reading).st_size
        os.ftruncate(writing, size)
        for start, end in _filled(reading, size):
            _copy_bytes(reading, writing, start, end, copying.spare)
        _keep(reading, writing, copying.owner)


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


def _copy_bytes(reading: int, writing: int, start: int, end: int, spare: int) -> None:
    while start < end:
        disk = os.fstatvfs(writing)
        if disk.f_bavail * disk.f_frsize < spare:
            raise OSError(errno.ENOSPC, "the disk is nearly full")
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


def _sync(folder: Path) -> None:
    with _opened(folder, _FOLDER) as descriptor:
        os.fsync(descriptor)


def _remove(folder: Path) -> None:
    """By rm, which takes folders nested to any depth; Python's own way ends at its recursion limit."""
    if not os.path.lexists(folder):
        return
    command = ["rm", "-rf", "--one-file-system", "--", str(folder)]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise OSError(errno.EIO, f"{folder} could not be removed: {done.stderr[-300:].decode(errors='replace')}")
