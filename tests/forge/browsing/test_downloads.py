"""Archives of any version: the same bytes for ever, bounded, and only of what a branch or tag leads to."""

from __future__ import annotations

import io
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.core.errors import TooLargeError, UnavailableError
from registry.forge import archives, git, storage
from registry.forge.browsing import downloads, refs
from registry.forge.trees import Commit
from tests.forge.browsing.conftest import blob, put, put_tree
from tests.forge.conftest import World


@pytest.fixture
def place(world: World) -> Iterator[Path]:
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        yield world.storage.fork("bontang", "lapor")


def main(repository: Path) -> Commit:
    return refs.resolve(repository, "main").commit


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_made_anew_it_is_the_same_whatever_the_zone(place: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip of git's own depends on TZ (measured)."""
    first = downloads.get(place, "lapor", main(place), kind)
    kept = first.path.read_bytes()
    first.path.unlink()
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    time.tzset()
    again = downloads.get(place, "lapor", main(place), kind)
    monkeypatch.undo()
    time.tzset()
    assert again.path.read_bytes() == kept and again.sha256 == first.sha256


def test_it_is_made_once_for_every_fork(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads.get(place, "lapor", main(place), "zip")

    def never(*_given: object) -> None:
        raise AssertionError("made twice")

    monkeypatch.setattr(archives, "write", never)
    assert downloads.get(place, "lapor", main(place), "zip").name.endswith(".zip")


def test_attributes_in_a_tree_change_nothing_of_what_is_delivered(place: Path) -> None:
    files = {".gitattributes": "id export-subst\nx export-ignore\n", "id": "$Format:%H$", "x": "x"}
    put(place, files, parent=main(place).id)
    made = downloads.get(place, "lapor", main(place), "zip")
    with zipfile.ZipFile(made.path) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        assert archive.read(names["id"]) == b"$Format:%H$" and "x" in names


def test_links_are_links_and_submodules_empty_folders(place: Path) -> None:
    link = blob(place, b"/etc/passwd").encode()
    listing = b"120000 blob " + link + b"\tlink\x00160000 commit " + b"1" * 40 + b"\tsub\x00"
    listing += b"100644 blob " + link + b"\t\xff\x00"
    put_tree(place, listing)
    made = {kind: downloads.get(place, "lapor", main(place), kind) for kind in ("tar.gz", "zip")}
    with tarfile.open(made["tar.gz"].path) as tar:
        found = {member.name.partition("/")[2]: member for member in tar}
        assert found["link"].issym() and found["link"].linkname == "/etc/passwd" and found["sub"].isdir()
    with zipfile.ZipFile(made["zip"].path) as archive:
        modes = {info.filename.partition("/")[2]: info.external_attr >> 16 for info in archive.infolist()}
        assert modes["link"] == 0o120000 and "sub/" in modes


def test_a_commit_before_zip_had_years_is_packed(place: Path) -> None:
    tree = git.line(place, "rev-parse", "refs/heads/main^{tree}")
    raw = f"tree {tree}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nold\n"
    made = git.line(place, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode())
    git.run(place, "update-ref", "refs/heads/old", made)
    old = refs.resolve(place, "old").commit
    with zipfile.ZipFile(downloads.get(place, "lapor", old, "zip").path) as archive:
        assert archive.infolist()[0].date_time[0] == 1980


def test_a_bundle_is_a_repository(place: Path, tmp_path: Path) -> None:
    made = downloads.get(place, "lapor", main(place), "bundle")
    subprocess.run(["git", "clone", "-q", str(made.path), str(tmp_path / "clone")], check=True)
    head = subprocess.run(["git", "-C", str(tmp_path / "clone"), "rev-parse", "HEAD"], check=True, capture_output=True)
    assert head.stdout.decode().strip() == main(place).id


@pytest.mark.parametrize("kind", downloads.KINDS)
def test_what_is_too_much_is_refused_and_leaves_nothing(
    place: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_most", lambda: 100)
    with pytest.raises(TooLargeError):
        downloads.get(place, "lapor", main(place), kind)
    folder = storage.here().data / "git" / "incoming" / "downloads" / "lapor"
    assert list(folder.glob("*")) == []


def test_there_is_only_so_much_room_and_the_oldest_goes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = downloads.get(place, "lapor", main(place), "zip")
    monkeypatch.setattr(downloads, "MAX_KEPT", first.size + 10)
    put(place, {"new": "x"}, parent=main(place).id)
    second = downloads.get(place, "lapor", main(place), "zip")
    assert second.path.exists() and not first.path.exists() and not archives.sum_of(first.path).exists()


def test_only_some_are_made_at_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "WAIT", 0.01)
    held = [downloads._makers.acquire() for _one in range(2)]
    try:
        with pytest.raises(UnavailableError):
            downloads.get(place, "lapor", main(place), "zip")
    finally:
        for _one in held:
            downloads._makers.release()


def test_of_what_no_branch_leads_to_there_is_none(world: World, place: Path) -> None:
    lost = put(place, {"a": "secret"}, ref="refs/heads/gone")
    git.run(place, "update-ref", "-d", "refs/heads/gone")
    git.run(place, "for-each-ref")
    for made in git.line(place, "for-each-ref", "--format=%(refname)", "refs/made/").splitlines():
        git.run(place, "update-ref", "-d", made)
    put(world.storage.upstream("lapor"), {"b": "other"}, ref="refs/heads/elsewhere")
    client = world.app.test_client()
    assert client.get(f"/apps/lapor/archives/{lost}.zip").status_code == 404
    for kind in ("zip", "tar.gz", "bundle", "exe"):
        assert client.get(f"/apps/lapor/archives/--output=x.{kind}").status_code == 404
    assert client.get("/apps/lapor/archive?kind=exe").status_code == 404


def test_all_files_lie_in_one_folder_named_by_the_commit(place: Path) -> None:
    made = downloads.get(place, "lapor", main(place), "tar.gz")
    with tarfile.open(fileobj=io.BytesIO(made.path.read_bytes())) as tar:
        assert all(member.name.startswith(f"lapor-{main(place).id[:12]}/") for member in tar)
