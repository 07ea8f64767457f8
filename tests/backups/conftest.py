"""A plugin that serves, a host that does what is asked of it at once, and a repository of plain folders."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from registry.backups import complaints, restic, service
from registry.backups import jobs as work
from registry.backups.models import MANUAL, Backup
from registry.core import clock, jobs, scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge.models import Fork
from registry.forge.trees import resolve
from registry.host import data
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Build, Deployment, Errand, Host, Revision, Switch
from registry.hosting.plain import DeploymentPaths, ErrandState
from registry.tenants.models import City
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures


@dataclass
class Shelf:
    """What `restic.Restic` does, by copying folders: quick, and what it holds can be looked at."""

    root: Path
    remote: bool = False
    broken: complaints.RepositoryError | None = None
    pruned: int = 0
    tags: dict[str, tuple[Any, frozenset[str]]] = field(default_factory=dict)

    def prepare(self) -> None:
        if self.broken:
            raise self.broken
        self.root.mkdir(parents=True, exist_ok=True)

    def backup(self, folder: Path, names: Sequence[str], tags: Sequence[str], told: Any = None) -> restic.Made:
        identity = secrets.token_hex(32)
        kept = self.root / identity
        kept.mkdir()
        for name in names:
            if (folder / name).is_dir():
                shutil.copytree(folder / name, kept / name, symlinks=True)
            else:
                shutil.copy2(folder / name, kept / name)
        self.tags[identity] = (clock.now(), frozenset(tags))
        files = [path for path in kept.rglob("*") if path.is_file()]
        return restic.Made(identity, sum(path.stat().st_size for path in files), len(files))

    def restore(self, snapshot: str, target: Path) -> None:
        if snapshot not in self.tags:
            raise complaints.LostError
        shutil.copytree(self.root / snapshot, target, symlinks=True)

    def snapshots(self, *tags: str) -> list[restic.Snapshot]:
        found = [restic.Snapshot(key, made, held) for key, (made, held) in self.tags.items() if set(tags) <= held]
        return sorted(found, key=lambda one: one.made_at)

    def forget(self, snapshots: Sequence[str]) -> None:
        for snapshot in snapshots:
            if self.tags.pop(snapshot, None):
                shutil.rmtree(self.root / snapshot)

    def prune(self) -> None:
        self.pruned += 1


@dataclass
class FakeHost:
    """Does errands when they are waited for, as the host would; ``drill`` is what a drill answers."""

    root: Path
    drill: dict[str, Any] = field(
        default_factory=lambda: {"healthy": True, "integrity": "ok", "files": 1, "seconds": 2}
    )
    done: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    real: Any = None

    def errand_done(self, errand_id: int, seconds: float) -> Errand:
        db.session.rollback()
        errand = db.session.get_one(Errand, errand_id, populate_existing=True)
        if errand.state == ErrandState.PENDING:
            with unit_of_work():
                self._do(db.session.get_one(Errand, errand_id))
        return self.real(errand_id, 1)

    def _do(self, errand: Errand) -> None:
        self.done.append(errand.kind)
        errand.finished_at = clock.now()
        if errand.kind in self.refuse:
            errand.state, errand.message = ErrandState.FAILED, self.refuse[errand.kind]
            return
        paths = DeploymentPaths(self.root, errand.deployment_id)
        errand.result = getattr(self, f"_{errand.kind}")(errand, paths)
        errand.state = ErrandState.DONE

    def _copy(self, errand: Errand, paths: DeploymentPaths) -> dict[str, Any]:
        target = paths.home / errand.argument["folder"]
        paths.data.mkdir(parents=True, exist_ok=True)
        (paths.home / "copies").mkdir(exist_ok=True)
        data.copy(paths.data, target, None)
        serving = db.session.get_one(Deployment, errand.deployment_id).serving_revision_id
        return {"bytes": 1, "files": 1, "revision": serving}

    def _drill(self, errand: Errand, paths: DeploymentPaths) -> dict[str, Any]:
        assert (paths.home / errand.argument["folder"]).is_dir()
        return self.drill

    def _purge(self, errand: Errand, paths: DeploymentPaths) -> dict[str, Any]:
        shutil.rmtree(paths.home, ignore_errors=True)
        return {}

    def settle(self) -> None:
        """Commit every open switch, as the host would: the data becomes a copy of its source."""
        with unit_of_work():
            for switch in db.session.scalars(select(Switch).where(Switch.step == "pending")):
                deployment = db.session.get_one(Deployment, switch.deployment_id)
                paths = DeploymentPaths(self.root, deployment.id)
                paths.home.mkdir(parents=True, exist_ok=True)
                if switch.data_source:
                    source = paths.home / switch.data_source
                    assert source.is_dir(), "what is to become the data is there"
                    shutil.rmtree(paths.data, ignore_errors=True)
                    data.copy(source, paths.data, None)
                switch.step, deployment.serving_revision_id = "committed", switch.to_revision_id
                job = db.session.get_one(Job, switch.job_id)
                job.state, job.finished_at = "done", clock.now()


@pytest.fixture(scope="session")
def packed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one archive of a worker lies (`tests.backups.leaving.packed`)."""
    return tmp_path_factory.mktemp("packed") / "a.tar.gz"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(tmp_path / "shelf")
    monkeypatch.setattr(restic, "open_repository", lambda settings: made)
    return made


