"""What ``lumbung doctor`` says of the backups."""

from __future__ import annotations

from dataclasses import replace

from registry.backups import service, standing
from registry.core.uow import unit_of_work
from tests.backups.conftest import backed_up, work_off


def told(settings) -> list[tuple[bool, str]]:
    return list(standing.standing(settings))


def test_on_this_machine_only_is_said(clean, settings):
    assert (False, "on this machine only: set LUMBUNG_BACKUP_REPOSITORY to an s3: or sftp: place") in told(settings)
    far = replace(settings, backup_repository="s3:https://s3.example/backups")
    assert (True, "go to LUMBUNG_BACKUP_REPOSITORY, on another machine") in told(far)


def test_without_restic_only_that_is_said(clean, settings, monkeypatch):
    monkeypatch.setattr(standing.shutil, "which", lambda name: None)
    assert [well for well, _text in told(settings)] == [False]


def test_plugins_without_a_fresh_backup_are_counted(bontang, papan, settings):
    assert (False, "0 of 1 plugins have one of the last two days") in told(settings)
    backup = backed_up(bontang, papan)
    assert any(well and text.startswith("1 of 1 plugins") for well, text in told(settings))
    assert (False, "none was tried yet: the first drill runs after the first backup") in told(settings)
    with unit_of_work():
        service.drill(bontang, papan, backup)
    work_off()
    assert any(well and text.startswith("1 of 1 could be put back") for well, text in told(settings))
