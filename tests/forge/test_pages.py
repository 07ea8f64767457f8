"""What people and programs see of the forge."""

from __future__ import annotations

import io
import re
import socket
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.models import User
from registry.core.db import db
from registry.forge.cli import publish
from tests.forge.conftest import World, git, write_bundle


@pytest.fixture
def visitor(world: World) -> FlaskClient:
    return world.app.test_client()


def signed_in(world: World, name: str) -> FlaskClient:
    with world.app.app_context():
        identity = db.session.scalars(select(User).where(User.name == name)).one().get_id()
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = identity
        session["_fresh"] = True
    return client


def test_the_source_of_the_latest_release(visitor: FlaskClient) -> None:
    page = visitor.get("/apps/lapor/source/").text
    assert "publiccode.yml" in page and "Citizens report." in page
    assert "<script>alert(1)" not in page


def test_a_file_is_shown_escaped(visitor: FlaskClient) -> None:
    page = visitor.get("/apps/lapor/source/lapor/__init__.py").text
    assert 'class="source' in page and "start_response" in page
    assert "<script>alert(1)" not in visitor.get("/apps/lapor/source/README.md?ref=v1.0.0").text


@pytest.mark.parametrize(
    "path", ["nothing", "../../etc/passwd", ".git/config", "README.md?ref=--output=x", "?ref=none"]
)
def test_what_is_not_there_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/apps/lapor/source/{path}").status_code == 404


@pytest.mark.parametrize("kind", ["tar.gz", "zip", "bundle"])
def test_downloads_have_checksums_and_never_change(visitor: FlaskClient, kind: str) -> None:
    file = visitor.get(f"/apps/lapor/releases/1.0.0.{kind}")
    digest = visitor.get(f"/apps/lapor/releases/1.0.0.{kind}.sha256").text.split()[0]
    assert file.status_code == 200 and "immutable" in file.headers["Cache-Control"]
    assert file.headers["ETag"].strip('"') == digest
    again = visitor.get(f"/apps/lapor/releases/1.0.0.{kind}", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["9.9.9.zip", "1.0.0.exe", "1.0.0.zip.sha512", "..%2f1.0.0.zip"])
def test_other_files_are_not_served(visitor: FlaskClient, name: str) -> None:
    assert visitor.get(f"/apps/lapor/releases/{name}").status_code == 404


def test_the_fork_page_tells_how_to_clone(world: World) -> None:
    admin = signed_in(world, "b")
    assert "/git/bontang/lapor.git" in admin.get("/console/bontang/forks/lapor").text
    assert "/console/bontang/forks/lapor" in admin.get("/console/bontang/forks").text


def test_a_city_that_has_a_fork_is_led_there_instead_of_forking_again(world: World) -> None:
    admin, place = signed_in(world, "b"), "/console/bontang/forks/lapor"
    page = admin.get("/apps/lapor").text
    assert f'href="{place}"' in page and 'value="lapor">' not in page
    admin.post(f"{place}/settings/remove", data={"confirm": "lapor"})
    page = admin.get("/apps/lapor").text
    assert f'href="{place}"' not in page and 'class="btn btn-primary" href="/console/bontang/forks"' in page


@pytest.mark.parametrize("language", ["id", "en"])
def test_forks_of_another_city_do_not_exist(world: World, language: str) -> None:
    stranger = signed_in(world, "c")
    for path in ("forks", "forks/lapor"):
        assert stranger.get(f"/console/bontang/{path}", headers={"Accept-Language": language}).status_code == 404
    assert stranger.post("/console/bontang/forks", data={"app": "lapor"}).status_code == 404


def test_no_fork_without_an_agreement(world: World) -> None:
    answer = signed_in(world, "c").post("/console/tanjungpinang/forks", data={"app": "lapor"})
    assert answer.status_code == 403


def test_maintainers_alone_publish(world: World) -> None:
    admin = signed_in(world, "b")
    for path in ("archive", "url", "pushed"):
        assert admin.post(f"/programme/publish/{path}").status_code == 403
    assert admin.get("/programme/publish").status_code == 403
    assert "publiccode.yml" in signed_in(world, "a").get("/programme/publish").text


