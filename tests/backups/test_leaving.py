"""Copies for trying, plugins taken away and put back, and what is removed for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.backups import keeping, reading, service, trials
from registry.backups.models import Backup
from registry.core import clock
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, InvalidError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment
from registry.tenants.agreements.models import Agreement
from tests.backups.conftest import backed_up, end_jobs, job, paths_of, work_off


@pytest.fixture
def newer(papan, bontang, settings):
    """The fork's main is newer than what serves, as far as the build goes."""
    with unit_of_work():
        served = hosting.serving(papan)
        old = changes.add_revision(papan, served.build, "0" * 40, "0.9", served.config_sealed, None)
        papan.serving_revision_id = old.id


def tried(city, deployment, host) -> Deployment:
    with unit_of_work():
        asked = trials.try_copy(city, deployment)
    work_off()
    host.settle()
    assert job(asked.id).state == "done"
    return reading.trial_of(deployment)


def test_a_copy_has_the_data_the_settings_and_the_new_code(bontang, papan, newer, host, settings):
    copy = tried(bontang, papan, host)
    assert (copy.name, copy.trial_of) == ("papan-coba", papan.id)
    assert (paths_of(settings, copy).data / "laporan.txt").read_text() == "satu"
    assert hosting.serving(copy).version == "1.0.0"
    assert hosting.config_of(hosting.serving(copy)) == {"title": "Papan"}
    assert hosting.serving(papan).version == "0.9"


def test_what_is_tried_on_the_copy_does_not_touch_the_plugin(bontang, papan, host, settings):
    copy = tried(bontang, papan, host)
    (paths_of(settings, copy).data / "laporan.txt").write_text("coba")
    assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"


def test_one_copy_at_a_time_and_none_of_a_copy(bontang, papan, host):
    copy = tried(bontang, papan, host)
    end_jobs()
    with pytest.raises(ConflictError, match="papan-coba"), unit_of_work():
        trials.try_copy(bontang, papan)
    with pytest.raises(ConflictError, match="Only a plugin that serves"), unit_of_work():
        trials.try_copy(bontang, copy)


def test_without_a_pks_nothing_is_copied(bontang, papan):
    with unit_of_work():
        for agreement in db.session.scalars(select(Agreement)):
            agreement.state = "terminated"
    with pytest.raises(AgreementNeededError), unit_of_work():
        trials.try_copy(bontang, papan)


def test_adopting_upgrades_the_plugin_itself_with_its_own_data(bontang, papan, newer, host):
    copy = tried(bontang, papan, host)
    with unit_of_work():
        asked = trials.adopt(bontang, copy)
    assert (asked.kind, asked.subject) == ("upgrade", "papan.bontang")


def test_a_copy_is_purged_after_a_week(bontang, papan, host, settings):
    copy = tried(bontang, papan, host)
    number = copy.id
    clock.move(timedelta(days=6))
    keeping.purge_removed(clock.now())
    assert work_off() == []
    clock.move(timedelta(days=2))
    keeping.purge_removed(clock.now())
    assert work_off() == ["backups.purge"]
    assert db.session.get(Deployment, number) is None
    assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"


def test_removing_needs_the_name_and_leaves_everything_to_come_back_to(bontang, papan, settings):
    with pytest.raises(InvalidError), unit_of_work():
        service.remove(bontang, papan, "papan?")
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    assert work_off() == ["backups.make"]
    assert hosting.deployments(bontang) == []
    assert [one.name for one in reading.removed(bontang)] == ["papan"]
    assert reading.backups(papan)[0].reason == "before_removal"
    assert (paths_of(settings, papan).data / "laporan.txt").read_text() == "satu"


def test_what_was_removed_is_not_changed_until_it_is_put_back(bontang, papan):
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    end_jobs()
    with pytest.raises(ConflictError, match="Put it back"), unit_of_work():
        changes.set_enabled(bontang, papan, True)
    with pytest.raises(ConflictError, match="Put it back"), unit_of_work():
        changes.upgrade(bontang, papan)
    with unit_of_work():
        service.put_back(bontang, papan)
    assert (papan.enabled, papan.removed_at) == (True, None)


def test_a_name_is_free_again_only_when_nothing_is_left(bontang, papan, settings):
    old = papan.id
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    work_off()
    with pytest.raises(ConflictError, match="already has a plugin papan"), unit_of_work():
        changes.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Baru"})
    with unit_of_work():
        service.purge(bontang, papan, "papan")
    work_off()
    with unit_of_work():
        changes.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Baru"})
    new = hosting.get_deployment(bontang, "papan")
    assert new.id != old
    assert not paths_of(settings, new).data.exists()
    assert reading.backups(new) == []


def test_nothing_is_purged_that_was_not_removed_first(bontang, papan):
    with pytest.raises(ConflictError, match="Remove papan first"), unit_of_work():
        service.purge(bontang, papan, "papan")


def test_purging_takes_rows_files_and_backups_and_leaves_the_audit(bontang, papan, shelf, settings):
    backed_up(bontang, papan)
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    work_off()
    assert len(shelf.tags) == 2
    with unit_of_work():
        asked = service.purge(bontang, papan, "papan")
    assert work_off() == ["backups.purge"]
    assert shelf.tags == {}
    assert db.session.scalars(select(Backup)).all() == []
    assert not paths_of(settings, papan).home.exists()
    assert db.session.get_one(Job, asked.id, populate_existing=True).state == "done"


def test_after_the_grace_it_goes_by_itself(bontang, papan):
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    work_off()
    clock.move(timedelta(days=29))
    keeping.purge_removed(clock.now())
    assert work_off() == []
    clock.move(timedelta(days=2))
    keeping.purge_removed(clock.now())
    keeping.purge_removed(clock.now())
    assert work_off() == ["backups.purge"]
    assert reading.removed(bontang) == []


def test_a_plugin_removed_keeps_its_backups_until_then(bontang, papan, shelf):
    backup = backed_up(bontang, papan)
    with unit_of_work():
        service.remove(bontang, papan, "papan")
    clock.move(timedelta(days=20))
    keeping.retain(clock.now())
    assert backup.snapshot in shelf.tags
