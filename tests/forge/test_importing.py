"""Apps from another git server: the worker brings them in, and each limit of the fetch holds."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import procrastinate
import pytest
from sqlalchemy import create_engine, select

from registry.catalog.models import Release
from registry.config import REPOSITORY, Settings
from registry.core import jobs, scope
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git as server_git
from registry.forge import importing
from registry.tenants.models import City
from tests.forge.conftest import World, commit, git, write_bundle

URL = "https://git.example.org/lapor.git"
TASKS = """
import registry.app
from registry.core import jobs
print("forge.import_url" in jobs.queue.tasks)
"""


def test_whoever_loads_the_application_knows_the_import() -> None:
    """In a process of its own: this one has loaded everything long ago."""
    told = subprocess.run([sys.executable, "-c", TASKS], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"


@pytest.fixture
def queue(settings: Settings) -> Iterator[str]:
    """The queue's database; nothing waits in it before and after."""
    engine = create_engine(settings.owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("truncate procrastinate_jobs, procrastinate_workers cascade")
    yield settings.database_url.replace("+psycopg", "")
    with engine.begin() as connection:
        connection.exec_driver_sql("truncate procrastinate_jobs, procrastinate_workers cascade")
    engine.dispose()


def ask(world: World) -> str:
    with world.app.app_context():
        scope.enter_programme()
        publisher = db.session.scalars(select(City).where(City.publisher)).one()
        with unit_of_work():
            return str(jobs.enqueue("forge.import_url", "import", URL, publisher.id, url=URL, user_id=None).id)


def work(world: World, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real worker until nothing waits any more."""
    monkeypatch.setattr(jobs, "application", world.app)
    with jobs.queue.replace_connector(procrastinate.PsycopgConnector(conninfo=url)) as app:
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def told(world: World, job_id: str) -> tuple[str, str, str]:
    with world.app.app_context():
        scope.enter_programme()
        job = db.session.scalars(select(jobs.Job)).one()
        assert str(job.id) == job_id
        return job.state, job.message, job.log


def offer(source: Path, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network alone is taken away: what is fetched is this folder's repository."""
    git("init", "-q", "-b", "trunk", cwd=source)
    commit(source)
    git("clone", "-q", "--bare", "--depth=1", f"file://{source}", bare)

    @contextmanager
    def fetched(_url: str) -> Iterator[Path]:
        yield bare

    monkeypatch.setattr(importing, "fetched", fetched)


def test_the_worker_publishes_what_it_fetched(
    world: World, queue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(write_bundle(tmp_path / "source", "3.0.0"), tmp_path / "bare.git", monkeypatch)
    job = ask(world)
    work(world, queue, monkeypatch)
    state, message, log = told(world, job)
    assert (state, "lapor 3.0.0" in message) == ("done", True), log
    assert "publiccode.yml" in log, "what the checklist warns of"
    with world.app.app_context():
        assert "3.0.0" in db.session.scalars(select(Release.version)).all()


def test_the_worker_refuses_what_lacks_a_change_log(
    world: World, queue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_bundle(tmp_path / "source", "3.0.0")
    (source / "CHANGELOG.md").unlink()
    offer(source, tmp_path / "bare.git", monkeypatch)
    job = ask(world)
    work(world, queue, monkeypatch)
    state, _message, log = told(world, job)
    assert (state, "CHANGELOG.md" in log) == ("failed", True)


class Elsewhere(BaseHTTPRequestHandler):
    """Sends every visitor on to a place inside."""

    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside/info/refs")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        return


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/outside"
    try:
        with pytest.raises(server_git.GitError):
            server_git.run(None, *importing._CLONE, url, str(tmp_path / "x"), config={"protocol.http.allow": "always"})
    finally:
        server.shutdown()
        server.server_close()
    assert Elsewhere.seen and not [path for path in Elsewhere.seen if path.startswith("/inside")]


@pytest.mark.parametrize("protocol", ["http://127.0.0.1:9/x", "file:///etc", "ext::id", "ssh://127.0.0.1/x"])
def test_nothing_but_https_is_spoken(tmp_path: Path, protocol: str) -> None:
    with pytest.raises(server_git.GitError, match="not allowed"):
        allowed = {"GIT_ALLOW_PROTOCOL": "https"}
        server_git.run(None, *importing._CLONE, protocol, str(tmp_path / "x"), variables=allowed)


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """What git is asked for, which then fails as told by ``fault``."""
    held: dict[str, object] = {}

    def run(*_arguments: object, **given: object) -> bytes:
        held.update(given)
        raise held.pop("fault", server_git.GitError("no"))  # type: ignore[misc]

    monkeypatch.setattr(importing, "check_url", lambda _url: "8.8.8.8")
    monkeypatch.setattr(server_git, "run", run)
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        yield held


def test_the_fetch_is_bounded_in_time_and_size(world: World, asked: dict[str, object]) -> None:
    asked["fault"] = server_git.GitTimeoutError("slow")
    with pytest.raises(InvalidError, match="longer than 300 seconds"), importing.fetched(URL):
        pass
    assert (asked["seconds"], asked["largest_file"]) == (300, world.app.extensions["lumbung"].max_push)


def test_a_host_that_is_not_on_the_list_is_not_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        listed = replace(importing.storage.settings(), import_hosts=("git.kota.example",))
        monkeypatch.setattr(importing.storage, "settings", lambda: listed)
        with pytest.raises(InvalidError, match="not imported from git.example.org"):
            importing.check_url(URL)
