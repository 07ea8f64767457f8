"""A second client, which shares no code with git: dulwich."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.client import HTTPUnauthorized
from dulwich.errors import HangupException, NotGitRepository
from dulwich.repo import Repo

from tests.forge.conftest import World, commit, git


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def cloned(world: World, target: Path, path: str = "bontang/lapor", **given: object) -> Repo:
    return porcelain.clone(f"{world.origin}/git/{path}.git", str(target), errstream=io.BytesIO(), **given)


def written(clone: Repo, folder: Path) -> bytes:
    (folder / "note.txt").write_text("from dulwich")
    porcelain.add(clone, [str(folder / "note.txt")])
    return porcelain.commit(clone, message=b"note", author=b"T <t@example.id>", committer=b"T <t@example.id>")


@pytest.mark.parametrize("version", [0, 2])
@pytest.mark.parametrize("path", ["lapor", "bontang/lapor"])
def test_it_clones(world: World, tmp_path: Path, version: int, path: str) -> None:
    with cloned(world, tmp_path / "c", path, protocol_version=version) as clone:
        assert (tmp_path / "c" / "publiccode.yml").exists()
        assert b"refs/tags/v1.0.0" in clone.get_refs()


def test_it_clones_shallow(world: World, tmp_path: Path) -> None:
    with cloned(world, tmp_path / "c", depth=1) as clone:
        assert len(list(clone.get_walker())) == 1


def test_it_fetches_what_is_new(world: World, fork: Path, tmp_path: Path) -> None:
    with cloned(world, tmp_path / "c") as clone:
        made = commit(fork)
        git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
        porcelain.fetch(clone, errstream=io.BytesIO())
        assert made.encode() in clone.object_store


def test_it_pushes_with_a_token(world: World, tmp_path: Path) -> None:
    with cloned(world, tmp_path / "c") as clone:
        made = written(clone, tmp_path / "c")
        address = f"{world.origin}/git/bontang/lapor.git"
        said = {"outstream": io.BytesIO(), "errstream": io.BytesIO()}
        porcelain.push(clone, address, b"refs/heads/main", username="x", password=world.admin, **said)
    stored = world.storage.fork("bontang", "lapor")
    assert git("--git-dir", stored, "rev-parse", "main").strip() == made.decode()


def test_without_a_token_it_is_asked_for_one(world: World, tmp_path: Path) -> None:
    with cloned(world, tmp_path / "c") as clone:
        written(clone, tmp_path / "c")
        with pytest.raises(HTTPUnauthorized):
            porcelain.push(clone, f"{world.origin}/git/bontang/lapor.git", b"refs/heads/main", errstream=io.BytesIO())


def test_it_hears_that_main_is_protected(world: World, tmp_path: Path) -> None:
    with cloned(world, tmp_path / "c") as clone:
        said = io.BytesIO()
        told = {"outstream": io.BytesIO(), "errstream": said, "username": "x", "password": world.admin}
        porcelain.push(clone, f"{world.origin}/git/bontang/lapor.git", b":refs/heads/main", **told)
        assert b"lumbung: " in said.getvalue() and b"refs/heads/main" in said.getvalue()
    assert git("--git-dir", world.storage.fork("bontang", "lapor"), "rev-parse", "main")


def test_it_is_told_of_an_unknown_repository(world: World, tmp_path: Path) -> None:
    with pytest.raises((NotGitRepository, HangupException)):
        cloned(world, tmp_path / "c", "nothing")
