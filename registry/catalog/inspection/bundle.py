"""A bundle's files as the inspection sees them, wherever they lie: in a folder here, in a git tree in the forge."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SYMLINK, SUBMODULE = 0o120000, 0o160000
FILE, EXECUTABLE = 0o100644, 0o100755

BY_PRODUCTS = frozenset(
    {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".venv", "node_modules"}
)
"""Folders that tools leave behind; a `FolderTree` passes over them, as a `.gitignore` would."""


@dataclass(frozen=True)
class BundleLimits:
    """Of one bundle, in bytes and number of files. ``file`` bounds any single file."""

    size: int = 50 * 2**20
    files: int = 5_000
    file: int = 10 * 2**20


@dataclass(frozen=True)
class Entry:
    """One file. ``mode`` is git's (0o100644, 0o100755, 0o120000 symlink, 0o160000 submodule), ``size`` in bytes.

    ``path`` is relative with ``/``; bytes that are not UTF-8 come as lone surrogates (surrogateescape).
    """

    path: str
    mode: int
    size: int


class Tree(Protocol):
    def entries(self) -> Iterable[Entry]:
        """Every file, folders not among them; lazily, for the inspection stops at its limit."""

    def read(self, path: str, limit: int) -> bytes:
        """The first ``limit`` bytes of a regular file. Raises FileNotFoundError."""


@dataclass(frozen=True)
class FolderTree:
    """The files below ``root``: links are reported and never followed; ``root``'s own ``.git`` is not in the bundle."""

    root: Path

    def entries(self) -> Iterator[Entry]:
        yield from self._walk("")

    def _walk(self, folder: str) -> Iterator[Entry]:
        with os.scandir(self.root / folder) as found:
            children = sorted(found, key=lambda child: child.name)
        for child in children:
            path = f"{folder}/{child.name}" if folder else child.name
            if child.is_dir(follow_symlinks=False):
                if child.name not in BY_PRODUCTS and path != ".git":
                    yield from self._walk(path)
            elif path != ".git":
                status = child.stat(follow_symlinks=False)
                yield Entry(path, git_mode(status.st_mode), status.st_size)

    def read(self, path: str, limit: int) -> bytes:
        with ExitStack() as opened:
            folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
            opened.callback(os.close, folder)
            *parents, name = path.split("/")
            for parent in parents:
                folder = _open(folder, parent, os.O_DIRECTORY)
                opened.callback(os.close, folder)
            with os.fdopen(_open(folder, name, os.O_NONBLOCK), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise FileNotFoundError(path)
                return file.read(limit)


def git_mode(mode: int) -> int:
    """What git would record for a file of this ``st_mode``; set-id bits and special files stay visible."""
    if stat.S_ISLNK(mode):
        return SYMLINK
    if not stat.S_ISREG(mode) or mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX):
        return mode
    return EXECUTABLE if mode & stat.S_IXUSR else FILE


def _open(folder: int, name: str, flags: int) -> int:
    """Open without following a link, even one swapped in since the listing. Raises FileNotFoundError."""
    if name in ("", ".", ".."):
        raise FileNotFoundError(name)
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    except (OSError, ValueError) as error:
        raise FileNotFoundError(name) from error
