"""Every way people and machines take a repository, by the real git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.forge.conftest import World, commit, git
from tests.forge.serving.conftest import pushed

ZERO = "0" * 40


@pytest.fixture
def history(world: World, fork: Path) -> str:
    """Bontang's fork, with six commits of one day each and a branch beside main; its address."""
    for day in range(1, 7):
        (fork / "days.txt").write_text(f"{day}\n")
        git("add", "-A", cwd=fork)
        when = f"2026-01-0{day}T00:00:00Z"
        git("commit", "-q", "-m", f"day {day}", cwd=fork, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when)
    git("push", "-q", "origin", "HEAD:main", "HEAD:refs/heads/topic", cwd=fork, token=world.admin)
    return f"{world.origin}/git/bontang/lapor.git"


def count(clone: Path) -> int:
    return int(git("rev-list", "--count", "HEAD", cwd=clone))


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_a_whole_clone_is_sound(history: str, tmp_path: Path, version: str) -> None:
    git("-c", f"protocol.version={version}", "clone", "-q", history, tmp_path / "c")
    git("fsck", "--full", "--strict", cwd=tmp_path / "c")
    assert (tmp_path / "c" / "days.txt").read_text() == "6\n"


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_shallow_clone_is_deepened_and_made_whole(history: str, tmp_path: Path, version: str) -> None:
    """facts 2.1: upload-pack ends a shallow request with an error that is none."""
    clone, protocol = tmp_path / "c", ("-c", f"protocol.version={version}")
    git(*protocol, "clone", "-q", "--depth=1", history, clone)
    assert count(clone) == 1
    git(*protocol, "fetch", "-q", "--deepen=2", cwd=clone)
    assert count(clone) == 3
    git(*protocol, "fetch", "-q", "--unshallow", cwd=clone)
    assert count(clone) == 8
    git("fsck", "--full", cwd=clone)


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_clone_from_a_day_on(history: str, tmp_path: Path, version: str) -> None:
    since = "--shallow-since=2026-01-03T12:00:00Z"
    git("-c", f"protocol.version={version}", "clone", "-q", since, history, tmp_path / "c")
    assert count(tmp_path / "c") == 3


@pytest.mark.parametrize("version", ["0", "2"])
@pytest.mark.parametrize("wanted", ["blob:none", "tree:0", "blob:limit=2"])
def test_a_partial_clone_asks_for_the_rest_later(history: str, tmp_path: Path, version: str, wanted: str) -> None:
    """facts 6.2: a filter the server does not allow is dropped in silence, so the objects are counted."""
    clone, protocol = tmp_path / "c", ("-c", f"protocol.version={version}")
    git(*protocol, "clone", "-q", "--no-checkout", f"--filter={wanted}", history, clone)
    missing = git("rev-list", "--objects", "--all", "--missing=print", cwd=clone)
    assert "\n?" in missing
    assert git(*protocol, "show", "HEAD~3:days.txt", cwd=clone) == "3\n"
    git(*protocol, "checkout", "-q", "main", cwd=clone)
    assert (clone / "days.txt").read_text() == "6\n"


def test_one_branch_alone(history: str, tmp_path: Path) -> None:
    git("clone", "-q", "--single-branch", "--branch=topic", "--no-tags", history, tmp_path / "c")
    assert git("branch", "-r", cwd=tmp_path / "c").strip() == "origin/topic"
    assert git("tag", cwd=tmp_path / "c") == ""


def test_a_tag_is_cloned_by_its_name(history: str, tmp_path: Path) -> None:
    git("clone", "-q", "-c", "advice.detachedHead=false", "--branch=v1.0.0", "--depth=1", history, tmp_path / "c")
    assert git("describe", "--tags", "--exact-match", cwd=tmp_path / "c").strip() == "v1.0.0"


def test_a_mirror_has_branches_and_tags_and_nothing_else(history: str, world: World, tmp_path: Path) -> None:
    git("--git-dir", world.storage.fork("bontang", "lapor"), "update-ref", "refs/keep/x", "refs/heads/main")
    git("clone", "-q", "--mirror", history, tmp_path / "c")
    names = git("for-each-ref", "--format=%(refname)", cwd=tmp_path / "c").split()
    assert names == ["refs/heads/main", "refs/heads/topic", "refs/tags/v1.0.0"]


