"""Clone, fetch and push with the real git against a real server."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import struct
import subprocess
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.forge.serving import slots as queue
from registry.tenants.models import City
from tests.forge.conftest import MAX_PUSH, World, commit, git
from tests.forge.serving.waiting import until


@pytest.mark.parametrize("version", ["0", "2"])
@pytest.mark.parametrize("path", ["lapor", "bontang/lapor"])
def test_everybody_clones(world: World, tmp_path: Path, version: str, path: str) -> None:
    git("-c", f"protocol.version={version}", "clone", "-q", f"{world.origin}/git/{path}.git", tmp_path / "clone")
    assert (tmp_path / "clone" / "publiccode.yml").exists()
    assert git("tag", cwd=tmp_path / "clone").split() == ["v1.0.0"]


def test_protocol_two_is_spoken(world: World) -> None:
    """facts 2.1: Pagure drops Git-Protocol, and with it every client falls back to v0."""
    told = git("ls-remote", f"{world.origin}/git/lapor.git", GIT_TRACE_PACKET="1")
    assert "version 2" in told


def test_a_shallow_clone(world: World, fork: Path, tmp_path: Path) -> None:
    git("clone", "-q", "--depth=1", f"{world.origin}/git/bontang/lapor.git", tmp_path / "shallow")
    assert git("rev-list", "--count", "HEAD", cwd=tmp_path / "shallow").strip() == "1"


def test_an_unknown_repository_is_not_found(world: World, tmp_path: Path) -> None:
    assert "not found" in git("clone", f"{world.origin}/git/nothing.git", tmp_path / "clone", fails=True)
    assert "not found" in git("clone", f"{world.origin}/git/tanjungpinang/lapor.git", tmp_path / "clone", fails=True)


def test_the_city_admin_pushes_to_the_fork(world: World, fork: Path) -> None:
    made = commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    stored = world.storage.fork("bontang", "lapor")
    assert git("--git-dir", stored, "rev-parse", "main").strip() == made
    assert (stored / "objects" / "info" / "alternates").exists()


def test_a_push_is_in_the_audit_log(world: World, fork: Path) -> None:
    made = commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    with world.app.app_context():
        scope.enter_programme()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "git.push")).one()
        assert (entry.subject, entry.actor, entry.detail["refs"][0]["new"]) == ("bontang/lapor", "b", made)


def test_no_token_and_a_wrong_token_are_refused(world: World, fork: Path) -> None:
    """facts 2.2: git learns from info/refs that it must send a password."""
    commit(fork)
    assert "could not read Username" in git("push", "origin", "HEAD:main", cwd=fork, fails=True)
    assert "Authentication failed" in git("push", "origin", "HEAD:main", cwd=fork, token="lmb_wrong", fails=True)


def test_only_its_own_people_push(world: World, fork: Path, upstream: Path) -> None:
    commit(fork)
    for token in (world.stranger, world.maintainer):
        assert "403" in git("push", "origin", "HEAD:main", cwd=fork, token=token, fails=True)
    commit(upstream)
    assert "403" in git("push", "origin", "HEAD:main", cwd=upstream, token=world.admin, fails=True)


def test_a_city_that_left_cannot_push(world: World, fork: Path) -> None:
    with world.app.app_context():
        db.session.scalars(select(City).where(City.slug == "bontang")).one().state = "declined"
        db.session.commit()
    commit(fork)
    assert "403" in git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)


def test_a_big_push_comes_chunked(world: World, fork: Path) -> None:
    """facts 2.2: over http.postBuffer (1 MiB) git sends a probe of 4 bytes, then a body without a length."""
    commit(fork, "picture.bin", os.urandom(2 * 2**20))
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, GIT_CURL_VERBOSE="1")
    assert "Transfer-Encoding: chunked" in told


def test_a_push_over_the_limit_hears_why(world: World, fork: Path) -> None:
    """facts 2.2: receive.maxInputSize tells it in git's words, HTTP's 413 would not."""
    commit(fork, "film.bin", os.urandom(MAX_PUSH + 3 * 2**20))
    told = git("push", "origin", "HEAD:main", cwd=fork, token=world.admin, fails=True)
    assert "pack exceeds maximum allowed size" in told


def test_a_push_to_upstream_feeds_the_pool(world: World, upstream: Path) -> None:
    made = commit(upstream)
    git("push", "-q", "origin", "HEAD:main", cwd=upstream, token=world.maintainer)
    assert git("--git-dir", world.storage.pool("lapor"), "cat-file", "-t", made).strip() == "commit"


def test_a_full_house_asks_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = world.app.extensions["lumbung_packs"]
    monkeypatch.setattr(slots, "wait", 0.1)
    with ExitStack() as held:
        for number in range(slots.total):
            slots.hold(held, f"repository {number}", f"person {number}")
        with world.app.test_client() as client:
            answer = client.post(
                "/git/lapor.git/git-upload-pack", data=b"0000", content_type="application/x-git-upload-pack-request"
            )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_a_request_with_thousands_of_commits_is_answered(world: World) -> None:
    """facts 2.2: who writes all of a request before reading the answer waits for itself."""
    main = git("--git-dir", world.storage.upstream("lapor"), "rev-parse", "main").strip()
    haves = "".join(f"0032have {number:040x}\n" for number in range(20_000))
    with world.app.test_client() as client:
        answer = client.post(
            "/git/lapor.git/git-upload-pack",
            data=f"0032want {main}\n0000{haves}0009done\n",
            content_type="application/x-git-upload-pack-request",
        )
        assert b"PACK" in answer.data


def test_a_giant_advertisement_is_streamed(world: World) -> None:
    """Half a million names: 30 MB, more than any answer of git that is read as a whole."""
    stored = world.storage.upstream("lapor")
    main = git("--git-dir", stored, "rev-parse", "main").strip()
    with (stored / "packed-refs").open("a") as refs:
        refs.writelines(f"{main} refs/tags/t{number:06}\n" for number in range(500_000))
    with world.app.test_client() as client:
        answer = client.get("/git/lapor.git/info/refs?service=git-upload-pack")
        assert sum(map(len, answer.iter_encoded())) > 25_000_000


def test_a_fork_tells_the_pool_s_branches_and_tags_and_nothing_else_of_it(world: World) -> None:
    """facts 1.3: without core.alternateRefsPrefixes thousands of ``.have`` lines go out with every push."""
    pool = world.storage.pool("lapor")
    main = git("--git-dir", pool, "rev-parse", "main").strip()
    older = git("--git-dir", pool, "commit-tree", "-m", "kept", f"{main}^{{tree}}").strip()
    git("--git-dir", pool, "update-ref", "refs/keep/x", older)
    with world.app.test_client() as client:
        given = {"service": "git-receive-pack"}
        told = client.get("/git/bontang/lapor.git/info/refs", query_string=given, auth=("x", world.admin)).data
    assert f"{main} .have".encode() in told and older.encode() not in told


def test_policy_is_in_the_environment_and_in_no_repository(world: World) -> None:
    """facts 1.5: settings in files would be as many files to migrate as there are forks."""
    for stored in (world.storage.fork("bontang", "lapor"), world.storage.upstream("lapor")):
        told = git("--git-dir", stored, "config", "--local", "--list").split()
        assert told == ["core.repositoryformatversion=0", "core.filemode=true", "core.bare=true"]
        assert not (stored / "hooks").exists()


def test_a_full_queue_is_told_before_anything_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "WAITING", 0)
    monkeypatch.setattr(queue, "SPARE", 0)
    slots = world.app.extensions["lumbung_packs"]
    with ExitStack() as held, world.app.test_client() as client:
        for number in range(slots.total):
            slots.hold(held, f"repository {number}", f"person {number}")
        answer = client.get("/git/lapor.git/info/refs?service=git-upload-pack")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "text/plain", "10")


def test_the_question_for_names_needs_no_slot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = world.app.extensions["lumbung_packs"]
    monkeypatch.setattr(slots, "wait", 0.1)
    with ExitStack() as held, world.app.test_client() as client:
        for number in range(slots.total):
            slots.hold(held, f"repository {number}", f"person {number}")
        answer = client.post(
            "/git/lapor.git/git-upload-pack",
            data=b"0014command=ls-refs\n0000",
            headers={"Git-Protocol": "version=2"},
            content_type="application/x-git-upload-pack-request",
        )
        assert b"refs/heads/main" in answer.data


@pytest.fixture
def here(world: World) -> Iterator[str]:
    """The same served by this process, whose slots can be counted."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def test_a_broken_connection_gives_its_slot_back(world: World, fork: Path, here: str) -> None:
    commit(fork, "picture.bin", os.urandom(2 * 2**20))
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    for _ in range(3):
        clone = subprocess.Popen(["git", "clone", "-q", f"{here}/git/bontang/lapor.git", fork / "x"])
        clone.kill()
        clone.wait()
    slots = world.app.extensions["lumbung_packs"]
    assert until(lambda: slots.busy == 0)
    git("clone", "-q", f"{here}/git/bontang/lapor.git", fork / "whole")


