"""Bontang follows Lapor: publishing, changing and syncing it in few words, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask

from registry.catalog.models import App
from registry.core import jobs, scope
from registry.core.db import db
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import git, writing
from registry.forge.following import distances, service
from registry.forge.following.models import Sync
from registry.forge.models import Fork
from registry.forge.service import fork_of
from registry.forge.storage import Storage
from registry.tenants.models import City
from tests.forge import conftest as forge
from tests.forge.following.repositories import Content, commit

MAIN = "refs/heads/main"
Made = TypeVar("Made")


@dataclass
class House:
    """``bundle`` is the folder the next release is published from."""

    app: Flask
    bundle: Path
    place: Storage
    versions: list[str] = field(default_factory=lambda: ["1.0.0"])

    @property
    def fork(self) -> Path:
        return self.place.fork("bontang", "lapor")

    def release(self, version: str, changes: str = "- A release.", files: Mapping[str, str] | None = None) -> str:
        """Upstream's next release; answers with its commit."""
        text = (self.bundle / "CHANGELOG.md").read_text()
        forge.write_bundle(self.bundle, version)
        log = text.removeprefix("# Changelog\n")
        (self.bundle / "CHANGELOG.md").write_text(f"# Changelog\n\n## {version}\n\n{changes}\n{log}")
        for name, content in (files or {}).items():
            path = self.bundle / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        with self.app.app_context():
            return forge.publish(self.bundle).release.commit

    def change(self, files: Mapping[str, Content]) -> str:
        """The city pushes a commit to its main."""
        old = self.main
        new = commit(self.fork, files, (old,))
        writing.update_refs(self.fork, {MAIN: (new, old)})
        return new

    @property
    def main(self) -> str:
        return distances.tip(self.fork)

    def text(self, path: str, commit_: str = MAIN) -> str:
        return git.run(self.fork, "cat-file", "blob", f"{commit_}:{path}").decode()

    def branches(self) -> list[str]:
        return git.line(self.fork, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    @contextmanager
    def inside(self, city: str = "bontang") -> Iterator[tuple[City, Fork]]:
        """In the city's scope, as a request of its is."""
        with self.app.app_context(), self.app.test_request_context(headers={"Accept-Language": "en"}):
            found = db.session.query(City).filter_by(slug=city).one()
            scope.enter_city(found.id)
            yield found, fork_of(found, "lapor")

    def begin(self, **given: object) -> Sync:
        """Begin a sync as Bontang's admin and, where nothing is to be decided, let the worker do it."""
        with self.inside() as (city, fork):
            admin = forge.user("b@example.id").id
            with unit_of_work():
                sync = service.begin(city, fork, admin, **given)  # type: ignore[arg-type]
                sync_id = sync.id
        self.work()
        return self.sync(sync_id)

    def sync(self, sync_id: int) -> Sync:
        with self.inside():
            found = db.session.get_one(Sync, sync_id)
            db.session.expunge(found)
            return found

    def queued(self, name: str) -> list[dict[str, object]]:
        """Arguments of what waits for the worker."""
        with self.app.app_context():
            rows = db.session.connection().exec_driver_sql(
                "select args from procrastinate_jobs where task_name = %s order by id", (name,)
            )
            return [row[0] for row in rows]

    def work(self) -> list[str]:
        """Do every sync that waits; answers with how each job ended."""
        ended = []
        for arguments in self.queued(service.TASK):
            ended.append(self.run(arguments))
            with self.app.app_context(), unit_of_work() as session:
                session.connection().exec_driver_sql("delete from procrastinate_jobs where task_name = 'forge.sync'")
        return ended

    def run(self, arguments: Mapping[str, object]) -> str:
        task = jobs.queue.tasks[service.TASK]
        task(**arguments)
        with self.inside():
            return db.session.get_one(Job, arguments["job_id"]).state

    def distance(self) -> distances.Distance | None:
        with self.inside() as (city, fork):
            return distances.of(city, fork)


@pytest.fixture
def plain(forge_app: Flask, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """What the tests say it in, before anything is there."""
    monkeypatch.setattr(jobs, "application", forge_app)
    return House(forge_app, bundle, Storage(forge_app.extensions["lumbung"].data))


@pytest.fixture
def house(plain: House, settled: forge.Tokens) -> House:
    """Bandung has published Lapor 1.0.0; Bontang has a fork of it."""
    return plain


@pytest.fixture
def after(plain: House, poured: forge.Pour, tmp_path: Path) -> Callable[[Callable[[House], Made]], Made]:
    """Instead of ``house``: the house after something more, and its answer, made once for a worker. ``plain.bundle``
    stays that of 1.0.0.
    """

    def make(happen: Callable[[House], Made]) -> Made:
        before = forge.write_bundle(tmp_path / "before" / "lapor")
        forge.settle(plain.app, before)
        return happen(replace(plain, bundle=before))

    def pour(happen: Callable[[House], Made]) -> Made:
        made: Made = poured(f"{happen.__module__}.{happen.__qualname__}", lambda: make(happen))
        return made

    return pour


@pytest.fixture
def lapor(house: House) -> Iterator[App]:
    with house.app.app_context():
        yield db.session.query(App).one()
