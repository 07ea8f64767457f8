"""Hostile archives: each is refused, and nothing of it lands outside its folder."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from registry.catalog.inspection.bundle import BundleLimits
from registry.core.errors import InvalidError
from registry.forge.uploads import unpack

LIMITS = BundleLimits(size=100_000, files=10, file=60_000)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return io.BytesIO(held.getvalue())


def file(name: str, mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mode = mode
    return info


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return io.BytesIO(held.getvalue())


def zip_link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def test_plain_files_arrive(tmp_path: Path) -> None:
    unpack(tar((file("./a/b.txt"), b"1"), (file("run", 0o4777), b"2")), "app.tar.gz", tmp_path / "t", LIMITS)
    unpack(zipped(("a/b.txt", b"1")), "APP.ZIP", tmp_path / "z", LIMITS)
    assert (tmp_path / "t/a/b.txt").read_bytes() == (tmp_path / "z/a/b.txt").read_bytes() == b"1"
    assert oct((tmp_path / "t/run").stat().st_mode) == "0o100755"


HOSTILE_TARS = {
    "traversal": [(file("../evil"), b"1")],
    "absolute": [(file("/tmp/evil"), b"1")],
    "symlink": [(special("link", tarfile.SYMTYPE, "/etc/passwd"), b"")],
    "through-a-symlink": [(special("d", tarfile.SYMTYPE, "/tmp"), b""), (file("d/evil"), b"1")],
    "hard-link": [(special("link", tarfile.LNKTYPE, "/etc/passwd"), b"")],
    "fifo": [(special("pipe", tarfile.FIFOTYPE), b"")],
    "device": [(special("null", tarfile.CHRTYPE), b"")],
    "repository": [(file("x/.git/config"), b"1")],
    "twice": [(file("a"), b"1"), (file("A"), b"2")],
    "file-as-folder": [(file("a"), b"1"), (file("a/b"), b"2")],
    "many": [(file(f"f{number}"), b"1") for number in range(11)],
    "big-file": [(file("f"), bytes(60_001))],
    "big-sum": [(file(f"f{number}"), bytes(50_000)) for number in range(3)],
}


@pytest.mark.parametrize("members", HOSTILE_TARS.values(), ids=HOSTILE_TARS)
def test_hostile_tars(tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    with pytest.raises(InvalidError):
        unpack(tar(*members), "app.tgz", tmp_path / "out", LIMITS)
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


HOSTILE_ZIPS = {
    "traversal": [("../evil", b"1")],
    "absolute": [("/tmp/evil", b"1")],
    "backslash": [("a\\..\\evil", b"1")],
    "symlink": [(zip_link(), b"/etc/passwd")],
    "twice": [("e\u0301", b"1"), ("\u00e9", b"2")],
    "bomb": [("f", bytes(5_000_000))],
}


@pytest.mark.parametrize("members", HOSTILE_ZIPS.values(), ids=HOSTILE_ZIPS)
def test_hostile_zips(tmp_path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> None:
    with pytest.raises(InvalidError):
        unpack(zipped(*members), "app.zip", tmp_path / "out", LIMITS)
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


@pytest.mark.parametrize("name", ["app.tar.gz", "app.zip", "app.rar"])
def test_no_archive_at_all(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidError):
        unpack(io.BytesIO(b"not an archive at all"), name, tmp_path / "out", LIMITS)


def test_a_tar_bomb_in_its_headers(tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 500_000_000
    bomb = gzip.compress(header.tobuf() + bytes(2_000_000))
    with pytest.raises(InvalidError):
        unpack(io.BytesIO(bomb), "app.tar.gz", tmp_path / "out", LIMITS)
