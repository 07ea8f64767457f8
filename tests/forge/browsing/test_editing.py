"""A fork changed in the browser: one file, one commit, nothing lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.forge import storage, writing
from registry.forge.browsing import editing, reading
from registry.forge.keeping import service as keeping
from tests.forge.browsing.conftest import put
from tests.forge.conftest import World, git
from tests.forge.test_pages import signed_in

BASE = "/console/bontang/forks/lapor"


@pytest.fixture
def admin(world: World) -> FlaskClient:
    return signed_in(world, "b")


def fork_of(world: World) -> Path:
    return world.storage.fork("bontang", "lapor")


def told(world: World, *arguments: str) -> str:
    return git("--git-dir", fork_of(world), *arguments).removesuffix("\n")


def head(world: World, branch: str = "main") -> str:
    return told(world, "rev-parse", f"refs/heads/{branch}")


def send(client: FlaskClient, world: World, page: str, base: str = "", **fields: object):
    given = {"base": base or head(world), "message": "", "where": "here", **fields}
    return client.post(f"{BASE}/{page}", data=given)


def test_a_text_is_changed_by_the_person_who_is_signed_in(world: World, admin: FlaskClient) -> None:
    before = head(world)
    page = admin.get(f"{BASE}/edit/README.md").text
    assert "&lt;script&gt;alert(1)" in page and before in page
    given = {"path": "README.md", "text": "# Lapor Bontang\r\n", "message": "Our name\r\nand why"}
    answer = send(admin, world, "edit/README.md", **given)
    assert answer.status_code == 302 and "/source/README.md" in answer.location
    assert told(world, "show", "main:README.md") == "# Lapor Bontang"
    assert told(world, "log", "-1", "--format=%an|%ae|%P|%B", "main").strip() == (
        f"b|{_user_id(world)}@noreply.localhost|{before}|Our name\nand why"
    )


def _user_id(world: World) -> int:
    with world.app.app_context():
        return db.session.connection().exec_driver_sql("select id from users where name = 'b'").scalar_one()


def test_every_edit_stands_in_the_audit_log(world: World, admin: FlaskClient) -> None:
    before = head(world)
    send(admin, world, "new", path="docs/a.md", text="x")
    with world.app.app_context():
        scope.enter_programme()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "git.push")).one()
        assert (entry.subject, entry.actor) == ("bontang/lapor", "b")
        assert entry.detail["refs"] == [{"ref": "refs/heads/main", "old": before, "new": head(world)}]


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (b"a\r\nb\r\n", b"a\r\nc\r\n"), (b"a\nb\n", b"a\nc\n"), (b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfa\nc\n"),
    ],
)  # fmt: skip
def test_line_ends_and_marks_stay_as_they_are(
    world: World, admin: FlaskClient, original: bytes, expected: bytes
) -> None:
    put(fork_of(world), {"a.txt": original}, parent=head(world))
    send(admin, world, "edit/a.txt", path="a.txt", text="a\r\nc\r\n")
    with world.app.test_request_context():
        assert reading.content(fork_of(world), head(world), "a.txt", 99)[0] == expected


def test_a_file_is_renamed_by_its_path(world: World, admin: FlaskClient) -> None:
    blob = told(world, "rev-parse", "main:README.md")
    send(admin, world, "edit/README.md", path="docs/BACA.md", text=told(world, "show", "main:README.md") + "\n")
    assert told(world, "rev-parse", "main:docs/BACA.md") == blob
    assert "README.md" not in told(world, "ls-tree", "-r", "--name-only", "main").split("\n")


def test_a_new_branch_leaves_main_as_it_is(world: World, admin: FlaskClient) -> None:
    before = head(world)
    send(admin, world, "new", path="a.md", text="x", where="new", new_branch="usulan/a")
    assert head(world) == before and told(world, "show", "usulan/a:a.md") == "x"


@pytest.mark.parametrize(
    "name", ["", "-x", "--output=x", "a..b", "main", "v1.0.0", "refs/heads/x", "a" * 40, "a.lock/b", "x y", "a/.b"]
)
def test_a_branch_of_no_good_name_is_not_made(world: World, admin: FlaskClient, name: str) -> None:
    answer = send(admin, world, "new", path="a.md", text="kept text", where="new", new_branch=name)
    assert answer.status_code == 422 and "kept text" in answer.text
    assert "a.md" not in told(world, "log", "--all", "--name-only", "--format=")


@pytest.mark.parametrize(
    "path",
    ["../x", "/", "a//b", ".git/config", "a/.GIT/hooks/x", ".gitmodules", ".gitattributes", "a\\b", "lapor",
     "README.md", "readme.MD", "README.md/x", "a /b", "a.", "x\u202etxt", "x" * 1_001, "LAPOR/x"],
)  # fmt: skip
def test_a_path_of_no_good_is_not_written(world: World, admin: FlaskClient, path: str) -> None:
    before = head(world)
    answer = send(admin, world, "new", path=path, text="kept text")
    assert answer.status_code == 422 and "kept text" in answer.text and head(world) == before


def test_what_others_changed_meanwhile_is_shown_and_ones_text_kept(world: World, admin: FlaskClient) -> None:
    seen = head(world)
    put(fork_of(world), {"README.md": "# Theirs\n"}, parent=seen)
    moved = head(world)
    answer = send(admin, world, "edit/README.md", base=seen, path="README.md", text="# My own text")
    assert answer.status_code == 409 and head(world) == moved
    assert "# My own text" in answer.text and "# Theirs" in answer.text
    assert re.search(rf'name="base"[^>]*value="{moved}"', answer.text), "the next try is made upon what is there now"
    assert send(admin, world, "edit/README.md", base=moved, path="README.md", text="# Both").status_code == 302


def test_who_is_slower_by_a_moment_overwrites_nothing(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch moves after it was looked at: update-ref is given the old value, so git refuses."""
    write = editing._write

    def slowly(repository: Path, *more: object) -> str:
        made = write(repository, *more)  # type: ignore[arg-type]
        put(repository, {"theirs": "x"}, parent=head(world))
        return made

    monkeypatch.setattr(editing, "_write", slowly)
    answer = send(admin, world, "new", path="mine.md", text="kept text")
    assert answer.status_code == 409 and "kept text" in answer.text
    assert told(world, "show", "main:theirs") == "x"