def test_an_upload_with_errors_shows_each(world: World) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("publiccode.yml", "name: Nothing\n")
    held.seek(0)
    answer = signed_in(world, "a").post("/programme/publish/archive", data={"archive": (held, "x.zip")})
    assert answer.status_code == 422
    assert "lumbung.toml" in answer.text and "publiccode.yml#" in answer.text


def test_an_upload_is_published(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in world.bundle.rglob("*"):
            archive.write(path, path.relative_to(world.bundle.parent))
    held.seek(0)
    client = signed_in(world, "a")
    assert client.post("/programme/publish/archive", data={"archive": (held, "x.zip")}).status_code == 302
    assert client.get("/apps/lapor/releases/1.1.0.zip").status_code == 200


def test_an_address_inside_is_refused_on_the_page(world: World) -> None:
    answer = signed_in(world, "a").post("/programme/publish/url", data={"url": "https://127.0.0.1/x.git"})
    assert answer.status_code == 422 and "127.0.0.1" in answer.text


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_api_tells_of_forks(world: World, visitor: FlaskClient) -> None:
    listed = visitor.get("/api/v1/forks", headers=headers(world.admin)).json["items"]
    shown = visitor.get("/api/v1/forks/bontang/lapor", headers=headers(world.admin)).json
    assert listed == [shown]
    assert (shown["ahead"], shown["behind"], shown["base_version"]) == (1, 0, "1.0.0")
    assert shown["clone_url"].endswith("/git/bontang/lapor.git")


def test_the_api_refuses_by_name(world: World, visitor: FlaskClient) -> None:
    def create(token: str, **given: str) -> tuple[int, str]:
        answer = visitor.post("/api/v1/forks", json=given, headers=headers(token))
        return answer.status_code, answer.json.get("code", "")

    assert create(world.admin, city="bontang", app="lapor") == (409, "conflict")
    assert create(world.stranger, app="lapor") == (403, "agreement-needed")
    assert create(world.stranger, city="bontang", app="lapor")[0] == 404
    assert create(world.admin, city="bontang", app="nothing")[0] == 404
    assert visitor.post("/api/v1/forks", json={"app": "lapor"}).status_code == 401


def test_the_fork_says_whose_it_is(world: World) -> None:
    text = git("--git-dir", world.storage.fork("bontang", "lapor"), "show", "main:publiccode.yml")
    assert "# Kept by the fork." in text and "usedBy" not in text
    assert re.search(r'^url: "http\S+/git/bontang/lapor\.git"$', text, re.M)
    assert re.search(r'^isBasedOn: "http\S+/git/lapor\.git"$', text, re.M)
    assert "urn:x-kemendagri:64.74" in text and "Diskominfo Kota Bontang" in text


def test_an_import_is_a_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("8.8.8.8", 443))])
    answer = signed_in(world, "a").post("/programme/publish/url", data={"url": "https://git.example.org/x.git"})
    assert answer.status_code == 302 and "/jobs/" in answer.location


def test_the_command_publishes_a_folder(world: World) -> None:
    write_bundle(world.bundle, "1.4.0")
    runner = world.app.test_cli_runner()
    assert "published lapor 1.4.0" in runner.invoke(publish, [str(world.bundle)]).output
    assert "published already" in runner.invoke(publish, [str(world.bundle)]).output
    (world.bundle / "lumbung.toml").unlink()
    refused = runner.invoke(publish, [str(world.bundle)])
    assert refused.exit_code == 1 and "error lumbung.toml" in refused.output


def zipped(world: World) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in world.bundle.rglob("*"):
            archive.write(path, path.relative_to(world.bundle.parent))
    held.seek(0)
    return held


def test_the_api_publishes_an_archive(world: World, visitor: FlaskClient) -> None:
    write_bundle(world.bundle, "1.5.0")
    files = {"archive": (zipped(world), "lapor.zip")}
    answer = visitor.post("/api/v1/releases", data=files, headers=headers(world.maintainer))
    assert answer.status_code == 201, answer.json
    assert (answer.json["app"], answer.json["version"], answer.json["new"]) == ("lapor", "1.5.0", True)


