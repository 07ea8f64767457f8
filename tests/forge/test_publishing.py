"""From source to release, and what stays true of it."""

from __future__ import annotations

import io
import shutil
import socket
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.core import scope
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import archives, importing, publishing, uploads
from registry.forge import git as server_git
from registry.forge.storage import ARCHIVES
from registry.forge.trees import resolve
from registry.tenants.models import City
from tests.forge.conftest import World, commit, fork, git, publish, write_bundle


@pytest.fixture(autouse=True)
def _context(world: World) -> None:
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def publisher() -> City:
    scope.enter_programme()
    return db.session.scalars(select(City).where(City.publisher)).one()


def test_a_release_is_tagged_and_archived(world: World, tmp_path: Path) -> None:
    release = db.session.scalars(select(Release)).one()
    upstream = world.storage.upstream("lapor")
    assert git("--git-dir", upstream, "cat-file", "-t", "v1.0.0").strip() == "tag"
    assert git("--git-dir", upstream, "rev-parse", "v1.0.0^{tree}").strip() == release.tree
    for kind in ARCHIVES:
        assert world.storage.archive("lapor", "1.0.0", kind).stat().st_size > 0
    git("clone", "-q", world.storage.archive("lapor", "1.0.0", "bundle"), tmp_path / "clone")
    assert git("tag", cwd=tmp_path / "clone").strip() == "v1.0.0"


def test_archives_of_one_tree_are_the_same_bytes(world: World) -> None:
    path = world.storage.archive("lapor", "1.0.0", "tar.gz")
    before = path.read_bytes()
    release = db.session.scalars(select(Release)).one()
    when = resolve(world.storage.pool("lapor"), release.commit).when
    made = archives.make(world.storage, "lapor", "1.0.0", release.commit, release.tree, when)
    assert (path.read_bytes(), made.sha256) == (before, release.sha256)


def test_publishing_again_does_nothing_and_says_so(world: World) -> None:
    again = publish(world.bundle)
    assert (again.new, db.session.query(Release).count()) == (False, 1)


def test_a_release_never_changes(world: World) -> None:
    (world.bundle / "README.md").write_text("Other content\n")
    with pytest.raises(ConflictError, match="never changes"):
        publish(world.bundle)


