"""A bundle's own tests before a release: who must have them run, how, and what everybody reads of them afterwards.

The host is played here: its heartbeat is a row, and what it found is written into the run. `tests/host/test_proving.py`
has the real one.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.catalog.models import Release
from registry.catalog.trust import proving as trust
from registry.catalog.trust.models import Proving
from registry.catalog.trust.proved import Content
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import TooManyError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import candidates, importing, proving, publishing
from registry.forge.cli import publish as publish_command
from registry.forge.service import fork_of
from registry.hosting.models import Host
from registry.hosting.proving import forget_tested
from registry.tenants.models import City
from tests.forge.conftest import World, write_bundle
from tests.forge.test_pages import signed_in

TEST = "def test_lapor():\n    assert True\n"


@pytest.fixture
def host(world: World) -> Iterator[None]:
    """One was heard a moment ago."""
    with world.app.app_context(), unit_of_work() as session:
        session.add(Host(name="host", beat_at=now(), pid=1, facts={}))
    yield
    with world.app.app_context(), unit_of_work() as session:
        session.delete(session.get(Host, "host"))


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Lapor 1.1.0, with a test."""
    folder = write_bundle(tmp_path / "new" / "lapor", "1.1.0")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_lapor.py").write_text(TEST)
    return folder


@pytest.fixture
def maintainer(world: World) -> FlaskClient:
    return reading_english(signed_in(world, "a"))


def visitor(world: World) -> FlaskClient:
    return reading_english(world.app.test_client())


def reading_english(client: FlaskClient) -> FlaskClient:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.get("/sign-in?lang=en")
    return client


def packed(folder: Path) -> dict[str, object]:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.add(folder, "lapor")
    return {"archive": (io.BytesIO(content.getvalue()), "lapor.tar.gz")}


def bearer(world: World, token: str = "") -> dict[str, str]:
    return {"Authorization": f"Bearer {token or world.maintainer}"}


def end(world: World, **found: object) -> int:
    """What the host writes of the open run; answers with its id."""
    with world.app.app_context(), unit_of_work() as session:
        [run] = session.scalars(select(Proving).where(Proving.finished_at.is_(None)))
        for name, value in {"finished_at": now(), "seconds": 12.0, "log": "the log", **found}.items():
            setattr(run, name, value)
        return run.id


def versions(world: World) -> list[str]:
    with world.app.app_context():
        return sorted(db.session.scalars(select(Release.version)))


def test_the_checklist_offers_to_run_tests_and_leads_on_when_they_have_passed(
    world: World, host: None, newer: Path, maintainer: FlaskClient
) -> None:
    page = maintainer.post("/programme/publish/archive", data=packed(newer) | {"act": "look"})
    assert "Run its tests in the sandbox" in page.text and "Release 1.1.0" not in page.text
    name = page.text.split('name="candidate" value="')[1].split('"')[0]
    place = maintainer.post("/programme/publish/tests", data={"candidate": name}).headers["Location"]
    progress = maintainer.get(place)
    assert "You may leave this page" in progress.text and progress.headers["Refresh"]
    end(world, state="passed", passed=158)
    ended = maintainer.get(place).text
    assert "Its own tests say: 158 passed in 12 s, none failed." in ended and "the log" in ended
    look = maintainer.get("/programme/publish/look", query_string={"candidate": name}).text
    assert "Release 1.1.0" in look
    maintainer.post("/programme/publish/candidate", data={"candidate": name})
    assert versions(world) == ["1.0.0", "1.1.0"]
    shown = visitor(world).get("/apps/lapor")
    assert "158 passed in 12 s" in shown.text
    assert "the log" in visitor(world).get("/apps/lapor/releases/1.1.0/tests").text
    with world.app.app_context():
        release = db.session.scalars(select(Release).where(Release.version == "1.1.0")).one()
        assert next(one for one in release.rating["parts"] if one["code"] == "tests")["reason"] == "passed"


def test_who_releases_at_once_is_led_to_the_checklist(
    world: World, host: None, newer: Path, maintainer: FlaskClient
) -> None:
    answer = maintainer.post("/programme/publish/archive", data=packed(newer))
    assert answer.status_code == 422 and "Run its tests in the sandbox" in answer.text
    assert versions(world) == ["1.0.0"]


