"""Archives that people upload: unpacked file by file under limits, nothing trusted of what they say of themselves."""

from __future__ import annotations

import gzip
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import EXECUTABLE, FILE, BundleLimits, Entry
from registry.core.errors import InvalidError
from registry.forge import storage
from registry.forge.publishing import Publication, limits, publish_folder
from registry.forge.trees import CHUNK, check_entry
from registry.tenants.models import City

MAX_DIRECTORY = 4 * 2**20
"""Of a zip: its list of files, which is read at once."""

_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Member:
    """A file in an archive, before it is trusted; ``content`` is read once, in pieces."""

    path: str
    mode: int
    size: int
    content: IO[bytes]


def publish_upload(
    publisher: City, stream: IO[bytes], filename: str, user_id: int | None, tested: bool = False
) -> Publication:
    """Release a bundle that came as ``.tar.gz`` or ``.zip``. Raises InvalidError and what `publish_folder` raises."""
    with storage.here().scratch() as scratch:
        return publish_folder(publisher, unpacked(stream, filename, scratch / "bundle", limits()), user_id, tested)


def unpacked(stream: IO[bytes], filename: str, folder: Path, bounds: BundleLimits) -> Path:
    """`unpack`, and where in ``folder`` the bundle itself begins."""
    unpack(stream, filename, folder, bounds)
    return _top(folder)


def unpack(stream: IO[bytes], filename: str, folder: Path, bounds: BundleLimits) -> None:
    """Write the archive's plain files below ``folder``; raises InvalidError at the first thing that is not one."""
    folder.mkdir()
    unpacking = _Unpacking(folder, bounds)
    try:
        for member in _members(stream, filename, bounds):
            unpacking.add(member)
    except _DAMAGED as error:
        raise InvalidError(_("This archive is damaged: %(reason)s", reason=str(error)[:200])) from error


@dataclass
class _Unpacking:
    folder: Path
    bounds: BundleLimits
    size: int = 0
    seen: set[str] = field(default_factory=set)

    def add(self, member: Member) -> None:
        check_entry(Entry(member.path, member.mode, member.size), len(self.seen), self.size + member.size, self.bounds)
        key = unicodedata.normalize("NFC", member.path).casefold()
        if key in self.seen:
            raise InvalidError(_("%(path)s is in the archive twice.", path=member.path))
        self.seen.add(key)
        target = self.folder / member.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            left = member.size
            while left and (chunk := member.content.read(min(CHUNK, left))):
                left -= len(chunk)
                file.write(chunk)
        target.chmod(member.mode & 0o777)
        self.size += member.size


def _members(stream: IO[bytes], filename: str, bounds: BundleLimits) -> Iterator[Member]:
    name = filename.lower()
    if name.endswith((".tar.gz", ".tgz")):
        return _tar_members(stream, bounds)
    if name.endswith(".zip"):
        return _zip_members(stream)
    raise InvalidError(_("Upload a .tar.gz or a .zip file."))


def _tar_members(stream: IO[bytes], bounds: BundleLimits) -> Iterator[Member]:
    """Read as a stream; what it inflates to is counted, headers and skipped members too."""
    most = bounds.size + bounds.files * 4_096
    with gzip.GzipFile(fileobj=stream) as inflated, _tar(_Counted(inflated, most)) as tar:
        for info in tar:
            if info.isdir():
                continue
            mode = (EXECUTABLE if info.mode & stat.S_IXUSR else FILE) if info.isreg() else 0
            content = tar.extractfile(info) if info.isreg() else None
            yield Member(info.name.removeprefix("./"), mode, info.size, content or stream)


def _tar(stream: Any) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="r|")


def _zip_members(stream: IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(_Capped(stream)) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            unix = info.external_attr >> 16
            plain = stat.S_IFMT(unix) in (0, stat.S_IFREG) and not info.flag_bits & 1
            mode = (EXECUTABLE if unix & stat.S_IXUSR else FILE) if plain else 0
            if not plain:
                yield Member(info.filename, mode, info.file_size, stream)
            with archive.open(info) as content:
                yield Member(info.filename, mode, info.file_size, content)


class _Counted:
    """A stream that refuses to give more than ``most`` bytes: a bomb stops here, not on the disk."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int) -> bytes:
        chunk: bytes = self._stream.read(min(size, self._left + 1))
        self._left -= len(chunk)
        if self._left < 0:
            raise InvalidError(_("The archive unpacks to more than a bundle may hold."))
        return chunk


class _Capped:
    """A seekable file whose single reads are bounded: zipfile reads a whole directory at once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size if 0 <= size <= MAX_DIRECTORY else MAX_DIRECTORY + 1)
        if len(content) > MAX_DIRECTORY:
            raise InvalidError(_("The archive lists more files than a bundle may hold."))
        return content


def _top(folder: Path) -> Path:
    """The bundle itself: archives often wrap it in one folder."""
    children = list(folder.iterdir())
    return children[0] if len(children) == 1 and children[0].is_dir() else folder
