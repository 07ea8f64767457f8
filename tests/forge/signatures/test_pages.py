"""Signatures on the pages of repositories, what the registry signs itself, and the list of everything released."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.catalog import service as catalog
from registry.catalog.trust.signing import PublicKey, Signature
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import archives
from registry.forge.git import GitError, line
from registry.forge.signatures import journal, keys, ledger, objects, service
from tests.forge.conftest import World, git, user
from tests.forge.signatures.signing import SshKey, pgp_key, ssh_key
from tests.forge.test_pages import signed_in

FORK = "/console/bontang/forks/lapor"
API = "/api/v1/forks/bontang/lapor/repository"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    service._seals.clear()


@pytest.fixture
def key(tmp_path: Path) -> SshKey:
    return ssh_key(tmp_path)


def own(world: World, name: str, key: SshKey) -> None:
    with world.app.test_request_context():
        person = user(f"{name}@example.id")
        with unit_of_work():
            keys.add(person, "laptop", key.public, key.sign(keys.challenge(person).encode(), keys.NAMESPACE))


def pushed(world: World, tmp_path: Path, key: SshKey, tag: str = "") -> str:
    """A signed commit of Bontang's admin, by the real git."""
    clone = tmp_path / "clone"
    if not clone.exists():
        git("clone", "-q", f"{world.origin}/git/bontang/lapor.git", clone, token=world.admin)
    (clone / "note.txt").write_text(f"note {tag}")
    git("add", "-A", cwd=clone)
    git(*key.settings, "commit", "-q", "-m", "signed", cwd=clone)
    if tag:
        git(*key.settings, "tag", "-m", tag, tag, cwd=clone)
    git("push", "-q", "origin", "HEAD:main", *([tag] if tag else []), cwd=clone, token=world.admin)
    return git("rev-parse", "HEAD", cwd=clone).strip()


def state(world: World, path: str) -> str:
    client = world.app.test_client()
    answer = client.get(f"{API}/{path}/signature", headers={"Authorization": f"Bearer {world.admin}"})
    return str(answer.json["state"])


def test_a_commit_is_verified_for_who_may_push_here_and_known_of_others(
    world: World, tmp_path: Path, key: SshKey
) -> None:
    made = pushed(world, tmp_path, key)
    assert state(world, f"commits/{made}") == "unknown"
    own(world, "b", key)
    assert state(world, f"commits/{made}") == "verified"
    stranger = ssh_key(tmp_path, "stranger")
    own(world, "c", stranger)
    assert state(world, f"commits/{pushed(world, tmp_path, stranger, 'v9')}") == "known"
    assert state(world, "tags/v9") == "known"


def test_a_revoked_key_tells_that_a_commit_was_made_before(world: World, tmp_path: Path, key: SshKey) -> None:
    own(world, "b", key)
    made = pushed(world, tmp_path, key)
    with world.app.test_request_context():
        person = user("b@example.id")
        with unit_of_work():
            keys.revoke(person, keys.of(person)[0].id)
    page = signed_in(world, "b").get(f"{FORK}/commits/{made}?lang=en").text
    assert "Key revoked" in page and "It says it was made before that" in page


def test_history_tags_and_commits_show_it_in_words(world: World, tmp_path: Path, key: SshKey) -> None:
    own(world, "b", key)
    made, admin = pushed(world, tmp_path, key, "v9"), signed_in(world, "b")
    for path in ("history", "branches", f"commits/{made}"):
        assert "Verified: b" in admin.get(f"{FORK}/{path}?lang=en").text, path


def test_the_author_a_commit_names_is_not_who_signed_it(world: World, tmp_path: Path, key: SshKey) -> None:
    """Anybody writes any name into a commit; the badge names the key's owner."""
    own(world, "b", key)
    made = pushed(world, tmp_path, key)
    shown = signed_in(world, "b").get(f"{FORK}/history?lang=en").text
    assert "Tester" in shown and "Verified: b" in shown and made[:10] in shown