def test_the_api_says_what_is_wrong_with_an_archive(world: World, visitor: FlaskClient) -> None:
    (world.bundle / "lumbung.toml").unlink()
    files = {"archive": (zipped(world), "lapor.zip")}
    answer = visitor.post("/api/v1/releases", data=files, headers=headers(world.maintainer))
    assert answer.status_code == 422
    assert "lumbung.toml" in [finding["path"] for finding in answer.json["findings"]]


def test_the_api_imports_in_a_job_and_refuses_addresses_inside(world: World, visitor: FlaskClient) -> None:
    asked = {"json": {"url": "https://127.0.0.1/x.git"}, "headers": headers(world.maintainer)}
    assert visitor.post("/api/v1/releases/import", **asked).status_code == 422


def test_the_api_publishes_for_maintainers_alone(world: World, visitor: FlaskClient) -> None:
    for path, body in (("releases/import", {"url": "https://x.example/y.git"}), ("apps/lapor/releases", {})):
        assert visitor.post(f"/api/v1/{path}", json=body, headers=headers(world.admin)).status_code == 403


def looked(client: FlaskClient, world: World) -> str:
    sent = {"archive": (zipped(world), "x.zip"), "act": "look"}
    return client.post("/programme/publish/archive", data=sent).text


def test_an_upload_is_looked_over_and_then_released(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    client = signed_in(world, "a")
    page = looked(client, world)
    assert client.get("/apps/lapor/releases/1.1.0.zip").status_code == 404, "looking releases nothing"
    name = re.search(r'name="candidate" value="([^"]+)"', page)
    assert name and client.post("/programme/publish/candidate", data={"candidate": name[1]}).status_code == 302
    assert client.get("/apps/lapor/releases/1.1.0.zip").status_code == 200
    assert client.post("/programme/publish/candidate", data={"candidate": name[1]}).status_code == 404


def test_what_lacks_a_change_log_is_not_offered_to_be_released(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    (world.bundle / "CHANGELOG.md").unlink()
    page = looked(signed_in(world, "a"), world)
    assert "## 1.1.0" in page and 'name="candidate"' not in page


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 32 + ".zip", "x" * 10_000])
def test_a_candidate_nobody_kept_is_not_there(world: World, name: str) -> None:
    answer = signed_in(world, "a").post("/programme/publish/candidate", data={"candidate": name})
    assert answer.status_code == 404


def test_what_was_pushed_is_looked_over_as_the_commit_it_is(world: World) -> None:
    sent = {"app": "lapor", "ref": "main", "act": "look"}
    page = signed_in(world, "a").post("/programme/publish/pushed", data=sent).text
    assert re.search(r'name="ref" value="[0-9a-f]{40}"', page)


def test_the_api_looks_over_what_it_does_not_release(world: World, visitor: FlaskClient) -> None:
    write_bundle(world.bundle, "1.5.0")
    (world.bundle / "CHANGELOG.md").unlink()
    for path, sent in (("releases/check", {"data": {"archive": (zipped(world), "a.zip")}}),
                       ("apps/lapor/releases/check", {"json": {}})):  # fmt: skip
        assert visitor.post(f"/api/v1/{path}", headers=headers(world.admin), **sent).status_code == 403
    sent = {"archive": (zipped(world), "a.zip")}
    seen = visitor.post("/api/v1/releases/check", data=sent, headers=headers(world.maintainer)).json
    states = {one["code"]: one["state"] for one in seen["checks"]}
    assert (seen["version"], seen["may_release"], states["changelog"]) == ("1.5.0", False, "missing")
    pushed = visitor.post("/api/v1/apps/lapor/releases/check", json={}, headers=headers(world.maintainer)).json
    assert (pushed["version"], pushed["may_release"], len(pushed["commit"])) == ("1.0.0", True, 40)


def test_the_command_shows_the_checklist_and_releases_nothing(world: World) -> None:
    write_bundle(world.bundle, "1.4.0")
    runner = world.app.test_cli_runner()
    seen = runner.invoke(publish, ["--check", str(world.bundle)])
    assert seen.exit_code == 0 and "1.4.0 can be released" in seen.output
    (world.bundle / "CHANGELOG.md").unlink()
    seen = runner.invoke(publish, ["--check", str(world.bundle)])
    assert seen.exit_code == 1 and "MISSING" in seen.output
    assert world.app.test_client().get("/apps/lapor/releases/1.4.0.zip").status_code == 404
