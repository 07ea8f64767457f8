"""Backups: made whole or not at all, drilled, put back; another city never comes near."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import select

from registry.backups import complaints, folders, reading, service
from registry.backups import jobs as work
from registry.backups.models import Backup
from registry.core import scope
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError, UnavailableError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from tests.backups.conftest import ask_backup, backed_up, job, make, number_serving, paths_of
from tests.hosting.conftest import find


def test_a_backup_holds_data_and_what_the_code_was(bontang, papan, shelf, settings):
    backup = backed_up(bontang, papan)
    assert (backup.state, backup.files, backup.reason) == ("kept", 2, "manual")
    kept = shelf.root / backup.snapshot
    assert (kept / "data" / "laporan.txt").read_text() == "satu"
    manifest = json.loads((kept / "manifest.json").read_text())
    serving = hosting.serving(papan)
    assert (manifest["plugin"], manifest["commit"], manifest["tree"]) == ("papan", serving.commit, serving.build.tree)
    assert backup.revision_id == serving.id
    assert job(backup.job_id).state == "done"


def test_settings_are_in_it_only_sealed(bontang, papan, shelf):
    kept = shelf.root / backed_up(bontang, papan).snapshot
    sealed = json.loads((kept / "manifest.json").read_text())["config_sealed"]
    assert "Papan" not in sealed


def test_the_copy_on_the_way_is_gone_afterwards(bontang, papan, settings):
    backed_up(bontang, papan)
    assert list((paths_of(settings, papan).home / "copies").iterdir()) == []


def test_one_at_a_time(bontang, papan):
    ask_backup(bontang, papan)
    with pytest.raises(ConflictError, match="being made already"), unit_of_work():
        service.back_up(bontang, papan)


def test_an_upgrade_need_not_wait_for_a_backup(bontang, papan):
    ask_backup(bontang, papan)
    assert hosting.open_job(papan, bontang) is None


def test_one_that_fails_says_why_and_leaves_the_last_good_one(bontang, papan, shelf):
    good = backed_up(bontang, papan)
    shelf.broken = complaints.FullError()
    bad = ask_backup(bontang, papan)
    with pytest.raises(complaints.FullError):
        make(bad)
    facts = reading.fact(papan)
    assert (facts.last.id, facts.failed.id) == (good.id, bad.id)
    assert "disk is full" in facts.failed.message
    assert list(shelf.tags) == [good.snapshot]


def test_what_the_host_refuses_is_said(bontang, papan, host):
    host.refuse["copy"] = "no room for a copy"
    backup = ask_backup(bontang, papan)
    with pytest.raises(ConflictError, match="no room for a copy"):
        make(backup)
    assert db.session.get_one(Backup, backup.id, populate_existing=True).state == "failed"


def test_a_nearly_full_disk_is_refused_before_anything_is_copied(bontang, papan, host, monkeypatch):
    monkeypatch.setattr(folders.rules, "SPARE", 2**60)
    with pytest.raises(UnavailableError, match="nearly full"):
        make(ask_backup(bontang, papan))
    assert host.done == []


def test_files_that_are_mostly_holes_are_refused(bontang, papan, settings):
    with (paths_of(settings, papan).data / "hole").open("wb") as file:
        file.truncate(2**43)
    with pytest.raises(complaints.HollowError):
        make(ask_backup(bontang, papan))


def test_a_hostile_folder_neither_hangs_nor_leaks(bontang, papan, shelf, settings):
    data = paths_of(settings, papan).data
    os.mkfifo(data / "pipe")
    os.symlink("/etc/passwd", data / "link")
    (data / "-rf\n").write_text("x")
    kept = shelf.root / backed_up(bontang, papan).snapshot / "data"
    assert os.readlink(kept / "link") == "/etc/passwd"
    assert not os.path.lexists(kept / "pipe")
    assert (kept / "-rf\n").read_text() == "x"


def test_putting_it_back_makes_a_new_revision_with_its_code_settings_and_data(bontang, papan, settings, host):
    backup = backed_up(bontang, papan)
    with unit_of_work():
        old = hosting.serving(papan)
        later = changes.add_revision(papan, old.build, "f" * 40, "2.0.0", hosting.vault().seal({"title": "Lain"}), None)
        papan.serving_revision_id = later.id
    (paths_of(settings, papan).data / "laporan.txt").write_text("dua")
    restored(bontang, papan, backup, host)
    assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"
    now = hosting.serving(papan)
    assert (now.number, now.version, now.commit) == (3, "1.0.0", backup.revision.commit)
    assert hosting.config_of(now) == {"title": "Papan"}


def test_putting_back_what_serves_makes_a_revision_too_so_that_it_can_be_undone(bontang, papan, host):
    restored(bontang, papan, backed_up(bontang, papan), host)
    assert number_serving(papan) == 2


def test_while_it_is_put_back_nothing_else_changes(bontang, papan):
    backup = backed_up(bontang, papan)
    with unit_of_work():
        service.restore(bontang, papan, backup)
    with pytest.raises(ConflictError, match="under way"), unit_of_work():
        changes.upgrade(bontang, papan)


def test_a_failed_one_cannot_be_put_back(bontang, papan, shelf):
    shelf.broken = complaints.FullError()
    backup = ask_backup(bontang, papan)
    with pytest.raises(complaints.FullError):
        make(backup)
    with pytest.raises(ConflictError, match="not kept"), unit_of_work():
        service.restore(bontang, papan, db.session.get_one(Backup, backup.id, populate_existing=True))


def test_a_drill_is_written_down_and_leaves_nothing(bontang, papan, settings):
    backup = backed_up(bontang, papan)
    found = drilled(bontang, papan, backup)
    assert found.drilled_well
    assert found.drilled_at is not None
    assert list((paths_of(settings, papan).home / "incoming").iterdir()) == []
    assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"


def test_a_drill_that_finds_damage_says_so(bontang, papan, host):
    host.drill = {"healthy": True, "integrity": "row 3 missing from index", "files": 1, "seconds": 1}
    backup = backed_up(bontang, papan)
    with pytest.raises(ConflictError, match="row 3 missing"):
        drilled(bontang, papan, backup)
    assert reading.fact(papan).sick
    assert not reading.fact(papan).good


def test_a_drill_of_an_app_that_does_not_answer_says_so(bontang, papan, host):
    host.drill = {"healthy": False, "integrity": "ok", "files": 1, "seconds": 20}
    backup = backed_up(bontang, papan)
    with pytest.raises(ConflictError, match="tidak menjawab|did not answer"):
        drilled(bontang, papan, backup)
    assert reading.fact(papan).sick


def test_another_city_sees_none_of_it(bontang, papan, app, settings):
    backup = backed_up(bontang, papan)
    number, deployment_id = backup.id, papan.id
    db.session.remove()
    with app.app_context():
        tegal = find("tegal")
        scope.enter_city(tegal.id)
        assert list(db.session.scalars(select(Backup))) == []
        with pytest.raises(NotFoundError):
            hosting.get_deployment(tegal, "papan")
        stolen = db.session.connection().exec_driver_sql(
            "select count(*) from backups where id = %s or deployment_id = %s", (number, deployment_id)
        )
        assert stolen.scalar_one() == 0


def restored(city, deployment, backup, host):
    with unit_of_work():
        asked = service.restore(city, deployment, backup)
    work.restore(job_id=str(asked.id), tenant_id=city.id, backup_id=backup.id)
    host.settle()
    return asked


def drilled(city, deployment, backup) -> Backup:
    with unit_of_work():
        asked = service.drill(city, deployment, backup)
    work.drill(job_id=str(asked.id), tenant_id=city.id, backup_id=backup.id)
    return db.session.get_one(Backup, backup.id, populate_existing=True)