def test_failed_tests_hold_a_release_up_and_are_named_even_without_a_host(
    world: World, host: None, newer: Path, maintainer: FlaskClient
) -> None:
    visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world))
    end(world, state="failed", passed=1, failed=1, failures=["tests/test_lapor.py::test_lapor"])
    with world.app.app_context(), unit_of_work() as session:
        session.get(Host, "host").beat_at = now().replace(year=2020)
    look = maintainer.post("/programme/publish/archive", data=packed(newer) | {"act": "look"}).text
    assert "test_lapor.py" in look and "Release 1.1.0" not in look
    assert maintainer.post("/programme/publish/archive", data=packed(newer)).status_code == 422
    assert versions(world) == ["1.0.0"]


def test_without_a_host_tests_that_nobody_ran_only_warn(world: World, newer: Path, maintainer: FlaskClient) -> None:
    look = maintainer.post("/programme/publish/archive", data=packed(newer) | {"act": "look"}).text
    assert "Nobody has run them" in look and "Run its tests in the sandbox" not in look
    assert maintainer.post("/programme/publish/archive", data=packed(newer)).status_code == 302
    assert "were not run in the sandbox" in visitor(world).get("/apps/lapor").text


def test_one_more_byte_is_another_tree_whose_tests_nobody_ran(
    world: World, host: None, newer: Path, maintainer: FlaskClient
) -> None:
    visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world))
    end(world, state="passed", passed=1)
    (newer / "lapor" / "more.py").write_text("A = 1\n")
    assert maintainer.post("/programme/publish/archive", data=packed(newer)).status_code == 422


def test_a_run_whose_job_was_lost_does_not_stand_in_the_way_for_ever(world: World, host: None, newer: Path) -> None:
    first = visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world)).json["id"]
    end(world, finished_at=None, seconds=0.0, created_at=now() - timedelta(hours=2))
    again = visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world)).json["id"]
    assert again != first
    assert visitor(world).get(f"/api/v1/releases/tests/{first}", headers=bearer(world)).json["state"] == "broken"


def test_programs_ask_read_and_release(world: World, host: None, newer: Path) -> None:
    client, headers = visitor(world), bearer(world)
    assert client.post("/api/v1/releases", data=packed(newer), headers=headers).status_code == 422
    asked = client.post("/api/v1/releases/tests", data=packed(newer), headers=headers)
    assert asked.status_code == 202 and asked.json["state"] == "wanted"
    again = client.post("/api/v1/releases/tests", data=packed(newer), headers=headers).json
    assert again["id"] == asked.json["id"], "one run of a tree at a time"
    assert client.get(f"/api/v1/jobs/{asked.json['job']}", headers=headers).json["state"] == "queued"
    end(world, state="passed", passed=3)
    told = client.get(f"/api/v1/releases/tests/{asked.json['id']}", headers=headers).json
    assert (told["state"], told["passed"], told["log"]) == ("passed", 3, "the log")
    assert client.post("/api/v1/releases", data=packed(newer), headers=headers).status_code == 201
    public = client.get("/api/v1/apps/lapor/releases/1.1.0/tests").json
    assert public["passed"] == 3 and "job" not in public
    assert client.get("/api/v1/apps/lapor/releases/1.0.0/tests").status_code == 404


def test_tests_of_a_release_that_is_out_are_run_when_a_maintainer_asks(
    world: World, host: None, maintainer: FlaskClient
) -> None:
    maintainer.post("/apps/lapor/releases/1.0.0/tests")
    with world.app.app_context():
        scope.enter_programme()
        run = db.session.scalars(select(Proving)).one()
        publisher = db.session.scalars(select(City).where(City.publisher)).one()
        with proving.opened(publisher, run.source) as (_repository, tree):
            assert tree == run.tree
        assert db.session.get(Job, run.job_id).kind == "prove"


def test_nobody_else_has_tests_run_or_reads_those_of_a_candidate(world: World, host: None, newer: Path) -> None:
    client = visitor(world)
    for token in (world.admin, world.stranger):
        headers = bearer(world, token)
        assert client.post("/api/v1/releases/tests", data=packed(newer), headers=headers).status_code == 403
        assert client.get("/api/v1/releases/tests/1", headers=headers).status_code == 403
        assert client.post("/api/v1/apps/lapor/releases/1.0.0/tests", headers=headers).status_code == 403
    assert signed_in(world, "b").get("/programme/publish/tests/1").status_code == 403