@pytest.fixture
def host(settings, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(settings.data, real=hosting.errand_done)
    monkeypatch.setattr(hosting, "errand_done", made.errand_done)
    return made


@pytest.fixture
def bontang(world, app: Flask, host: FakeHost, shelf: Shelf) -> Iterator[City]:  # noqa: F811
    """In Bontang's scope, in English, with a host that was heard just now."""
    with app.app_context(), force_locale("en"):
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            city.locale = "en"
            db.session.add(Host(name="here", beat_at=clock.now() + timedelta(days=900), pid=1, facts={}))
        yield city
        clock.back()


@pytest.fixture
def papan(bontang: City, settings) -> Deployment:
    """A plugin that serves its first revision and holds one file."""
    return serving(bontang, settings)


def serving(city: City, settings, name: str = "papan") -> Deployment:
    with unit_of_work():
        changes.deploy(city, db.session.scalars(select(Fork)).one(), name, {"title": "Papan"})
    deployment = hosting.get_deployment(city, name)
    repository = hosting.repository_of(city, hosting.app_of(deployment))
    commit = resolve(repository, "main")
    with unit_of_work():
        revision = changes.add_revision(
            deployment,
            build_of(settings, commit.tree),
            commit.id,
            "1.0.0",
            hosting.vault().seal({"title": "Papan"}),
            None,
        )
        deployment.serving_revision_id = revision.id
    end_jobs()
    paths = DeploymentPaths(settings.data, deployment.id)
    paths.data.mkdir(parents=True)
    (paths.data / "laporan.txt").write_text("satu")
    return deployment


def build_of(settings, tree: str) -> Build:
    """A build of this tree that is whole, as far as anybody looks."""
    found = db.session.scalar(select(Build).where(Build.tree == tree))
    if found:
        return found
    (settings.data / "builds" / "code" / tree).mkdir(parents=True, exist_ok=True)
    (settings.data / "builds" / "env" / "e").mkdir(parents=True, exist_ok=True)
    (settings.data / "builds" / "env" / "e" / ".whole").touch()
    build = Build(
        tree=tree, lock="", runtime="python-wsgi/1", code_path=f"builds/code/{tree}", env_path="builds/env/e",
        size_bytes=1, manifest={"entrypoint": "papan:app"}, config_schema={"properties": {"title": {"type": "string"}}},
    )  # fmt: skip
    db.session.add(build)
    db.session.flush()
    return build


def end_jobs() -> None:
    with unit_of_work():
        for job in db.session.scalars(select(Job).where(Job.finished_at.is_(None))):
            job.finished_at = clock.now()


def paths_of(settings, deployment: Deployment) -> DeploymentPaths:
    return DeploymentPaths(settings.data, deployment.id)


def ask_backup(city: City, deployment: Deployment, reason: str = MANUAL) -> Backup:
    """A backup asked for, not made yet."""
    with unit_of_work():
        job = service.back_up(city, deployment, reason)
    return db.session.scalars(select(Backup).where(Backup.job_id == job.id)).one()


def make(backup: Backup) -> Backup:
    """The worker's turn."""
    work.make(job_id=str(backup.job_id), tenant_id=backup.tenant_id, backup_id=backup.id)
    return db.session.get_one(Backup, backup.id, populate_existing=True)


def backed_up(city: City, deployment: Deployment, reason: str = MANUAL) -> Backup:
    return make(ask_backup(city, deployment, reason))


def job(job_id: UUID) -> Job:
    return db.session.get_one(Job, job_id, populate_existing=True)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def number_serving(deployment: Deployment) -> int:
    db.session.rollback()
    serving = db.session.get_one(Deployment, deployment.id).serving_revision_id
    return db.session.get_one(Revision, serving).number


def work_off() -> list[str]:
    """The worker's turn: everything of this room that was asked for is done; answers with the tasks' names."""
    rows = db.session.connection().exec_driver_sql(
        "delete from procrastinate_jobs where task_name like 'backups.%%' returning id, task_name, args"
    )
    asked = sorted((identity, name, arguments) for identity, name, arguments in rows)
    db.session.commit()
    for _identity, name, arguments in asked:
        try:
            getattr(work, TASKS[name])(**arguments)
        except RefusalError as refusal:
            db.session.rollback()
            jobs.fail(arguments["job_id"], refusal.message)
    return [name for _identity, name, _arguments in asked]


TASKS = {"backups.make": "make", "backups.drill": "drill", "backups.restore": "restore", "backups.try": "try_copy",
         "backups.purge": "purge"}  # fmt: skip