def test_another_file_that_moved_is_in_nobodys_way(world: World, admin: FlaskClient) -> None:
    seen = head(world)
    put(fork_of(world), {"other.md": "theirs\n"}, parent=seen)
    assert send(admin, world, "edit/README.md", base=seen, path="README.md", text="mine").status_code == 302
    assert told(world, "show", "main:other.md") == "theirs"


def test_a_file_deleted_meanwhile_can_be_written_anew(world: World, admin: FlaskClient) -> None:
    seen = head(world)
    send(admin, world, "remove/README.md")
    answer = send(admin, world, "edit/README.md", base=seen, path="README.md", text="mine")
    assert answer.status_code == 409 and "mine" in answer.text
    assert send(admin, world, "edit/README.md", path="README.md", text="mine").status_code == 302
    assert told(world, "show", "main:README.md") == "mine"


def test_what_a_branch_lost_does_not_lose_ones_text(world: World, admin: FlaskClient) -> None:
    answer = send(admin, world, "edit/README.md", base="1" * 40, path="README.md", text="my text")
    assert answer.status_code == 409 and "my text" in answer.text


def test_a_file_is_deleted_and_the_history_keeps_it(world: World, admin: FlaskClient) -> None:
    seen = head(world)
    assert send(admin, world, "remove/README.md").status_code == 302
    assert "README.md" not in told(world, "ls-tree", "-r", "--name-only", "main").split("\n")
    assert "# Lapor" in told(world, "show", f"{seen}:README.md")


@pytest.mark.parametrize("path", ["", "/", " / "])
def test_a_file_without_a_path_is_not_taken_for_one_to_delete(world: World, admin: FlaskClient, path: str) -> None:
    before = head(world)
    assert send(admin, world, "edit/README.md", path=path, text="kept text").status_code == 422
    assert head(world) == before
    assert send(admin, world, "replace/README.md", path="/").status_code == 422 and head(world) == before


def test_nothing_changed_is_no_commit(world: World, admin: FlaskClient) -> None:
    before = head(world)
    text = told(world, "show", "main:README.md") + "\n"
    assert send(admin, world, "edit/README.md", path="README.md", text=text).status_code == 422
    assert head(world) == before


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [("publiccode.yml", "name: Nothing\n", "publiccodeYmlVersion"), ("lumbung.toml", "[plugin]\nx = 1\n", "plugin.x")],
)  # fmt: skip
def test_what_an_app_says_of_itself_is_checked_before_the_commit(
    world: World, admin: FlaskClient, name: str, text: str, finding: str
) -> None:
    before = head(world)
    answer = send(admin, world, f"edit/{name}", path=name, text=text)
    assert answer.status_code == 422 and finding in answer.text and head(world) == before


