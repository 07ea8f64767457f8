"""Archives of large trees: made by the worker, asked for once, and whoever waits reads how far it is."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import Any

import pytest

from registry.core import jobs
from registry.core.db import db
from registry.forge import archives
from registry.forge.browsing import downloads, waiting
from registry.forge.browsing import jobs as work
from tests.forge.conftest import World
from tests.forge.test_pages import signed_in

API = "/api/v1/apps/lapor/repository/archive?kind=zip&ref=v1.0.0"


@pytest.fixture
def large(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Nothing is small here."""
    monkeypatch.setattr(downloads, "SMALL_FILES", 1)
    monkeypatch.setattr(jobs, "application", world.app)
    return world


def asked(world: World) -> list[dict[str, Any]]:
    with world.app.app_context():
        rows = db.session.connection().exec_driver_sql(
            "select args from procrastinate_jobs where task_name = %s order by id", (waiting.TASK,)
        )
        return [row[0] for row in rows]


def address(world: World, kind: str = "zip", base: str = "/apps/lapor") -> str:
    return signed_in(world, "b").get(f"{base}/archive?kind={kind}").location


def test_a_small_one_is_there_at_once(world: World) -> None:
    assert world.app.test_client().get(address(world)).status_code == 200 and asked(world) == []


@pytest.mark.parametrize("kind", downloads.KINDS)
def test_a_large_one_is_made_by_the_worker(large: World, kind: str) -> None:
    visitor, where = large.app.test_client(), address(large, kind)
    first = visitor.get(where)
    assert first.status_code == 202 and first.headers["Refresh"] and "no-store" in first.headers["Cache-Control"]
    (arguments,) = asked(large)
    work.make_archive(**arguments)
    made = visitor.get(where)
    assert made.status_code == 200 and made.headers["Content-Disposition"].startswith("attachment")
    assert visitor.get(f"{where}.sha256").text.split()[0] == hashlib.sha256(made.data).hexdigest()
    work.make_archive(**arguments)
    assert visitor.get(where).data == made.data, "a job that runs twice changes nothing"


def test_it_is_asked_for_once_however_many_want_it(large: World) -> None:
    where = address(large)
    assert [large.app.test_client().get(where).status_code for _one in range(3)] == [202] * 3
    assert large.app.test_client().get(f"{where}.sha256").status_code == 202
    assert len(asked(large)) == 1


def test_the_api_says_how_far_it_is(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = large.app.test_client(), []
    assert client.get(API).json == {"percent": 0, "failure": ""}
    plain = archives.write

    def write(*given: Any) -> None:
        plain(*given[:5], lambda size: (given[5](size), seen.append(client.get(API).json["percent"])))  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(archives, "write", write)
    work.make_archive(**asked(large)[0])
    assert seen == sorted(seen) and 5 <= seen[-1] <= 99
    answer = client.get(API)
    assert answer.status_code == 200 and answer.headers["ETag"].strip('"') == hashlib.sha256(answer.data).hexdigest()


def test_a_forks_archive_is_only_for_its_city(large: World) -> None:
    where = address(large, base="/console/bontang/forks/lapor")
    assert signed_in(large, "c").get(where).status_code == 404 and asked(large) == []
    assert signed_in(large, "b").get(where).status_code == 202
    work.make_archive(**asked(large)[0])
    assert signed_in(large, "b").get(where).status_code == 200 and signed_in(large, "c").get(where).status_code == 404


def test_what_is_too_large_is_refused_before_the_worker_hears_of_it(
    large: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_most", lambda: 100)
    assert large.app.test_client().get(address(large)).status_code == 413 and asked(large) == []


def test_a_history_that_proves_too_large_says_so(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "_most", lambda: 100)
    visitor, where = large.app.test_client(), address(large, "bundle")
    visitor.get(where)
    work.make_archive(**asked(large)[0])
    told = visitor.get(where)
    assert told.status_code == 202 and "git clone" in told.text and "Refresh" not in told.headers


def test_only_so_many_wait_at_once(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 1)
    visitor = large.app.test_client()
    assert [visitor.get(address(large, kind)).status_code for kind in ("zip", "tar.gz")] == [202, 503]


def test_what_nothing_is_heard_of_is_begun_anew(large: World) -> None:
    visitor, where = large.app.test_client(), address(large)
    visitor.get(where)
    with large.app.app_context():
        (file,) = downloads.folder().glob("*/.*.json")
        assert json.loads(file.read_text())["percent"] == 0
    old = time.time() - waiting.FORGOTTEN - 1
    os.utime(file, (old, old))
    assert visitor.get(where).status_code == 202 and len(asked(large)) == 2