def test_a_fetch_brings_what_is_new(history: str, world: World, fork: Path, tmp_path: Path) -> None:
    git("clone", "-q", history, tmp_path / "c")
    made = commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    git("pull", "-q", cwd=tmp_path / "c")
    assert git("rev-parse", "HEAD", cwd=tmp_path / "c").strip() == made


def test_a_large_fetch_request_comes_as_gzip(history: str, world: World, fork: Path, tmp_path: Path) -> None:
    """facts 2.2: git packs a request that names many commits, so gzip is mandatory."""
    git("clone", "-q", history, tmp_path / "c")
    for number in range(40):
        git("commit", "-q", "--allow-empty", "-m", str(number), cwd=tmp_path / "c")
    commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    told = git("fetch", cwd=tmp_path / "c", GIT_TRACE_CURL="1").lower()
    assert "content-encoding: gzip" in told and "origin/main" in told


def test_a_clone_that_was_killed_is_made_by_the_next_try(world: World, fork: Path, tmp_path: Path) -> None:
    pushed(fork, world, "picture.bin", 2 * 2**20)
    address = f"{world.origin}/git/bontang/lapor.git"
    broken = subprocess.Popen(["git", "-c", "http.postBuffer=1000", "clone", "-q", address, tmp_path / "c"])
    try:
        broken.wait(0.05)
    except subprocess.TimeoutExpired:
        broken.kill()
        broken.wait()
    git("clone", "-q", address, tmp_path / "whole")
    git("fsck", "--full", cwd=tmp_path / "whole")


def test_a_push_that_was_killed_is_made_by_the_next_try(world: World, fork: Path) -> None:
    made = commit(fork, "picture.bin", b"x" * 100)
    command = ["git", "push", "-q", f"{world.origin}/git/bontang/lapor.git", "HEAD:main"]
    broken = subprocess.Popen(command, cwd=fork, stderr=subprocess.DEVNULL, env={"PATH": "/usr/bin", "HOME": "/x"})
    broken.kill()
    broken.wait()
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    stored = world.storage.fork("bontang", "lapor")
    assert git("--git-dir", stored, "rev-parse", "main").strip() == made
    assert list((stored / "objects").glob("tmp_objdir-*")) == []


@pytest.mark.parametrize("version", ["0", "2"])
def test_an_empty_repository_is_cloned_and_its_main_is_main(world: World, tmp_path: Path, version: str) -> None:
    stored = world.storage.fork("bontang", "lapor")
    git("--git-dir", stored, "update-ref", "-d", "refs/heads/main")
    git("--git-dir", stored, "update-ref", "-d", "refs/tags/v1.0.0")
    told = git("-c", f"protocol.version={version}", "clone", f"{world.origin}/git/bontang/lapor.git", tmp_path / "c")
    assert "empty repository" in told
    commit(tmp_path / "c")
    git("push", "-q", "origin", "HEAD:main", cwd=tmp_path / "c", token=world.admin)
    assert git("ls-remote", "origin", "refs/heads/main", cwd=tmp_path / "c")


@pytest.mark.parametrize("name", ["a/b/c", "with'quote", "ünïcode", "dots.in.name", "100%", "at@sign", "semi;colon"])
def test_odd_names_of_branches_travel(world: World, fork: Path, tmp_path: Path, name: str) -> None:
    commit(fork)
    git("push", "-q", "origin", f"HEAD:refs/heads/{name}", cwd=fork, token=world.admin)
    git("clone", "-q", "--branch", name, f"{world.origin}/git/bontang/lapor.git", tmp_path / "c")
    assert (tmp_path / "c" / "note.txt").exists()
    git("push", "-q", "origin", f":refs/heads/{name}", cwd=fork, token=world.admin)


def test_who_merged_upstream_at_home_pushes_only_the_merge(world: World, fork: Path, upstream: Path) -> None:
    """facts 1.3: with the pool's tips as ``.have`` lines 1 object is sent, without them all of them."""
    for number in range(20):
        commit(upstream, f"file{number}.txt", f"{number}\n" * 200)
    git("push", "-q", "origin", "HEAD:main", cwd=upstream, token=world.maintainer)
    git("pull", "-q", "--no-rebase", "--no-edit", f"{world.origin}/git/lapor.git", "main", cwd=fork)
    told = git("push", "--progress", "origin", "HEAD:main", cwd=fork, token=world.admin)
    assert "Writing objects: 100% (2/2)" in told or "Writing objects: 100% (1/1)" in told, told