def test_a_gzip_bomb_is_cut(world: World) -> None:
    with world.app.test_client() as client:
        answer = client.post(
            "/git/lapor.git/git-upload-pack",
            data=gzip.compress(bytes(20 * 2**20)),
            headers={"Content-Encoding": "gzip"},
            content_type="application/x-git-upload-pack-request",
        )
    assert answer.status_code == 413


def unfolding_pack(times: int) -> bytes:
    """A pack of some kilobytes with one object of ``times`` × 16 MB: copies of the same piece, as a delta."""
    most = 0xFFFFFF
    base = bytes(most)
    name = hashlib.sha1(b"blob %d\0" % most + base).digest()
    delta = _length(most) + _length(most * times) + b"\xf0\xff\xff\xff" * times
    objects = _object(3, len(base)) + zlib.compress(base) + _object(7, len(delta)) + name + zlib.compress(delta)
    pack = b"PACK" + struct.pack(">II", 2, 2) + objects
    return pack + hashlib.sha1(pack).digest()


def _object(kind: int, size: int) -> bytes:
    first, rest = (kind << 4) | (size & 15), size >> 4
    return bytes([first | 0x80]) + _length(rest) if rest else bytes([first])


def _length(size: int) -> bytes:
    return bytes([size & 0x7F | 0x80]) + _length(size >> 7) if size > 0x7F else bytes([size])


