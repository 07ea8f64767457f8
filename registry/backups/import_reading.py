"""An archive of a city unpacked and checked: whoever packed it is not trusted.

Only files are written, each below one new folder, under names that cannot leave it; links are made last, when the
manifest has vouched for each. What the manifest does not name, or names otherwise than it is, refuses the whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from registry.backups.export_format import MANIFEST, MAX_MANIFEST, FormatError, Manifest, is_safe, manifest_of

MAX_FILES = 5_000_000
SPARE = 2**30
"""Bytes left free on the disk, which the database shares."""

CHUNK = 2**20


def unpack(archive: Path, target: Path) -> Manifest:
    """Write the archive's files into ``target``, a new folder. Raises FormatError, OSError."""
    target.mkdir(parents=True, mode=0o700)
    sums: dict[str, tuple[int, str]] = {}
    try:
        with tarfile.open(archive, mode="r|gz") as tar:
            for path, member in _members(tar):
                content = tar.extractfile(member)
                if path in sums or content is None:
                    raise FormatError(f"{path[:80]!r} is in the archive twice, or is no file")
                sums[path] = _write(target / path, content, member)
                if len(sums) > MAX_FILES:
                    raise FormatError("the archive has too many files")
    except (tarfile.TarError, EOFError, zlib.error, FileExistsError, NotADirectoryError) as error:
        raise FormatError(f"the archive cannot be read: {error}") from error
    manifest = _manifest(target)
    _compare(manifest, sums)
    for path, led in manifest.links.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).symlink_to(led)
    return manifest


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """Each with its path below the archive's one folder."""
    only = None
    for member in tar:
        top, _slash, path = member.name.partition("/")
        only = only or top
        if member.isdir() and top == only:
            continue
        if not member.isreg() or top != only or not is_safe(path):
            raise FormatError(f"{member.name[:80]!r} does not belong into an archive of a city")
        yield path, member


def _write(path: Path, content: IO[bytes], member: tarfile.TarInfo) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < member.size + SPARE:
        raise OSError(f"the disk has no room for {member.size} more bytes: make room, or give --scratch elsewhere")
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while piece := content.read(CHUNK):
            digest.update(piece)
            file.write(piece)
    path.chmod(0o700 if member.mode & 0o100 else 0o600)
    return member.size, digest.hexdigest()


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file() or path.stat().st_size > MAX_MANIFEST:
        raise FormatError(f"there is no {MANIFEST} in the archive")
    try:
        return manifest_of(json.loads(path.read_text()))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{MANIFEST} of the archive cannot be read: {error}") from None


def _compare(manifest: Manifest, found: dict[str, tuple[int, str]]) -> None:
    told = {one.path: (one.size, one.sha256) for one in manifest.files}
    there = {path: sums for path, sums in found.items() if path != MANIFEST}
    wrong = sorted(path for path in told.keys() | there.keys() if told.get(path) != there.get(path))
    if wrong:
        raise FormatError(f"{len(wrong)} files are not as {MANIFEST} says: {', '.join(map(repr, wrong[:5]))}")
