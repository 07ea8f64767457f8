"""What pages of a repository show and do, for programs."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.forge.browsing.conftest import put
from tests.forge.conftest import World, git

UPSTREAM, FORK = "/api/v1/apps/lapor/repository", "/api/v1/forks/bontang/lapor/repository"
QUESTIONS = (
    "refs", "refs?kind=tag", "commits", "commits?path=README.md", "compare?base=v1.0.0&head=main", "tree",
    "tree?path=lapor", "blob?path=README.md", "raw?path=README.md",
    "blame?path=publiccode.yml", "search?q=lapor", "archive",
)  # fmt: skip


def ask(world: World, path: str, token: str = "", **more: Any):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return world.app.test_client().open(path, headers={**headers, **more.pop("headers", {})}, **more)


def head(world: World) -> str:
    return git("--git-dir", world.storage.fork("bontang", "lapor"), "rev-parse", "refs/heads/main").strip()


@pytest.mark.parametrize("question", QUESTIONS)
def test_upstreams_answer_everybody_and_forks_their_city(world: World, question: str) -> None:
    assert ask(world, f"{UPSTREAM}/{question}").status_code == 200
    assert ask(world, f"{FORK}/{question}").status_code == 401
    assert ask(world, f"{FORK}/{question}", world.stranger).status_code == 404
    assert ask(world, f"{FORK}/{question}", world.admin).status_code == 200


def test_an_answer_about_a_commit_is_known_by_its_etag(world: World) -> None:
    path = f"{UPSTREAM}/tree"
    first = ask(world, path)
    again = ask(world, path, headers={"If-None-Match": first.headers["ETag"]})
    other = ask(world, f"{path}?path=lapor", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, other.status_code) == (304, 200)


def test_lists_go_on_where_their_cursor_says(world: World) -> None:
    seen: list[str] = []
    after = ""
    while after is not None:
        page = ask(world, f"{UPSTREAM}/tree?limit=2&after={after}").json
        seen += [row["name"] for row in page["items"]]
        after = page["next"]
    assert seen == ["lapor", "CHANGELOG.md", "LICENSE", "README.md", "lumbung.toml", "publiccode.yml"]
    made = head(world)
    first = ask(world, f"{FORK}/commits?limit=1", world.admin).json
    assert first["items"][0]["signature"] == "here", "the registry signs the commit a fork begins with"
    put(world.storage.fork("bontang", "lapor"), {"x": "y"}, parent=made)
    second = ask(world, f"{FORK}/commits?limit=1&after={first['next']}", world.admin).json
    assert first["items"][0]["id"] == made and second["items"][0]["id"] not in (made, head(world))


def test_the_archive_is_what_its_etag_says(world: World) -> None:
    answer = ask(world, f"{UPSTREAM}/archive?kind=tar.gz&ref=v1.0.0")
    assert answer.headers["ETag"].strip('"') == hashlib.sha256(answer.data).hexdigest()


def test_a_file_is_committed_and_changed_only_by_who_saw_it(world: World) -> None:
    seen = head(world)
    given = {"base": seen, "new_path": "docs/a.md", "content": "aGFpIQ==", "encoding": "base64", "message": "Hai"}
    made = ask(world, f"{FORK}/files", world.admin, method="POST", json=given)
    assert (made.status_code, made.json) == (201, {"commit": head(world), "branch": "main", "warnings": []})
    assert ask(world, f"{FORK}/blob?path=docs/a.md", world.admin).json["content"] == "hai!"
    stale = {"base": seen, "path": "docs/a.md", "new_path": "docs/a.md", "content": "no"}
    assert ask(world, f"{FORK}/files", world.admin, method="POST", json=stale).json["code"] == "moved"
    gone = {"base": head(world), "path": "docs/a.md"}
    assert ask(world, f"{FORK}/files", world.admin, method="POST", json=gone).status_code == 201
    assert ask(world, f"{FORK}/blob?path=docs/a.md", world.admin).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {}, {"new_path": "a"}, {"new_path": "../a", "content": "x"},
        {"new_path": "a", "content": "%", "encoding": "base64"},
        {"new_path": "a", "content": "x", "new_branch": "--output=x"},
        {"new_path": "a", "content": "\ud800"}, {"path": "README.md", "content": "x"},
        {"path": "README.md", "new_path": "/"},
        {"path": "publiccode.yml", "new_path": "publiccode.yml", "content": "name: x"},
    ],
)  # fmt: skip
def test_what_cannot_be_committed_is_refused(world: World, given: dict[str, str]) -> None:
    before = head(world)
    answer = ask(world, f"{FORK}/files", world.admin, method="POST", json={"base": before, **given})
    assert answer.status_code == 422 and head(world) == before


def test_strangers_commit_nothing(world: World) -> None:
    given = {"base": head(world), "new_path": "a", "content": "x"}
    for token, status in ((world.stranger, 404), (world.maintainer, 404), ("", 401)):
        assert ask(world, f"{FORK}/files", token, method="POST", json=given).status_code == status
    assert ask(world, f"{UPSTREAM}/files", world.maintainer, method="POST", json=given).status_code == 404


def test_a_branch_is_deleted_where_it_was_seen(world: World) -> None:
    given = {"base": head(world), "new_path": "a", "content": "x", "new_branch": "usulan/satu"}
    made = ask(world, f"{FORK}/files", world.admin, method="POST", json=given).json["commit"]
    path = f"{FORK}/branches/usulan/satu"
    assert ask(world, f"{path}?old={'1' * 40}", world.admin, method="DELETE").status_code == 409
    assert ask(world, f"{path}?old={made}", world.admin, method="DELETE").status_code == 204
    assert ask(world, f"{path}?old={made}", world.admin, method="DELETE").status_code == 404
    main = ask(world, f"{FORK}/branches/main?old={head(world)}", world.admin, method="DELETE")
    assert main.status_code == 422
