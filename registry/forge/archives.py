"""The files of a release: made once, then never again, so that a checksum published today holds for ever.

Archives are packed by ourselves from git's objects, not by ``git archive``: attributes inside a bundle (export-subst,
export-ignore) must not change what is delivered.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import SUBMODULE, SYMLINK, Entry
from registry.core.errors import TooLargeError
from registry.core.files import sync_folder, write_lasting
from registry.forge import git, storage
from registry.forge.trees import CHUNK, GitTree, blobs

SBOM = "cdx.json"
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, tzinfo=UTC)
"""What a zip can say of time."""

Seen = Callable[[int], None]
"""Hears the bytes of each file once it is packed."""

KINDS = (*storage.ARCHIVES, SBOM)
"""Every file of a release that has a checksum and a signature."""


@dataclass(frozen=True)
class Made:
    """Of the tar.gz: its SHA-256 (hex) and its bytes."""

    sha256: str
    size: int


def make(place: storage.Storage, app: str, version: str, commit: str, tree: str, when: datetime) -> Made:
    """Write tar.gz, zip and bundle of a release with their checksums; what lay there under this name is replaced."""
    pool, prefix = place.pool(app), f"{app}-{version}"
    targets = {kind: place.archive(app, version, kind) for kind in storage.ARCHIVES}
    with _writing(targets["tar.gz"]) as file:
        _tar(file, pool, tree, prefix, when)
    with _writing(targets["zip"]) as file:
        _zip(file, pool, tree, prefix, when)
    with _writing(targets["bundle"]) as file:
        _bundle(file, pool, version, commit)
    sums = {kind: _checksum(path) for kind, path in targets.items()}
    return Made(sums["tar.gz"], targets["tar.gz"].stat().st_size)


def write(
    path: Path, repository: Path, tree: str, prefix: str, when: datetime, seen: Seen | None = None
) -> None:  # fmt: skip
    """A tar.gz or zip (by its name) of any tree, with its checksum: links as links, submodules as empty folders."""
    with _writing(path) as file:
        pack = _zip if path.name.endswith(".zip") else _tar
        pack(file, repository, tree, prefix, when, seen)
    _checksum(path)


def write_bundle(path: Path, repository: Path, commit: str, most: int) -> None:
    """A commit with all its history, as branch main, with its checksum. Raises TooLargeError above ``most`` bytes."""
    with _writing(path) as file:
        _pack(file, repository, {"refs/heads/main": commit}, most)
    _checksum(path)


def remove(place: storage.Storage, app: str, version: str) -> None:
    """Undo `make`, and what was added to it."""
    for kind in KINDS:
        path = place.archive(app, version, kind)
        for one in (path, sum_of(path), signature_of(path)):
            one.unlink(missing_ok=True)


def add_bill(place: storage.Storage, app: str, version: str, text: str) -> None:
    """The release's bill of materials, with its checksum."""
    path = place.archive(app, version, SBOM)
    write_lasting(path, text)
    _checksum(path)


def sum_of(path: Path) -> Path:
    """The file with an archive's checksum, as ``sha256sum -c`` reads it."""
    return path.with_name(f"{path.name}.sha256")


def signature_of(path: Path) -> Path:
    """The file with an archive's signature, as minisign looks for it."""
    return path.with_name(f"{path.name}.minisig")


def is_whole(path: Path) -> bool:
    """Whether the file still is what its checksum was made of."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == told_sum(path)


def told_sum(path: Path) -> str:
    """The SHA-256 (hex) beside an archive; "" when there is none."""
    try:
        return next(iter(sum_of(path).read_text().split()), "")
    except FileNotFoundError:
        return ""


def _files(pool: Path, tree: str, seen: Seen | None) -> Iterator[tuple[Entry, bytes]]:
    with blobs(pool) as opened:
        for entry, object_id in sorted(GitTree(pool, tree).listing(), key=lambda pair: pair[0].path):
            content = b"" if entry.mode == SUBMODULE else b"".join(opened.chunks(object_id, entry.size))
            yield entry, content
            if seen:
                seen(len(content))


def _tar(target: IO[bytes], pool: Path, tree: str, prefix: str, when: datetime, seen: Seen | None = None) -> None:
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for entry, content in _files(pool, tree, seen):
            member = tarfile.TarInfo(f"{prefix}/{entry.path}")
            member.size, member.mode, member.mtime = len(content), entry.mode & 0o777, int(when.timestamp())
            if entry.mode == SYMLINK:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, os.fsdecode(content), 0
            elif entry.mode == SUBMODULE:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(member, BytesIO(content))


def _zip(target: IO[bytes], pool: Path, tree: str, prefix: str, when: datetime, seen: Seen | None = None) -> None:
    moment = max(_FIRST, min(when.astimezone(UTC), _LAST)).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in _files(pool, tree, seen):
            member = zipfile.ZipInfo(_zip_name(prefix, entry), moment)
            member.external_attr, member.create_system = entry.mode << 16, 3
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)


def _zip_name(prefix: str, entry: Entry) -> str:
    """A zip knows no bytes, only characters: those that are none of UTF-8 become signs of replacement."""
    path = os.fsencode(entry.path).decode("utf-8", "replace")
    return f"{prefix}/{path}/" if entry.mode == SUBMODULE else f"{prefix}/{path}"


def _bundle(target: IO[bytes], pool: Path, version: str, commit: str) -> None:
    """A repository in one file: ``git clone FILE`` gives main at this release, with its tag."""
    _pack(target, pool, {"refs/heads/main": commit, f"refs/tags/v{version}": _tag(pool, version)})


def _pack(target: IO[bytes], source: Path, refs: Mapping[str, str], most: int = 0) -> None:
    with storage.here().scratch() as folder:
        bare = storage.make_scratch(folder / "bundle.git")
        storage.borrow(bare, source)
        write_lasting(bare / "packed-refs", storage.packed(refs))
        arguments = ("bundle", "create", "--quiet", "-", "HEAD", *refs)
        with git.started(bare, *arguments, seconds=600) as process:
            assert process.stdout  # noqa: S101 a pipe was asked for
            size = 0
            while chunk := process.stdout.read(CHUNK):
                size += len(chunk)
                if most and size > most:
                    raise TooLargeError(_("This history is more than %(mb)d MB. Clone it with git.", mb=most >> 20))
                target.write(chunk)


def _tag(pool: Path, version: str) -> str:
    return git.line(pool, "rev-parse", "--verify", "--end-of-options", f"refs/tags/v{version}")


@contextmanager
def _writing(path: Path) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    write_lasting(sum_of(path), f"{digest}  {path.name}\n")
    return digest