def test_the_next_release_follows_the_first(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    assert publish(world.bundle).new
    upstream = world.storage.upstream("lapor")
    assert git("--git-dir", upstream, "rev-list", "--count", "main").strip() == "2"


def test_a_bundle_with_errors_is_refused_with_findings(world: World, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "other", "2.0.0")
    (folder / "lumbung.toml").unlink()
    with pytest.raises(InvalidError) as refused:
        publish(folder)
    assert any("lumbung.toml" in finding.path for finding in refused.value.findings)


def test_a_release_needs_a_version(world: World, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "other")
    text = (folder / "publiccode.yml").read_text()
    (folder / "publiccode.yml").write_text(text.replace("softwareVersion: 1.0.0\n", ""))
    with pytest.raises(InvalidError, match="softwareVersion"):
        publish(folder)


def test_a_release_needs_a_change_log_that_names_its_version(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    (world.bundle / "CHANGELOG.md").write_text("# Changelog\n\n## 1.0.0\n\n- The first.\n")
    with pytest.raises(InvalidError) as refused:
        publish(world.bundle)
    (finding,) = refused.value.findings
    assert finding.path == "CHANGELOG.md" and "## 1.1.0" in finding.message
    assert world.storage.archive("lapor", "1.1.0", "zip").exists() is False


def test_a_release_with_a_secret_is_refused(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    (world.bundle / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(InvalidError) as refused:
        publish(world.bundle)
    assert [finding.path for finding in refused.value.findings] == ["key.pem"]


def test_warnings_hold_no_release_up_but_are_told(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    states = {one.code: one.state for one in publish(world.bundle).checks}
    assert (states["changelog"], states["screenshots"], states["tests"]) == ("ok", "warn", "warn")


def test_what_was_a_release_elsewhere_is_not_held_to_the_checklist(world: World, tmp_path: Path) -> None:
    source = write_bundle(tmp_path / "source", "3.0.0")
    (source / "CHANGELOG.md").unlink()
    git("init", "-q", "-b", "main", cwd=source)
    commit(source)
    found = publisher()
    with unit_of_work():
        assert publishing.publish_commit(found, source / ".git", "HEAD", ("lapor",), None, old=True).new


def test_a_failed_act_leaves_upstream_as_it_was(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    upstream = world.storage.upstream("lapor")
    before = git("--git-dir", upstream, "for-each-ref")
    with pytest.raises(RuntimeError), unit_of_work():
        publishing.publish_folder(publisher(), world.bundle, None)
        raise RuntimeError("the database went away")
    assert git("--git-dir", upstream, "for-each-ref") == before
    assert not world.storage.archive("lapor", "1.1.0", "zip").exists()
    assert publish(world.bundle).new


def test_what_maintainers_pushed_becomes_a_release(world: World, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", "-q", f"{world.origin}/git/lapor.git", clone)
    write_bundle(clone, "1.2.0")
    made = commit(clone, message="second")
    git("push", "-q", "origin", "HEAD:main", cwd=clone, token=world.maintainer)
    publisher()
    with unit_of_work():
        published = publishing.release_pushed(db.session.scalars(select(App)).one(), "main", None)
        assert (published.release.version, published.release.commit) == ("1.2.0", made)


def test_an_upload_is_published(world: World) -> None:
    write_bundle(world.bundle, "1.3.0")
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        archive.add(world.bundle, "lapor-1.3.0")
    held.seek(0)
    found = publisher()
    with unit_of_work():
        assert uploads.publish_upload(found, held, "lapor.tar.gz", None).release.version == "1.3.0"


def test_all_repositories_are_sound(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    publish(world.bundle)
    for repository in (world.storage.upstream("lapor"), world.storage.pool("lapor"),
                       world.storage.fork("bontang", "lapor")):  # fmt: skip
        told = git("--git-dir", repository, "fsck", "--full", "--strict")
        assert "error" not in told and "missing" not in told


def test_a_fork_survives_what_upstream_forgets(world: World, tmp_path: Path) -> None:
    upstream = world.storage.upstream("lapor")
    orphan = git("--git-dir", upstream, "commit-tree", "-m", "other", "main^{tree}").strip()
    git("--git-dir", upstream, "update-ref", "refs/heads/main", orphan)
    git("--git-dir", upstream, "tag", "-d", "v1.0.0")
    git("--git-dir", upstream, "reflog", "expire", "--expire=now", "--all")
    git("--git-dir", upstream, "gc", "--quiet", "--prune=now")
    git("clone", "-q", f"{world.origin}/git/bontang/lapor.git", tmp_path / "clone")
    assert "error" not in git("--git-dir", world.storage.fork("bontang", "lapor"), "fsck", "--full")


def test_the_pool_refuses_to_prune(world: World) -> None:
    told = git("--git-dir", world.storage.pool("lapor"), "repack", "-a", "-d", fails=True)
    assert "precious" in told


def test_a_moved_data_folder_still_works(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.storage.data / "git", tmp_path / "elsewhere" / "git")
    shutil.rmtree(world.storage.data / "git")
    moved = tmp_path / "elsewhere" / "git" / "cities" / "bontang" / "lapor.git"
    git("clone", "-q", moved, tmp_path / "clone")
    assert "error" not in git("--git-dir", moved, "fsck", "--full")


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], ["::ffff:10.0.0.1"]],
)
def test_hosts_inside_are_not_imported_from(
    world: World, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(InvalidError, match="public internet"):
        importing.check_url("https://git.example.org/a.git")


def test_the_fetch_goes_to_the_address_that_was_checked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("8.8.8.8", 443))])
    asked = {}

    def refuse(*arguments: object, **given: object) -> bytes:
        asked.update(arguments=arguments, **given)
        raise server_git.GitError("no network here")

    monkeypatch.setattr(server_git, "run", refuse)
    with pytest.raises(InvalidError, match="no network here"), importing.fetched("https://git.example.org/a.git"):
        pass
    assert asked["config"]["http.curloptResolve"] == "git.example.org:443:8.8.8.8"
    assert asked["arguments"][-3:-1] == ("--", "https://git.example.org/a.git")


def test_an_imported_repository_is_published(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shallow clone, as `fetched` leaves it; the network alone is taken away."""
    source = write_bundle(tmp_path / "source", "3.0.0")
    git("init", "-q", "-b", "trunk", cwd=source)
    commit(source)
    commit(source, "second.txt")
    git("clone", "-q", "--bare", "--depth=1", f"file://{source}", tmp_path / "bare.git")
    found = publisher()
    with unit_of_work():
        published = publishing.publish_commit(found, tmp_path / "bare.git", "HEAD", ("source",), None)
        assert published.release.version == "3.0.0"
    assert "error" not in git("--git-dir", world.storage.upstream("lapor"), "fsck", "--full")


def test_no_second_fork(world: World) -> None:
    with pytest.raises(ConflictError, match="already"):
        fork("bontang")
