"""What is refused is refused in words, in git's own output where git can show them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from registry.catalog.models import App
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import service
from registry.forge.keeping.models import ForkQuota, ForkRemoval
from registry.tenants.service import find_city
from tests.forge.conftest import World, commit, git
from tests.forge.serving.conftest import pushed

FETCH = {"content_type": "application/x-git-upload-pack-request"}


def ask(world: World, path: str, method: str = "GET", **given: Any) -> Any:
    with world.app.test_client() as client:
        return client.open(path, method=method, **given)


def test_dumb_http_is_refused_with_the_reason(world: World) -> None:
    """facts 2.1: http.getanyfile would serve unreachable objects."""
    answer = ask(world, "/git/lapor.git/info/refs")
    assert (answer.status_code, answer.mimetype) == (403, "text/plain")
    assert "smart HTTP" in ask(world, "/git/lapor.git/info/refs", headers={"Accept-Language": "en"}).text
    for path in ("HEAD", "objects/info/packs", "packed-refs", "config", "objects/info/alternates"):
        assert ask(world, f"/git/lapor.git/{path}").status_code == 404


def test_git_shows_why_a_push_is_not_allowed(world: World, fork: Path) -> None:
    commit(fork)
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.stranger, fails=True)
    assert "remote: " in told and "bontang/lapor" in told


def test_an_app_that_is_only_described_says_so(world: World, tmp_path: Path) -> None:
    with world.app.app_context(), unit_of_work() as session:
        session.query(App).one().described_only = True
    told = git("clone", f"{world.origin}/git/lapor.git", tmp_path / "c", fails=True)
    assert "remote: lapor" in told and "not found" in told


def test_a_repository_that_is_damaged_says_so(world: World, tmp_path: Path) -> None:
    (world.storage.upstream("lapor") / "HEAD").unlink()
    told = git("clone", f"{world.origin}/git/lapor.git", tmp_path / "c", fails=True)
    assert "remote: " in told and "503" in told


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_fork_on_its_way_out_says_so_in_git_s_words(world: World, tmp_path: Path, version: str) -> None:
    with world.app.app_context():
        city = find_city("bontang")
        scope.enter_city(city.id)
        with unit_of_work() as session:
            fork = service.fork_of(city, "lapor")
            session.add(ForkRemoval(tenant_id=city.id, fork_id=fork.id, asked_by="b", due_at=now()))
        db.session.remove()
    address, protocol = f"{world.origin}/git/bontang/lapor.git", f"protocol.version={version}"
    told = git("-c", protocol, "clone", address, tmp_path / "c", fails=True)
    assert "fatal: remote error: " in told and "fork" in told.lower()
    body = ask(world, "/git/bontang/lapor.git/git-upload-pack", "POST", data=b"0000", **FETCH)
    assert body.status_code == 403


def limit(world: World, bytes: int) -> None:
    with world.app.app_context():
        city = find_city("bontang")
        scope.enter_city(city.id)
        with unit_of_work() as session:
            session.add(ForkQuota(tenant_id=city.id, bytes=bytes))
        db.session.remove()


def test_who_has_no_room_left_hears_it_before_the_upload(world: World, fork: Path) -> None:
    pushed(fork, world, "picture.bin", 2**20)
    limit(world, 2**20)
    commit(fork)
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "remote: " in told and "Kota Bontang" in told


def test_a_push_that_needs_more_room_than_is_left_is_refused_by_git(world: World, fork: Path) -> None:
    pushed(fork, world, "picture.bin", 2**20)
    limit(world, 2**20 + 300_000)
    commit(fork, "other.bin", os.urandom(2**20))
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "pack exceeds maximum allowed size" in told


def test_git_lfs_is_refused_as_git_lfs_understands_it(world: World) -> None:
    asked = {"operation": "upload", "objects": [{"oid": "a" * 64, "size": 1}]}
    for path in ("lapor", "bontang/lapor"):
        answer = ask(
            world, f"/git/{path}.git/info/lfs/objects/batch", "POST", data=json.dumps(asked),
            content_type="application/vnd.git-lfs+json", headers={"Accept-Language": "en"},
        )  # fmt: skip
        assert (answer.status_code, answer.mimetype) == (422, "application/vnd.git-lfs+json")
        assert "Git LFS is not served here" in answer.json["message"]
    locks = ask(world, "/git/lapor.git/info/lfs/locks/verify", "POST", data="{}")
    assert (locks.status_code, locks.mimetype) == (404, "application/vnd.git-lfs+json")
    assert ask(world, "/git/nothing.git/info/lfs/objects/batch", "POST", data="{}").status_code == 404


@pytest.mark.parametrize("path", ["lapor", "bontang/lapor"])
def test_an_address_without_its_ending_is_found(world: World, tmp_path: Path, path: str) -> None:
    git("clone", "-q", f"{world.origin}/git/{path}", tmp_path / "c")
    assert (tmp_path / "c" / "publiccode.yml").exists()


def test_the_address_in_a_browser_leads_to_the_page(world: World) -> None:
    assert ask(world, "/git/lapor.git").headers["Location"].endswith("/apps/lapor/")
    assert ask(world, "/git/bontang/lapor.git").headers["Location"].endswith("/console/bontang/forks/lapor")
    assert ask(world, "/git/nothing.git").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../../secrets/x", "%2e%2e%2fapps%2flapor", "lapor%00", "LAPOR", "lapor/../lapor", "-x",
     "lapor%0a", "bontang/..%2f..%2fapps%2flapor%2fpool", "lapor.git/../../apps/lapor/pool"],
)  # fmt: skip
def test_a_name_leads_nowhere_but_to_a_repository_of_that_name(world: World, path: str) -> None:
    answer = ask(world, f"/git/{path}.git/info/refs?service=git-upload-pack")
    assert answer.status_code in (308, 404, 422)


@pytest.mark.parametrize(
    "given", ["version=2\nX", "version=2; rm", "=", "version=2:" * 40, "a" * 200, "version=2\x00", "$(id)=1"]
)
def test_a_strange_protocol_header_is_dropped(world: World, given: str) -> None:
    """facts 2.1: Gitea passes the header on only when it has the one form it may have."""
    environ = {"HTTP_GIT_PROTOCOL": given}
    answer = ask(world, "/git/lapor.git/info/refs?service=git-upload-pack", environ_overrides=environ)
    assert answer.status_code == 200 and answer.data.startswith(b"001e# service=git-upload-pack\n0000")


def test_a_push_speaks_the_first_protocol_whatever_is_asked(world: World) -> None:
    """facts 2.2: push is v0."""
    given = {"headers": {"Git-Protocol": "version=2"}, "auth": ("x", world.admin)}
    answer = ask(world, "/git/bontang/lapor.git/info/refs?service=git-receive-pack", **given)
    assert answer.data.startswith(b"001f# service=git-receive-pack\n0000") and b"report-status" in answer.data


@pytest.mark.parametrize("kind", ["text/plain", "application/x-git-receive-pack-request", ""])
def test_a_wrong_kind_of_content_is_refused(world: World, kind: str) -> None:
    answer = ask(world, "/git/lapor.git/git-upload-pack", "POST", data=b"0000", content_type=kind)
    assert answer.status_code == 422


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_an_unknown_packing_of_a_body_is_refused(world: World, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}
    answer = ask(world, "/git/lapor.git/git-upload-pack", "POST", data=b"0000", headers=headers, **FETCH)
    assert answer.status_code == 422


def test_broken_gzip_is_refused(world: World) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = ask(world, "/git/lapor.git/git-upload-pack", "POST", data=b"\x1f\x8bnonsense", headers=headers, **FETCH)
    assert answer.status_code == 422


@pytest.mark.parametrize("version", ["0", "2"])
def test_an_object_nobody_has_is_not_ours(world: World, tmp_path: Path, version: str) -> None:
    git("init", "-q", tmp_path)
    wanted = ("-c", f"protocol.version={version}", "fetch", f"{world.origin}/git/lapor.git", "1" * 40)
    assert "not our ref" in git(*wanted, cwd=tmp_path, fails=True)


def test_who_shares_a_pool_shares_reading(world: World, upstream: Path, tmp_path: Path) -> None:
    """facts 0.3: alternates share read access, and v2 answers for every object: so one pool holds one visibility.

    Everything an upstream ever had is public here, and its forks answer for it.
    """
    made = commit(upstream)
    git("push", "-q", "origin", "HEAD:refs/heads/topic", cwd=upstream, token=world.maintainer)
    git("push", "-q", "origin", ":topic", cwd=upstream, token=world.maintainer)
    git("init", "-q", tmp_path / "c")
    git("fetch", "-q", f"{world.origin}/git/bontang/lapor.git", made, cwd=tmp_path / "c")


def test_what_a_fork_has_alone_no_other_repository_answers_for(world: World, fork: Path, tmp_path: Path) -> None:
    """facts 1.1 (CFOR): at others a fork's commits are read through the whole network; here nothing of a fork enters
    the pool.
    """
    made = commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    git("init", "-q", tmp_path / "c")
    told = git("fetch", f"{world.origin}/git/lapor.git", made, cwd=tmp_path / "c", fails=True)
    assert "not our ref" in told
