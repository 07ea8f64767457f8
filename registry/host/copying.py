"""A copy of a folder that a stranger writes: open folders only, never through a symbolic link; fifos, devices and
sockets are left out.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MAX_DEPTH = 100
MAX_LINKED, MAX_LINK_PATH = 100_000, 3_000
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_CHUNK = 2**20
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class TooDeepError(Exception):
    """Folders are nested deeper than MAX_DEPTH."""


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
    with opened(source, FOLDER) as from_folder, opened(target, FOLDER) as to_folder:
        _copy_folder(_Copying(to_folder, owner, spare), from_folder, to_folder, "", MAX_DEPTH)


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
                with opened(name, FOLDER, source) as below, opened(name, FOLDER, target) as made:
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
    with opened(name, _READ, source) as reading, opened(name, _WRITE, target) as writing:
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
def opened(path: str | Path, flags: int, folder: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, flags, 0o600, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def give(folder: Path, owner: int) -> None:
    """Make everything in a folder belong to ``owner``, the folder itself last. Raises TooDeepError."""
    with opened(folder, FOLDER) as descriptor:
        _give(descriptor, owner, MAX_DEPTH)


def _give(folder: int, owner: int, depth: int) -> None:
    if depth == 0:
        raise TooDeepError(f"folders are nested deeper than {MAX_DEPTH}")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                with opened(entry.name, FOLDER, folder) as below:
                    _give(below, owner, depth - 1)
            else:
                os.chown(entry.name, owner, owner, dir_fd=folder, follow_symlinks=False)
    os.fchown(folder, owner, owner)