def claiming_pack(base: bytes, size: int) -> bytes:
    """A thin pack of less than 174 bytes: one delta on an object that is there already, said to become huge."""
    delta = _length(len(base)) + _length(size) + b"\x90" + bytes([min(len(base), 255)])
    name = hashlib.sha1(b"blob %d\0" % len(base) + base).digest()
    pack = b"PACK" + struct.pack(">II", 2, 1) + _object(7, len(delta)) + name + zlib.compress(delta)
    return pack + hashlib.sha1(pack).digest()


@pytest.mark.parametrize("kind", ["unfolds", "claims"])
def test_a_small_pack_that_unfolds_to_gigabytes_is_refused(world: World, kind: str) -> None:
    """facts 2.1: CVE-2026-47734, a server's memory spent by a thin pack of 174 bytes."""
    stored = world.storage.fork("bontang", "lapor")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    main = git("--git-dir", stored, "rev-parse", "main").strip()
    pack = unfolding_pack(120) if kind == "unfolds" else claiming_pack((world.bundle / "LICENSE").read_bytes(), 2**40)
    assert kind == "unfolds" or len(pack) < 174
    command = f"{'0' * 40} {main} refs/heads/bomb\0report-status".encode()
    body = b"%04x" % (len(command) + 4) + command + b"0000" + pack
    with world.app.test_client() as client:
        answer = client.post(
            "/git/bontang/lapor.git/git-receive-pack",
            data=body,
            auth=("x", world.admin),
            content_type="application/x-git-receive-pack-request",
        )
        told = answer.data
    assert b"unpack ok" not in told and b"refs/heads/bomb" in told
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 2**20)
