"""The worker is killed at every step of a backup, a drill, a restore, a trial copy and a purge: found by counting, not
by hand. Run again, it ends as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from registry.backups import asking, folders, making, purging, restoring, service, trials
from registry.backups import jobs as work
from registry.backups.models import Backup
from registry.core import jobs
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment, Revision, Switch
from tests.backups.conftest import Shelf, ask_backup, backed_up, build_of, count, job, paths_of

STEPS: list[tuple[Any, str]] = [
    (jobs, "progress"), (jobs, "finish"), (folders, "require_room"), (folders, "remove"), (folders.Way, "make"),
    (folders.Way, "take"), (folders.Way, "drop"), (making, "copied"), (making, "_write_manifest"),
    (Shelf, "prepare"), (Shelf, "backup"), (Shelf, "restore"), (Shelf, "forget"),
    (asking, "drilled"), (asking, "purged"), (asking, "copied"), (asking, "housed"),
    (hosting, "errand_done"), (changes, "ask_host"),
    (changes, "add_revision"), (changes, "open_switch"), (restoring, "_fetch"), (purging, "_delete_rows"),
]  # fmt: skip
"""What a run consists of: each call is a place to be killed at, before it and after it."""


class Killed(BaseException):
    """As by kill -9: nobody catches it."""


@contextmanager
def dying_at(place: int) -> Iterator[list[int]]:
    """Dies at the ``place``-th place; yields how many places were passed."""
    passed = [0]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, mortal(getattr(owner, name), place, passed))
        yield passed


def mortal(function: Callable[..., Any], place: int, passed: list[int]) -> Callable[..., Any]:
    def step() -> None:
        passed[0] += 1
        if passed[0] == place:
            raise Killed

    def run(*words: Any, **more: Any) -> Any:
        step()
        answer = function(*words, **more)
        step()
        return answer

    return run


def every_death(start: Callable[[], Callable[[], object]], check: Callable[[], None]) -> int:
    """Start afresh, die at each place in turn, run again without dying, check; answers with how many places."""
    place = 0
    while True:
        place += 1
        run = start()
        try:
            with dying_at(place):
                run()
        except Killed:
            db.session.rollback()
            run()
            check()
        else:
            return place - 1


def test_a_backup(bontang, papan, shelf, settings):
    asked: list[Backup] = []

    def start():
        asked.append(ask_backup(bontang, papan))
        return lambda: work.make(job_id=str(asked[-1].job_id), tenant_id=bontang.id, backup_id=asked[-1].id)

    def check():
        made = db.session.get_one(Backup, asked[-1].id, populate_existing=True)
        assert made.state == "kept"
        assert (shelf.root / made.snapshot / "data" / "laporan.txt").read_text() == "satu"
        assert job(made.job_id).state == "done"
        assert list((paths_of(settings, papan).home / "copies").iterdir()) == []

    assert every_death(start, check) > 15


def test_a_drill(bontang, papan, settings):
    backup = backed_up(bontang, papan)
    asked: list[Any] = []

    def start():
        with unit_of_work():
            row = db.session.get_one(Backup, backup.id)
            row.drilled_at, row.drill = None, {}
            asked.append(service.drill(bontang, papan, row))
        return lambda: work.drill(job_id=str(asked[-1].id), tenant_id=bontang.id, backup_id=backup.id)

    def check():
        assert db.session.get_one(Backup, backup.id, populate_existing=True).drilled_well
        assert job(asked[-1].id).state == "done"
        assert list((paths_of(settings, papan).home / "incoming").iterdir()) == []

    assert every_death(start, check) > 10


def test_a_restore(bontang, papan, settings, host):
    backup = backed_up(bontang, papan)
    asked: list[Any] = []

    def start():
        host.settle()
        (paths_of(settings, papan).data / "laporan.txt").write_text("dua")
        with unit_of_work():
            asked.append(service.restore(bontang, papan, db.session.get_one(Backup, backup.id)))
        return lambda: work.restore(job_id=str(asked[-1].id), tenant_id=bontang.id, backup_id=backup.id)

    def check():
        switches = db.session.scalars(select(Switch).where(Switch.job_id == asked[-1].id)).all()
        assert len(switches) == 1, "one change, however often it was begun"
        assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "dua", "untouched before the host's turn"
        host.settle()
        assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"

    assert every_death(start, check) > 10


def test_a_copy_for_trying(bontang, papan, settings, host, monkeypatch):
    monkeypatch.setattr(changes, "candidate", lambda city, app, ref="main": candidate(papan))
    monkeypatch.setattr(trials.rules, "trial_name", lambda name, longest: f"coba-{count(Deployment)}")
    started: list[dict[str, Any]] = []

    def start():
        with unit_of_work():
            asked = trials.try_copy(bontang, papan)
        copy = db.session.scalars(select(Deployment).order_by(Deployment.id.desc())).first()
        served = hosting.serving(papan)
        started.append(
            dict(job_id=str(asked.id), tenant_id=bontang.id, source_id=papan.id, deployment_id=copy.id,
                 commit=served.commit, version="1.0.0", config="")
        )  # fmt: skip
        return lambda: work.try_copy(**started[-1])

    def check():
        host.settle()
        copy = db.session.get_one(Deployment, started[-1]["deployment_id"], populate_existing=True)
        assert (paths_of(settings, copy).data / "laporan.txt").read_text() == "satu"
        assert len(db.session.scalars(select(Revision).where(Revision.deployment_id == copy.id)).all()) == 1
        assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"

    assert every_death(start, check) > 12


def candidate(deployment: Deployment) -> changes.Candidate:
    served = hosting.serving(deployment)
    return changes.Candidate(served.commit, served.build.tree, "1.0.0", {"properties": {"title": {}}}, "", "")


def test_a_purge(bontang, papan, shelf, settings):
    served = hosting.serving(papan)
    tree, commit = served.build.tree, served.commit
    gone: list[int] = []

    def start():
        with unit_of_work():
            other = Deployment(
                tenant_id=bontang.id, fork_id=papan.fork_id, name="akan-hilang", secret_key_sealed=b"", state="off"
            )
            db.session.add(other)
            db.session.flush()
            other.serving_revision_id = changes.add_revision(
                other, build_of(settings, tree), commit, "1.0.0", hosting.vault().seal({}), None
            ).id
        paths_of(settings, other).data.mkdir(parents=True)
        backed_up(bontang, other)
        with unit_of_work():
            service.remove(bontang, other, "akan-hilang")
            asked = service.purge(bontang, other, "akan-hilang")
        gone.append(other.id)
        return lambda: work.purge(job_id=str(asked.id), tenant_id=bontang.id, deployment_id=gone[-1])

    def check():
        assert db.session.get(Deployment, gone[-1]) is None
        assert not (settings.data / "deployments" / str(gone[-1])).exists()
        assert shelf.snapshots(f"deployment-{gone[-1]}") == []
        assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu", "the neighbour's is there"

    assert every_death(start, check) > 8
