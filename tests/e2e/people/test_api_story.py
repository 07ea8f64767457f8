"""A city's whole story by HTTP and git alone, as a script of its Diskominfo would do it."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pytest

from ..conftest import Push
from ..stack import Stack, until
from ..web import Client

pytestmark = pytest.mark.sandbox
BUKU = "/api/v1/deployments/buku.bontang"
JOB = {"id", "kind", "subject", "state", "step", "percent", "message", "log", "url"}


@pytest.fixture(scope="module")
def deployed(bontang: Client, buku: str, fork: str) -> dict:
    """The guest book's first deployment: its job, ended."""
    asked = bontang.post("/api/v1/deployments", {"city": "bontang", "app": buku, "config": {"salam": "Salam"}})
    assert asked.status == 202, asked.text
    return bontang.wait_job(asked.json)


def test_deploy(bontang: Client, stack: Stack, deployed: dict) -> None:
    assert deployed["state"] == "done", deployed
    assert deployed.keys() >= JOB
    assert (deployed["kind"], deployed["subject"], deployed["percent"]) == ("deploy", "buku.bontang", 100)
    told = bontang.get(BUKU).json
    assert (told["enabled"], told["serving"]["number"], told["config"]) == (True, 1, {"salam": "Salam"})
    answer = stack.plugin("buku").get("/")
    assert (answer.status, answer.headers["X-Lumbung-Revision"]) == (200, "1")
    assert (answer.json["edition"], answer.json["data"], answer.json["salam"]) == ("satu", "satu", "Salam")


def test_logs_hold_what_the_plugin_said(bontang: Client, stack: Stack, deployed: dict) -> None:
    stack.plugin("buku").post("/", b"pertama")
    until(lambda: any("a line was written" in line for line in bontang.get(f"{BUKU}/logs").json["lines"]))


def test_off_is_the_city_s_own_page_and_on_is_as_before(bontang: Client, stack: Stack, deployed: dict) -> None:
    assert bontang.patch(BUKU, {"enabled": False}).json["enabled"] is False
    plugin = stack.plugin("buku")
    until(lambda: plugin.get("/").status == 503)
    page = plugin.get("/", [("Accept-Language", "en")])
    assert "Kota Bontang has switched this service off" in page.text
    assert page.headers["Retry-After"]
    assert plugin.post("/", b"lost").status == 503
    bontang.patch(BUKU, {"enabled": True})
    until(lambda: plugin.get("/").status == 200)
    assert plugin.get("/").json["rows"] == ["pertama"]


def test_upgrade_to_a_pushed_commit_and_back_with_its_data(
    bontang: Client, stack: Stack, deployed: dict, push: Push
) -> None:
    plugin, commit = stack.plugin("buku"), push("dua")
    job = bontang.wait_job(bontang.post(f"{BUKU}/upgrade", {"ref": commit}).json)
    assert job["state"] == "done", job
    assert (plugin.get("/").json["edition"], plugin.get("/").json["data"]) == ("dua", "dua")
    plugin.post("/", b"kedua")
    revisions = bontang.get(f"{BUKU}/revisions").json["items"]
    assert [one["number"] for one in revisions] == [2, 1]
    assert (revisions[0]["commit"], revisions[1]["has_snapshot"]) == (commit, True)
    back = bontang.wait_job(bontang.post(f"{BUKU}/rollback", {"revision": 1, "with_data": True}).json)
    assert back["state"] == "done", back
    told = plugin.get("/")
    assert told.headers["X-Lumbung-Revision"] == "1"
    assert (told.json["edition"], told.json["data"], told.json["rows"]) == ("satu", "satu", ["pertama"])


def test_a_change_of_settings_is_a_revision(bontang: Client, stack: Stack, deployed: dict) -> None:
    before = bontang.get(BUKU).json["serving"]["number"]
    changed = bontang.patch(BUKU, {"config": {"salam": "Hai"}}).json
    assert bontang.wait_job(changed["job"])["state"] == "done"
    assert stack.plugin("buku").get("/").json["salam"] == "Hai"
    assert bontang.get(BUKU).json["serving"]["number"] > before


def test_releases_can_be_downloaded_and_checked(stack: Stack, buku: str) -> None:
    for app in ("lapor", buku):
        release = stack.anyone.get(f"/api/v1/apps/{app}/releases").json["items"][0]
        path = f"/apps/{app}/releases/{release['version']}.tar.gz"
        archive, told = stack.anyone.get(path).body, stack.anyone.get(f"{path}.sha256").text
        assert hashlib.sha256(archive).hexdigest() == told.split()[0] == release["sha256"]
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            assert any(name.endswith("/publiccode.yml") for name in tar.getnames())


def test_the_api_describes_itself(stack: Stack) -> None:
    document = stack.anyone.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.")
    assert {"/api/v1/forks", "/api/v1/deployments", "/api/v1/jobs/{job_id}"} <= set(document["paths"])


def test_another_city_s_token_opens_nothing(stack: Stack, bontang: Client, deployed: dict, fork: str) -> None:
    other = stack.person("admin@tanjungpinang.example")
    refused = [
        other.get(path).status
        for path in (BUKU, f"{BUKU}/logs", f"{BUKU}/revisions", deployed["url"], "/api/v1/forks/bontang/buku",
                     "/api/v1/deployments?city=bontang", "/api/v1/agreements?city=bontang", "/api/v1/agreements")
    ] + [
        other.patch(BUKU, {"enabled": False}).status,
        other.post(f"{BUKU}/upgrade", {}).status,
        other.post(f"{BUKU}/rollback", {"revision": 1}).status,
        other.post("/api/v1/forks", {"app": "antrian", "city": "bontang"}).status,
        other.post("/api/v1/deployments", {"city": "bontang", "app": "buku", "name": "milik"}).status,
        other.get("/git/bontang/buku.git/info/refs?service=git-receive-pack").status,
    ]  # fmt: skip
    assert set(refused) <= {401, 403, 404}, refused
    assert bontang.get(BUKU).json["enabled"] is True


def test_without_a_token_there_is_nothing_either(stack: Stack, deployed: dict) -> None:
    for path in (BUKU, deployed["url"], "/api/v1/forks"):
        answer = stack.anyone.get(path)
        assert (answer.status, answer.headers.get_content_type()) == (401, "application/problem+json")
