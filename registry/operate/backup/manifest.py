"""What a backup says of itself: one JSON file, and one line for every other file with its SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from registry.operate.backup.errors import BackupError

FORMAT = "lumbung-backup/1"
MANIFEST, SUMS = "manifest.json", "sums.jsonl"
MAX_MANIFEST = 64 * 2**20
HOLLOW = 2**30
"""A file this much larger than what it takes on the disk is not read through: its holes may go on for ever."""


@dataclass(frozen=True)
class Copied:
    """One plugin's data: ``revision`` is the id of the one that served it, ``problem`` why it is not there."""

    deployment: int
    plugin: str
    revision: int | None = None
    files: int = 0
    bytes: int = 0
    dumped: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Manifest:
    """``made_at`` is ISO 8601 in UTC, ``schema`` the newest migration, ``server`` PostgreSQL's major version."""

    made_at: str
    version: str
    schema: str
    server: int
    repositories: int
    archives: int
    plugins: tuple[Copied, ...] = ()
    format: str = FORMAT

    @property
    def problems(self) -> list[str]:
        return [f"{one.plugin}: {one.problem}" for one in self.plugins if one.problem]


@dataclass
class Sums:
    """The sums of a folder's files, collected as they are counted."""

    lines: list[tuple[str, int, str]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        with (folder / SUMS).open("w") as file:
            for line in self.lines:
                file.write(json.dumps(line) + "\n")


def write(folder: Path, manifest: Manifest) -> None:
    """The sums of all that lies in ``folder``, then the manifest with theirs: last, so that a half backup has none."""
    Sums([*_sums(folder)]).write(folder)
    value = {**asdict(manifest), "sums": _digest(folder / SUMS)}
    (folder / MANIFEST).write_text(json.dumps(value, indent=1))


def read(folder: Path) -> Manifest:
    """Raises BackupError when this is no whole backup of a format known here."""
    value = _value(folder)
    if value.get("format") != FORMAT:
        raise BackupError(f"{folder} is of the format {value.get('format')!r}; this Lumbung reads {FORMAT}")
    try:
        plugins = tuple(Copied(**one) for one in value.pop("plugins"))
        value.pop("sums")
        return Manifest(**value, plugins=plugins)
    except (KeyError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read: {error}") from None


def changed(folder: Path) -> list[str]:
    """Every file that is missing, new, or not what it was when the backup was made."""
    if _value(folder).get("sums") != _digest(folder / SUMS):
        return [f"{SUMS} was changed"]
    kept = {path: (size, digest) for path, size, digest in _lines(folder / SUMS)}
    found = {path: (size, digest) for path, size, digest in _sums(folder)}
    wrong = [f"{path} was changed" for path in kept.keys() & found.keys() if kept[path] != found[path]]
    wrong += [f"{path} is missing" for path in kept.keys() - found.keys()]
    wrong += [f"{path} was added" for path in found.keys() - kept.keys()]
    return sorted(wrong)


def _value(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MAX_MANIFEST:
            raise BackupError(f"{path} is too large")
        value = json.loads(path.read_text())
    except FileNotFoundError:
        raise BackupError(f"{folder} holds no backup: there is no {MANIFEST} in it") from None
    except ValueError as error:
        raise BackupError(f"{path} cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise BackupError(f"{path} cannot be read")
    return value


def _lines(path: Path) -> Iterator[tuple[str, int, str]]:
    with path.open() as file:
        for line in file:
            name, size, digest = json.loads(line)
            yield name, size, digest


def _sums(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Of every file below; names a stranger chose are kept as they are (JSON writes out what is no UTF-8)."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            told = os.path.relpath(path, folder)
            if told not in (MANIFEST, SUMS):
                yield told, *_sum(path)


def _sum(path: str) -> tuple[int, str]:
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        return 0, f"link:{os.readlink(path)}"
    if found.st_size - found.st_blocks * 512 > HOLLOW:
        return found.st_size, "hollow"
    return found.st_size, _digest(Path(path))


def _digest(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