def test_one_city_does_not_fill_the_queue_of_all(world: World, host: None) -> None:
    with world.app.app_context():
        scope.enter_programme()
        publisher = db.session.scalars(select(City).where(City.publisher)).one()
        with unit_of_work():
            for number in range(trust.MOST_OPEN):
                trust.ask(publisher, Content(f"{number:040x}", "", "python-wsgi/1", "1.0.0"), {}, None)
        with pytest.raises(TooManyError), unit_of_work():
            trust.ask(publisher, Content("f" * 40, "", "python-wsgi/1", "1.0.0"), {}, None)


def test_the_tests_of_a_fork_are_those_of_its_own_commit(world: World, host: None) -> None:
    with world.app.app_context():
        bontang = db.session.scalars(select(City).where(City.slug == "bontang")).one()
        scope.enter_city(bontang.id)
        with unit_of_work():
            run = proving.ask_fork(fork_of(bontang, "lapor"), "main", None)
        assert run.source["city"] == "bontang"
        with proving.opened(bontang, run.source) as (repository, tree):
            assert (repository, tree) == (world.storage.fork("bontang", "lapor"), run.tree)


def test_a_candidates_source_is_found_again_until_it_is_forgotten(world: World, host: None, newer: Path) -> None:
    visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world))
    with world.app.app_context():
        scope.enter_programme()
        run = db.session.scalars(select(Proving)).one()
        publisher = db.session.scalars(select(City).where(City.publisher)).one()
        with proving.opened(publisher, run.source) as (repository, tree):
            assert tree == run.tree and repository.is_dir()


def test_an_import_waits_for_its_tests_and_leaves_nothing_behind(
    world: World, host: None, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def played(proving_id: int, tell: object) -> None:
        kept = trust.get(proving_id).source["candidate"]
        assert (candidates.repository(kept) or newer).name == kept, "its source is there while it waits"
        end(world, state="passed", passed=1)

    monkeypatch.setattr(proving, "wait", played)
    with world.app.app_context():
        scope.enter_programme()
        publisher = db.session.scalars(select(City).where(City.publisher)).one()
        with publishing.committed(publisher, newer) as (repository, _tree):
            assert proving.try_repository(publisher, repository, "HEAD", None, lambda result: None)
            assert not proving.try_repository(publisher, repository, "HEAD", None, lambda result: None), "they passed"
            with unit_of_work():
                importing.publish_fetched(publisher, repository, "https://x.example/lapor.git", None, tested=True)
    assert versions(world) == ["1.0.0", "1.1.0"]
    assert not list((world.storage.data / "git" / "incoming").glob("candidates/*.git"))


def test_the_command_line_runs_tests_only_where_a_host_is(world: World, newer: Path) -> None:
    done = world.app.test_cli_runner().invoke(publish_command, ["--test", str(newer)])
    assert done.exit_code == 1 and "start Lumbung first" in done.output
    assert versions(world) == ["1.0.0"]


def test_what_was_built_for_tests_alone_leaves_the_disk(world: World, host: None, newer: Path) -> None:
    visitor(world).post("/api/v1/releases/tests", data=packed(newer), headers=bearer(world))
    number = end(world, state="passed", environment="e" * 32, finished_at=now() - timedelta(days=2))
    with world.app.app_context():
        tree = trust.get(number).tree
        folders = [world.storage.data / "builds" / place for place in (f"code/{tree}", f"env/{'e' * 32}")]
        for folder in folders:
            folder.mkdir(parents=True)
        forget_tested()
        assert [folder.exists() for folder in folders] == [False, True]


def test_the_command_line_warns_of_tests_that_were_not_run(world: World, host: None, newer: Path) -> None:
    done = world.app.test_cli_runner().invoke(publish_command, [str(newer)])
    assert done.exit_code == 0 and "Belum ada yang menjalankannya" in done.output
    assert versions(world) == ["1.0.0", "1.1.0"]
