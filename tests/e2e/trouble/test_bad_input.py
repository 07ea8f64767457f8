"""What is wrong is refused in words, by the command, by git, by the API and by the edge; nothing breaks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.apart import free_port

from .. import bundles
from ..conftest import Git
from ..stack import MAX_PUSH, Stack
from ..web import Client

pytestmark = pytest.mark.sandbox


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return bundles.write(tmp_path / "papan", bundles.NAKAL)


def _edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


def test_a_wrong_bundle_is_not_published_and_every_fault_is_told(stack: Stack, folder: Path) -> None:
    (folder / "LICENSE").unlink()
    _edit(folder / "publiccode.yml", "legal:", "warna: merah\nlegal:")
    _edit(folder / "lumbung.toml", "papan:app", "papan:tidak_ada")
    done = stack.run("publish", str(folder))
    assert done.returncode == 1
    for told in ("error LICENSE", "error publiccode.yml#warna", "error lumbung.toml#plugin.entrypoint"):
        assert any(line.startswith(told) for line in done.stderr.splitlines()), done.stderr
    assert "Traceback" not in done.stderr
    assert stack.anyone.get("/api/v1/apps/papan").status == 404


def test_a_push_over_the_limit_says_so(clone: Path, git: Git) -> None:
    copy = clone.with_name("besar")
    shutil.copytree(clone, copy)
    (copy / "besar.bin").write_bytes(os.urandom(2 * MAX_PUSH))
    git("add", ".", cwd=copy)
    git("commit", "-qm", "Terlalu besar", cwd=copy)
    done = git("push", "origin", "HEAD:main", cwd=copy)
    assert done.returncode != 0
    assert "remote:" in done.stderr, done.stderr
    assert "MB" in done.stderr or "maximum allowed size" in done.stderr, done.stderr
    assert git("rev-parse", "HEAD^", cwd=copy).stdout == git("ls-remote", "origin", "main", cwd=copy).stdout[:40] + "\n"


def test_a_push_without_the_city_s_token_is_refused(clone: Path, git: Git, stack: Stack) -> None:
    foreign = stack.person("admin@tanjungpinang.example").token
    for name in ("", "token:wrong@", f"token:{foreign}@"):
        done = git("push", f"http://{name}localhost:{stack.port}/git/bontang/buku.git", "HEAD:refs/heads/x", cwd=clone)
        assert done.returncode != 0, name
    assert "refs/heads/x" not in git("ls-remote", "origin", cwd=clone).stdout


def test_without_a_pks_nothing_is_forked_or_deployed(stack: Stack, buku: str) -> None:
    other = stack.person("admin@tanjungpinang.example")
    for path, asked in (("forks", {"app": buku}), ("deployments", {"city": "tanjungpinang", "app": buku})):
        answer = other.post(f"/api/v1/{path}", asked)
        assert 400 <= answer.status < 500, answer.text
    refused = other.post("/api/v1/forks", {"app": buku})
    assert (refused.status, refused.headers.get_content_type()) == (403, "application/problem+json")
    assert "PKS" in refused.json["detail"]


def test_config_that_breaks_its_schema_says_where(bontang: Client, fork: str) -> None:
    asked = {"city": "bontang", "app": "buku", "name": "salah", "config": {"salam": "x" * 21, "lain": 1}}
    answer = bontang.post("/api/v1/deployments", asked)
    assert answer.status == 422
    assert "salam" in {finding["path"] for finding in answer.json["findings"]}
    assert any("lain" in finding["path"] + finding["message"] for finding in answer.json["findings"])
    assert bontang.get("/api/v1/deployments/salah.bontang").status == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"app": 1}', b'{"app": "' + b"a" * 200 + b'"}', b"null", b"\xff"])
def test_broken_json_is_the_caller_s_fault(bontang: Client, body: bytes) -> None:
    answer = bontang.post("/api/v1/forks", body)
    assert 400 <= answer.status < 500, (answer.status, answer.text)
    assert answer.headers.get_content_type() == "application/problem+json"


def test_a_second_one_in_the_same_folder_or_on_a_taken_port(stack: Stack, tmp_path: Path) -> None:
    same = stack.run("up", "--data", str(stack.data), "--port", str(free_port()))
    assert same.returncode == 1
    assert same.stderr == (
        f"lumbung up: Lumbung is running already in {stack.data}: stop it first, or choose another --data\n"
    )
    taken = stack.run("up", "--data", str(tmp_path / "d"), "--port", str(stack.port))
    assert taken.returncode == 1
    assert f"port {stack.port} is taken" in taken.stderr
    assert stack.anyone.get("/healthz").status == 200


FORGED = (
    "X-Lumbung-Person", "X_Lumbung_Person", "x-lumbung-role", "X-Remote-User", "X_Remote_User", "Remote-User",
    "X-Forwarded-User", "X-Auth-Request-Email", "X-Tenant", "Lumbung.Person",
)  # fmt: skip


def test_identity_a_client_claims_does_not_arrive(stack: Stack, running: Client) -> None:
    seen = running.get("/", [(name, "forged-admin") for name in FORGED]).json["seen"]
    assert {key: value for key, value in seen.items() if "forged-admin" in value} == {}


def test_a_forged_entry_cookie_opens_no_desk(stack: Stack) -> None:
    lapor = stack.plugin("lapor", "bandung")
    for cookie in ("__Host-lumbung=eyJhbGciOiJub25lIn0.e30.", "__host-lumbung=x", "__Host-lumbung=a; __Host-lumbung=b"):
        answer = lapor.get("/kerja", [("Cookie", cookie), *((name, "forged-admin") for name in FORGED)])
        assert answer.status in (302, 303, 307)
        assert "/_lumbung/enter" in answer.headers["Location"]


@pytest.fixture(scope="module")
def running(stack: Stack, bontang: Client, fork: str) -> Client:
    """The guest book, deployed under a name of its own."""
    asked = bontang.post("/api/v1/deployments", {"city": "bontang", "app": "buku", "name": "cermin"})
    assert bontang.wait_job(asked.json)["state"] == "done"
    return stack.plugin("cermin")


HOSTS = {
    "CERMIN.Bontang.LOCALHOST": {200, 404, 503},
    "cermin.bontang.localhost.": {200, 404, 503},
    "cermin.tidakada.localhost": {503},
    "tidakada.bontang.localhost": {503},
    "..localhost": {400, 404},
    "...localhost": {400, 404},
    "%2e%2e.bontang.localhost": {400, 404},
    "../../git.sock.localhost": {400, 404},
    "a.cermin.bontang.localhost": {400, 404},
    "cermin.bontang.localhost.evil.example": {400, 404},
    "-x.bontang.localhost": {400, 404},
    "": {400, 404},
}


@pytest.mark.parametrize(("host", "expected"), HOSTS.items(), ids=HOSTS)
def test_odd_host_names_meet_a_plain_answer(stack: Stack, running: Client, host: str, expected: set[int]) -> None:
    answer = stack.anyone.at(host).get("/")
    assert answer.status in expected, (answer.status, answer.text[:300])
    if answer.status == 200:
        assert answer.json["edition"], "the plugin itself, and no other"
    assert "Traceback" not in answer.text
    assert stack.anyone.get("/healthz").status == 200


def test_inner_paths_cannot_be_asked_for(stack: Stack) -> None:
    for path in ("/_portal/bontang/", "/_plugin/bontang/cermin/_lumbung/enter", "/_lumbung/unavailable", "/metrics"):
        assert stack.anyone.get(path).status == 404, path
