"""Writing the archive: each file's SHA-256 is taken while it is read, so that nothing is read twice."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from registry.backups.export_format import MANIFEST, Manifest, Packed, is_safe, stays_inside
from registry.core import tables

HOLLOW = 2**30
"""A file this much larger than what it takes on the disk stays out: read, its holes would fill any archive."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Packer:
    """One archive being written; all in it lies below ``prefix``."""

    def __init__(self, tar: tarfile.TarFile, prefix: str) -> None:
        self._tar, self._prefix = tar, prefix
        self.files: list[Packed] = []
        self.links: dict[str, str] = {}
        self.left_out: list[str] = []

    def text(self, path: str, content: str, mode: int = 0o644) -> None:
        body = content.encode("utf-8", "surrogateescape")
        self._add(path, io.BytesIO(body), len(body), mode, time.time())

    def json(self, path: str, value: Any) -> None:
        self.text(path, json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n")

    def table(self, name: str, rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> None:
        """The same rows as JSON for programs and as CSV for people."""
        self.json(f"{name}.json", rows)
        names = list(columns)
        lines = [tables.row(names), *(tables.row(_told(row.get(column)) for column in names) for row in rows)]
        self.text(f"{name}.csv", tables.BOM + "".join(lines))

    def data(self, path: str, content: bytes) -> None:
        """What we made just now."""
        self._add(path, io.BytesIO(content), len(content), 0o644, time.time())

    def file(self, path: str, source: Path) -> None:
        """A file of ours."""
        with source.open("rb") as content:
            found = os.fstat(content.fileno())
            self._add(path, content, found.st_size, stat.S_IMODE(found.st_mode) & 0o755, found.st_mtime)

    def folder(self, path: str, source: Path) -> None:
        """A folder that strangers wrote: links that lead out, and what is neither file nor folder, stay out."""
        self._folder(path, os.fsencode(source), path)

    def finish(self, manifest: Manifest) -> None:
        self.text(MANIFEST, json.dumps(manifest.to_json(), indent=1))

    def _folder(self, path: str, source: bytes, root: str) -> None:
        with os.scandir(source) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                inner = f"{path}/{os.fsdecode(entry.name)}"
                if not is_safe(inner):
                    self.left_out.append(f"{inner[:200]}: its name is too long")
                elif entry.is_dir(follow_symlinks=False):
                    self._folder(inner, entry.path, root)
                elif entry.is_symlink():
                    self._link(inner, os.fsdecode(os.readlink(entry.path)), root)
                else:
                    self._stranger(inner, entry.path)

    def _link(self, path: str, target: str, root: str) -> None:
        if stays_inside(path, target, root):
            self.links[path] = target
        else:
            self.left_out.append(f"{path}: a link that leads out of its folder")

    def _stranger(self, path: str, source: bytes) -> None:
        with open(source, "rb", opener=lambda name, _flags: os.open(name, _READ)) as content:
            found = os.fstat(content.fileno())
            if not stat.S_ISREG(found.st_mode):
                self.left_out.append(f"{path}: neither a file nor a folder")
            elif found.st_size - found.st_blocks * 512 > HOLLOW:
                self.left_out.append(f"{path}: mostly holes, {found.st_size} bytes")
            else:
                self._add(path, content, found.st_size, stat.S_IMODE(found.st_mode) & 0o755, found.st_mtime)

    def _add(self, path: str, content: IO[bytes], size: int, mode: int, when: float) -> None:
        member = tarfile.TarInfo(f"{self._prefix}/{path}")
        member.size, member.mode, member.mtime = size, mode, int(when)
        reader = _Reader(content)
        self._tar.addfile(member, reader)  # type: ignore[arg-type]
        self.files.append(Packed(path, size, reader.digest.hexdigest()))


class _Reader:
    """What is read through it is summed up."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content, self.digest = content, hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def packing(target: Path, prefix: str) -> Iterator[Packer]:
    """An archive that gets its name when it is whole; nobody else may read it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            open(draft, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file,
            tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT, compresslevel=6) as tar,
        ):
            yield Packer(tar, prefix)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def _told(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