@pytest.mark.parametrize("name", ["publiccode.yml", "lumbung.toml"])
def test_what_every_app_needs_stays(world: World, admin: FlaskClient, name: str) -> None:
    assert send(admin, world, f"remove/{name}").status_code == 422
    assert send(admin, world, f"edit/{name}", path="x.yml", text="x").status_code == 422


def test_a_picture_is_uploaded_under_its_own_name_and_replaced(world: World, admin: FlaskClient) -> None:
    first = {"file": (io.BytesIO(b"\x89PNG\0one"), "peta.png"), "path": "docs/"}
    assert send(admin, world, "upload", **first).status_code == 302
    bare = {"file": (io.BytesIO(b"\x89PNG\0three"), "denah.png"), "path": ""}
    assert send(admin, world, "upload", **bare).status_code == 302
    assert told(world, "cat-file", "-s", "main:denah.png") == "10"
    second = {"file": (io.BytesIO(b"\x89PNG\0two"), "x.png"), "path": "docs/peta2.png"}
    assert send(admin, world, "replace/docs/peta.png", **second).status_code == 302
    assert told(world, "cat-file", "-s", "main:docs/peta2.png") == "8"


def test_an_upload_of_nothing_or_too_much_is_refused(world: World, admin: FlaskClient) -> None:
    assert send(admin, world, "upload", path="x.bin").status_code == 422
    large = {"file": (io.BytesIO(b"x" * 1_950_000), "x.bin"), "path": "x.bin"}
    assert send(admin, world, "upload", **large).status_code == 422


def test_a_full_city_is_told_so_and_keeps_its_text(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise RefusalError("no room left")

    monkeypatch.setattr(keeping, "demand_room", full)
    answer = send(admin, world, "new", path="a.md", text="kept text")
    assert answer.status_code == 400 and "no room left" in answer.text and "kept text" in answer.text


def test_only_who_may_push_edits(world: World, admin: FlaskClient) -> None:
    for who, status in ((signed_in(world, "c"), 404), (signed_in(world, "a"), 404)):
        for page in ("new", "upload", "edit/README.md", "remove/README.md", "replace/README.md"):
            assert who.get(f"{BASE}/{page}").status_code == status
            assert send(who, world, page, path="a.md", text="x").status_code == status
    assert world.app.test_client().get("/apps/lapor/edit/README.md").status_code == 404


def test_links_are_not_edited(world: World, admin: FlaskClient) -> None:
    assert admin.get(f"{BASE}/edit/lapor").status_code == 404


def test_a_branch_goes_by_its_name(world: World, admin: FlaskClient) -> None:
    send(admin, world, "new", path="a.md", text="x", where="new", new_branch="usulan")
    mine = head(world, "usulan")
    assert "usulan" in admin.get(f"{BASE}/branches").text

    def delete(name: str, old: str, confirm: str) -> int:
        return admin.post(f"{BASE}/branches/delete", data={"name": name, "old": old, "confirm": confirm}).status_code

    delete("usulan", mine, "usul")
    assert delete("usulan", "1" * 40, "usulan") == 409 and head(world, "usulan") == mine
    assert delete("main", head(world), "main") == 422 and head(world)
    assert delete("usulan", mine, "usulan") == 302
    assert "usulan" not in told(world, "for-each-ref")


def test_an_edit_whose_record_fails_is_taken_back(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise RefusalError("the log is away")

    before = head(world)
    monkeypatch.setattr("registry.forge.pushes.record", fail)
    send(admin, world, "new", path="a.md", text="x")
    assert head(world) == before
    send(admin, world, "new", path="a.md", text="x", where="new", new_branch="usulan")
    assert "usulan" not in told(world, "for-each-ref")


def test_who_wants_the_fork_alone_waits_for_an_edit(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, real = [], writing.update_refs

    def moved(repository: Path, wanted: dict[str, tuple[str, str]]) -> None:
        with pytest.raises(BlockingIOError), storage.locked(repository, wait=False):
            pass
        seen.append(repository)
        real(repository, wanted)

    monkeypatch.setattr(writing, "update_refs", moved)
    assert send(admin, world, "edit/README.md", path="README.md", text="# Other\n").status_code == 302
    assert seen == [fork_of(world)]
