"""What a push may change is decided by data, inside git's quarantine, and told in git's own output."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import service
from registry.forge.serving import gates, rules
from registry.forge.serving.rules import Policy
from registry.tenants.service import find_city
from tests.forge.conftest import World, commit, git, user


def allow(world: World, policy: Policy) -> None:
    """Bontang's admins decide about their fork."""
    with world.app.app_context():
        city = find_city("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            gates.decide(city, service.fork_of(city, "lapor"), policy)
        db.session.remove()


def speaks(world: World, language: str) -> None:
    with world.app.app_context(), unit_of_work():
        user("b@example.id").language = language


def rewritten(clone: Path) -> None:
    git("commit", "-q", "--amend", "-m", "rewritten", cwd=clone)


def test_main_of_an_upstream_is_protected(world: World, upstream: Path) -> None:
    git("commit", "-q", "--amend", "-m", "rewritten", cwd=upstream)
    forced = git("push", "-f", "origin", "HEAD:main", cwd=upstream, token=world.maintainer, fails=True)
    assert "sejarahnya tidak ditulis ulang" in forced
    gone = git("push", "origin", ":main", cwd=upstream, token=world.maintainer, fails=True)
    assert "tidak dapat dihapus" in gone


def test_release_tags_never_change(world: World, upstream: Path) -> None:
    commit(upstream)
    git("tag", "-f", "v1.0.0", cwd=upstream)
    moved = git("push", "-f", "origin", "v1.0.0", cwd=upstream, token=world.maintainer, fails=True)
    assert "tidak pernah berubah" in moved
    gone = git("push", "origin", ":v1.0.0", cwd=upstream, token=world.maintainer, fails=True)
    assert "tidak pernah berubah" in gone


def test_a_fork_begins_with_the_same_protection(world: World, fork: Path) -> None:
    speaks(world, "en")
    rewritten(fork)
    forced = git("push", "-f", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "history is not rewritten" in forced
    git("tag", "-f", "v1.0.0", cwd=fork)
    assert "never changes" in git("push", "-f", "origin", "v1.0.0", cwd=fork, token=world.admin, fails=True)


def test_a_refusal_speaks_the_language_of_who_pushes(world: World, fork: Path) -> None:
    rewritten(fork)
    for language, words in (("en", "main is protected"), ("id", "main dilindungi")):
        speaks(world, language)
        assert words in git("push", "-f", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)


def test_a_city_that_allows_it_rewrites_main_of_its_fork(world: World, fork: Path) -> None:
    rewritten(fork)
    allow(world, Policy(rewrite_main=True))
    git("push", "-q", "-f", "origin", "HEAD:main", cwd=fork, token=world.admin)


def test_a_city_that_allows_it_moves_a_release_tag_of_its_fork(world: World, fork: Path) -> None:
    commit(fork)
    git("tag", "-f", "v1.0.0", cwd=fork)
    allow(world, Policy(move_release_tags=True))
    git("push", "-q", "-f", "origin", "v1.0.0", cwd=fork, token=world.admin)


def test_main_of_a_fork_is_never_deleted(world: World, fork: Path) -> None:
    speaks(world, "en")
    allow(world, Policy(rewrite_main=True, move_release_tags=True))
    assert "cannot be deleted" in git("push", "origin", ":main", cwd=fork, token=world.admin, fails=True)


def test_what_was_refused_is_not_there(world: World, fork: Path) -> None:
    """facts 2.2: the hook judges in git's quarantine (tmp_objdir-*), and what it refuses vanishes."""
    rewritten(fork)
    made = commit(fork, "secret.txt", "secret")
    git("push", "-f", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    stored = world.storage.fork("bontang", "lapor")
    git("--git-dir", stored, "cat-file", "-e", made, fails=True)
    assert list((stored / "objects").glob("tmp_objdir-*")) == []
    git("init", "-q", fork.parent / "other")
    told = git("fetch", f"{world.origin}/git/bontang/lapor.git", made, cwd=fork.parent / "other", fails=True)
    assert "not our ref" in told


def test_of_one_bad_change_nothing_is_kept(world: World, fork: Path) -> None:
    rewritten(fork)
    git("push", "-f", "origin", "HEAD:main", "HEAD:refs/heads/fine", cwd=fork, token=world.admin, fails=True)
    assert "fine" not in git("ls-remote", "origin", cwd=fork)


@pytest.mark.parametrize("ref", ["refs/keep/x", "refs/merge-requests/1/head", "refs/notes/commits", "refs/replace/x"])
def test_only_branches_and_tags_are_kept(world: World, fork: Path, ref: str) -> None:
    speaks(world, "en")
    told = git("push", "origin", f"HEAD:{ref}", cwd=fork, token=world.admin, fails=True)
    assert "only branches and tags" in told


def test_thousands_of_branches_at_once_are_refused(world: World, fork: Path) -> None:
    speaks(world, "en")
    made = git("rev-parse", "HEAD", cwd=fork).strip()
    with (fork / ".git" / "packed-refs").open("a") as refs:
        refs.writelines(f"{made} refs/heads/b{number:04}\n" for number in range(1001))
    told = git("push", "origin", "refs/heads/b*", cwd=fork, token=world.admin, fails=True)
    assert "Push fewer at a time" in told


def test_a_repository_holds_only_so_many_branches(world: World, fork: Path) -> None:
    speaks(world, "en")
    stored = world.storage.fork("bontang", "lapor")
    made = git("--git-dir", stored, "rev-parse", "main").strip()
    with (stored / "packed-refs").open("a") as refs:
        refs.writelines(f"{made} refs/tags/t{number:05}\n" for number in range(rules.MAX_REFS))
    assert "Delete old ones" in git("push", "origin", "HEAD:refs/heads/x", cwd=fork, token=world.admin, fails=True)
    git("push", "-q", "origin", ":refs/tags/t00001", cwd=fork, token=world.admin)


def test_a_huge_file_is_refused_by_its_name(world: World, fork: Path) -> None:
    speaks(world, "en")
    commit(fork, "film.mp4", bytes(rules.MAX_FILE + 1))
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "film.mp4: 33 MB. A file may have 32 MB" in told


def test_lfs_pointers_are_refused(world: World, fork: Path) -> None:
    commit(fork, "film.mp4", f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n")
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "film.mp4: Git LFS" in told


def test_a_file_that_only_speaks_of_lfs_is_kept(world: World, fork: Path) -> None:
    commit(fork, "notes.txt", "We write `version https://git-lfs.github.com/spec/v1` into a file, so that " + "x" * 100)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)


def test_links_and_submodules_are_told_and_kept(world: World, fork: Path) -> None:
    speaks(world, "en")
    (fork / "link").symlink_to("/etc/passwd")
    made = git("rev-parse", "HEAD", cwd=fork).strip()
    git("add", "link", cwd=fork)
    git("update-index", "--add", "--cacheinfo", f"160000,{made},vendored", cwd=fork)
    git("commit", "-q", "-m", "odd", cwd=fork)
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin)
    assert "link is a symbolic link" in told
    assert "vendored is a submodule" in told


def test_a_name_in_a_push_writes_nothing_but_text_into_a_terminal(world: World, fork: Path) -> None:
    speaks(world, "en")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    commit(fork, "\x1b[2Jfilm", pointer)
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "?[2Jfilm" in told and "\x1b" not in told


def test_damaged_objects_are_refused(world: World, fork: Path) -> None:
    """facts 2.2: receive.fsckObjects refuses a .gitmodules whose url is an option (CVE-2018-17456)."""
    commit(fork, ".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n')
    assert "gitmodulesUrl" in git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)


def test_an_old_honest_history_is_taken(world: World, fork: Path) -> None:
    """facts 1.5: GitLab's three exceptions of fsck, here a timezone nobody has."""
    tree = git("rev-parse", "HEAD^{tree}", cwd=fork).strip()
    text = f"tree {tree}\nauthor A <a@b> 1 +051800\ncommitter A <a@b> 1 +051800\n\nold\n"
    (fork.parent / "raw").write_text(text)
    made = git("hash-object", "-t", "commit", "-w", "--literally", fork.parent / "raw", cwd=fork).strip()
    git("push", "-q", "origin", f"{made}:refs/heads/old", cwd=fork, token=world.admin)


def test_a_branch_may_give_its_name_to_a_folder_of_branches(world: World, upstream: Path) -> None:
    commit(upstream)
    git("push", "-q", "origin", "HEAD:refs/heads/topic", cwd=upstream, token=world.maintainer)
    git("push", "-q", "origin", ":topic", cwd=upstream, token=world.maintainer)
    made = commit(upstream, "other.txt")
    git("push", "-q", "origin", "HEAD:refs/heads/topic/one", cwd=upstream, token=world.maintainer)
    assert git("--git-dir", world.storage.pool("lapor"), "rev-parse", "topic/one").strip() == made


def test_no_push_starts_upkeep(world: World, fork: Path) -> None:
    """facts 1.5: receive.autogc is on by default; a repack without -l would copy the whole pool in."""
    for number in range(3):
        commit(fork, f"{number}.txt")
        git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    stored = world.storage.fork("bontang", "lapor")
    assert not (stored / "gc.log").exists() and not (stored / "objects" / "info" / "commit-graph").exists()