def test_a_commit_that_did_not_change_is_not_read_again(
    world: World, tmp_path: Path, key: SshKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = pushed(world, tmp_path, key), []
    honest = objects.read
    monkeypatch.setattr(objects, "read", lambda place, names: asked.append(list(names)) or honest(place, names))
    for _time in range(2):
        state(world, f"commits/{made}")
    assert asked == [[made]]


def test_a_page_starts_gpgv_for_so_many_commits_and_no_more(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, repository = pgp_key(tmp_path), world.storage.fork("bontang", "lapor")
    monkeypatch.setattr(service, "MAX_PGP", 1)
    head = line(repository, "rev-parse", "main")
    names = []
    for number in range(2):
        plain = f"tree {line(repository, 'rev-parse', 'main^{tree}')}\nparent {head}\nauthor A <a> {number} +0000\n"
        commit = f"{plain}committer A <a> {number} +0000\n\nx\n".encode()
        armour = key.sign(commit).strip().replace("\n", "\n ")
        whole = commit.replace(b"\n\n", f"\ngpgsig {armour}\n\n".encode(), 1)
        names.append(line(repository, "hash-object", "-t", "commit", "-w", "--stdin", stdin=whole))
    with world.app.test_request_context():
        scope.enter_programme()
        app = catalog.get_app("lapor")
        found = service.marks(repository, app, None, names)
    assert [found[name].state for name in names] == ["unknown", "unchecked"]


def test_an_edit_in_the_browser_is_signed_by_the_registry_and_git_believes_it(world: World, tmp_path: Path) -> None:
    head = line(world.storage.fork("bontang", "lapor"), "rev-parse", "main")
    given = {"branch": "main", "base": head, "path": "", "new_path": "note.txt", "content": "x", "message": "note"}
    client, bearer = world.app.test_client(), {"Authorization": f"Bearer {world.admin}"}
    made = client.post(f"{API}/files", json=given, headers=bearer).json["commit"]
    assert state(world, f"commits/{made}") == "here"
    signers, clone = tmp_path / "signers", tmp_path / "clone"
    signers.write_text(client.get("/transparency/allowed_signers").text)
    git("clone", "-q", f"{world.origin}/git/bontang/lapor.git", clone, token=world.admin)
    told = git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", made, cwd=clone)
    assert 'Good "git" signature for lumbung@' in told


def test_a_release_is_tagged_with_the_registrys_signature(world: World, tmp_path: Path) -> None:
    client, clone, signers = world.app.test_client(), tmp_path / "clone", tmp_path / "signers"
    assert client.get("/api/v1/apps/lapor/repository/tags/v1.0.0/signature").json["state"] == "here"
    signers.write_text(client.get("/transparency/allowed_signers").text)
    git("clone", "-q", f"{world.origin}/git/lapor.git", clone)
    assert "Good" in git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", "v1.0.0", cwd=clone)
    assert "Made here" in client.get("/apps/lapor", headers=ENGLISH).text


def test_every_file_of_a_release_is_in_the_list_at_once(world: World) -> None:
    client = world.app.test_client()
    entries = list(ledger.read(client.get("/transparency/releases.txt").text.splitlines()))
    assert [entry.kind for entry in entries] == list(archives.KINDS)
    told = client.get("/apps/lapor/releases/1.0.0.tar.gz.sha256").text.split()[0]
    assert entries[0].sha256 == told
    page = client.get("/api/v1/transparency/releases?from=2&limit=2").json
    assert [item["number"] for item in page["items"]] == [2, 3] and page["next"] == 4
    assert page["head"] == entries[-1].chain


@pytest.mark.parametrize("query", ["", "?to=2"])
def test_the_list_and_its_checkpoint_are_signed_up_to_any_line(world: World, query: str) -> None:
    client = world.app.test_client()
    key = PublicKey.read(client.get("/apps/releases.pub").text)
    for name in ("releases.txt", "checkpoint.txt"):
        content = client.get(f"/transparency/{name}{query}").data
        Signature.read(client.get(f"/transparency/{name}.minisig{query}").text).check(BytesIO(content), key)
    assert len(client.get("/transparency/releases.txt?to=2").text.splitlines()) == 2


def test_a_part_of_the_list_is_bounded_and_carries_its_etag(world: World) -> None:
    client = world.app.test_client()
    part = client.get("/transparency/releases.txt?from=2&to=3")
    assert [text.split()[0] for text in part.text.splitlines()] == ["2", "3"]
    known = {"If-None-Match": part.headers["ETag"]}
    assert client.get("/transparency/releases.txt?from=2&to=3", headers=known).status_code == 304
    assert client.get("/transparency/releases.txt?from=1&to=99999999").status_code == 422
    assert client.get("/transparency/releases.txt?from=9&to=2").status_code == 422


def test_a_withdrawn_release_stays_in_the_list(world: World) -> None:
    client = world.app.test_client()
    before = client.get("/transparency/releases.txt").text
    with world.app.test_request_context():
        scope.enter_programme()
        with unit_of_work():
            catalog.yank_release(catalog.get_release(catalog.get_app("lapor"), "1.0.0"), "a hole")
        with unit_of_work():
            journal.note()
    assert client.get("/transparency/releases.txt").text == before


@pytest.mark.parametrize("act", ["update transparency_lines set sha256 = 'x'", "delete from transparency_lines"])
def test_the_database_changes_no_line(world: World, act: str) -> None:
    with world.app.app_context(), pytest.raises(DBAPIError):
        db.session.execute(text(act))


def test_a_file_that_is_not_what_was_released_is_found(world: World) -> None:
    with world.app.test_request_context():
        scope.enter_programme()
        assert list(journal.differences()) == []
        path = world.storage.archive("lapor", "1.0.0", "zip")
        path.write_bytes(b"other")
        assert ["zip" in told and "not what was published" in told for told in journal.differences()] == [True]
        archives.sum_of(path).write_text(f"{'0' * 64}  1.0.0.zip\n")
        assert ["another one now" in told for told in journal.differences()] == [True]


def test_the_command_accepts_the_list_and_refuses_one_cut_short(world: World, tmp_path: Path) -> None:
    client = world.app.test_client()
    for path in ("/transparency/releases.txt", "/transparency/releases.txt.minisig", "/apps/releases.pub"):
        (tmp_path / path.rpartition("/")[2]).write_bytes(client.get(path).data)
    (tmp_path / "1.0.0.zip").write_bytes(client.get("/apps/lapor/releases/1.0.0.zip").data)
    program = Path(sys.executable).with_name("lumbung")
    command = [program, "transparency", "verify", "releases.txt", "--key", "releases.pub", "--earlier", "releases.txt",
               "--release", "1.0.0.zip"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert "signed" in done.stdout and "lapor 1.0.0 zip" in done.stdout
    (tmp_path / "releases.txt").write_bytes(client.get("/transparency/releases.txt?to=2").data)
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False).returncode == 1


def test_the_keys_of_an_account_have_a_page(world: World, tmp_path: Path, key: SshKey) -> None:
    client = signed_in(world, "b")
    page = client.get("/account/keys").text
    with world.app.test_request_context():
        asked = keys.challenge(user("b@example.id"))
    assert asked in page
    form = {"name": "laptop", "text": key.public, "proof": key.sign(f"{asked}\n".encode(), keys.NAMESPACE)}
    assert client.post("/account/keys", data={**form, "proof": "x"}).status_code == 422
    assert client.post("/account/keys", data=form).status_code == 303
    assert key.fingerprint in client.get("/account/keys").text
    assert world.app.test_client().get("/account/keys").status_code in (302, 303, 401)


def test_the_keys_of_an_account_have_an_api(world: World, key: SshKey) -> None:
    client, bearer = world.app.test_client(), {"Authorization": f"Bearer {world.admin}"}
    asked = client.get("/api/v1/account/keys", headers=bearer).json["challenge"]
    given = {"name": "ci", "text": key.public, "proof": key.sign(asked.encode(), keys.NAMESPACE)}
    made = client.post("/api/v1/account/keys", json=given, headers=bearer)
    assert (made.status_code, made.json["fingerprint"]) == (201, key.fingerprint)
    gone = client.delete(f"/api/v1/account/keys/{made.json['id']}", headers=bearer)
    assert gone.status_code == 200 and gone.json["revoked_at"]


def test_a_page_is_shown_without_badges_when_git_cannot_read_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise GitError("ends too early")

    monkeypatch.setattr(objects, "read", broken)
    for path in ("history", "branches"):
        assert world.app.test_client().get(f"/apps/lapor/{path}").status_code == 200
    assert world.app.test_client().get("/apps/lapor").status_code == 200
