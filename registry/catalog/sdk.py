"""The plugins' library as an archive anybody may install: what a plugin needs to run outside Lumbung."""

from __future__ import annotations

import configparser
import gzip
import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from registry.config import REPOSITORY

FOLDER = REPOSITORY / "sdk"
NAME = "lumbung-plugin"
WHEN = 1_767_225_600
"""Of every file in the archive: one version is the same archive everywhere. Wheels cannot tell times before 1980."""

LEFT_OUT = frozenset({"build", "dist", "instance", "__pycache__"})


@dataclass(frozen=True)
class Archive:
    """``content`` is a tar.gz that pip and uv install; ``sha256`` is of it, in hex."""

    version: str
    content: bytes
    sha256: str

    @property
    def name(self) -> str:
        return f"{NAME}-{self.version}.tar.gz"


@cache
def present() -> Archive:
    """Of this Lumbung; packed once per process."""
    return pack(FOLDER)


def pack(folder: Path) -> Archive:
    """The library in ``folder``, its version as setup.cfg tells it; equal files make an equal archive."""
    version = version_of(folder)
    target = BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=WHEN) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in _files(folder):
            content = path.read_bytes()
            member = tarfile.TarInfo(f"{NAME}-{version}/{path.relative_to(folder).as_posix()}")
            member.size, member.mode, member.mtime = len(content), 0o644, WHEN
            tar.addfile(member, BytesIO(content))
    made = target.getvalue()
    return Archive(version, made, hashlib.sha256(made).hexdigest())


def version_of(folder: Path) -> str:
    told = configparser.ConfigParser(interpolation=None)
    told.read(folder / "setup.cfg", encoding="utf-8")
    return told["metadata"]["version"]


def _files(folder: Path) -> Iterator[Path]:
    """Sorted; without what building and testing leave behind."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        made = any(part in LEFT_OUT or part.startswith(".") or part.endswith(".egg-info") for part in parts)
        if path.is_file() and not made:
            yield path
