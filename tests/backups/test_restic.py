"""restic held to what we need of it: whole or not at all, hostile names, clear words."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from registry.backups import complaints, restic
from registry.backups.restic import Restic, open_repository
from registry.config import Settings

pytestmark = pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")


@pytest.fixture
def repository(pour_repository, tmp_path: Path) -> Restic:
    opened = open_repository(Settings(data=tmp_path / "data"))
    pour_repository(opened)
    opened.prepare()
    return opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    (made / "data").mkdir(parents=True)
    (made / "data" / "a").write_text("padi")
    return made


def content(path: bytes) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def taken(folder: Path) -> dict[bytes, object]:
    """Every name below, with what it is: for comparing two folders byte for byte."""
    found: dict[bytes, object] = {}
    for root, names, files in os.walk(os.fsencode(folder)):
        for name in names + files:
            path = os.path.join(root, name)
            mode = os.lstat(path).st_mode
            said = os.readlink(path) if stat.S_ISLNK(mode) else content(path) if stat.S_ISREG(mode) else b""
            found[os.path.relpath(path, os.fsencode(folder))] = (stat.filemode(mode), said)
    return found


def test_what_was_kept_comes_back_byte_for_byte(repository, folder, tmp_path):
    shares: list[float] = []
    made = repository.backup(folder, ["data"], ["city-bontang"], shares.append)
    (folder / "data" / "a").write_text("changed since")
    repository.restore(made.snapshot, tmp_path / "back")
    assert (tmp_path / "back" / "data" / "a").read_text() == "padi"
    assert (made.size, made.files, len(made.snapshot)) == (4, 1, 64)
    assert all(0 <= share <= 1 for share in shares)


def test_hostile_names_come_back_as_they_were(repository, folder, tmp_path):
    data = os.fsencode(folder / "data")
    for name in (b"line\nbreak", b"bad\xff\xfe", b"-rf", b"--exclude=a", b"x" * 255, "padi \u202e".encode(), b" "):
        Path(os.fsdecode(os.path.join(data, name))).write_bytes(name)
    os.symlink("/etc/passwd", folder / "data" / "link")
    os.link(folder / "data" / "a", folder / "data" / "hard")
    before = taken(folder)
    made = repository.backup(folder, ["data"], [])
    repository.restore(made.snapshot, tmp_path / "back")
    assert taken(tmp_path / "back") == before
    assert (tmp_path / "back" / "data" / "hard").stat().st_nlink == 2
    assert os.readlink(tmp_path / "back" / "data" / "link") == "/etc/passwd"


def test_making_it_twice_at_once_makes_one(tmp_path):
    opened = open_repository(Settings(data=tmp_path / "data"))
    both = [threading.Thread(target=opened.prepare) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert opened.snapshots() == []
    assert len(list(Path(opened.repository, "keys").iterdir())) == 1


def test_snapshots_are_found_by_tag_and_forgotten(repository, folder):
    first = repository.backup(folder, ["data"], ["city-a", "x"])
    second = repository.backup(folder, ["data"], ["city-b", "x"])
    assert [one.id for one in repository.snapshots("city-b", "x")] == [second.snapshot]
    repository.forget([first.snapshot])
    repository.prune()
    repository.check("100%")
    assert [one.id for one in repository.snapshots()] == [second.snapshot]
    with pytest.raises(complaints.LostError):
        repository.restore(first.snapshot, folder / "back")


def test_a_folder_may_be_told_as_restic_tells_it(repository, folder):
    told = replace(repository, repository=f"local:{repository.repository}")
    told.prepare()
    made = told.backup(folder, ["data"], [])
    assert [one.id for one in repository.snapshots()] == [made.snapshot] and not Path("local:").exists()


def test_a_snapshot_whose_file_is_not_seen_is_found_by_its_mark(repository, folder, monkeypatch):
    monkeypatch.setattr(Restic, "_seen", lambda _self, _start: "")
    made = repository.backup(folder, ["data"], [])
    assert [one.id for one in repository.snapshots()] == [made.snapshot]


def test_what_looks_like_an_option_is_no_snapshot(repository, tmp_path):
    with pytest.raises(ValueError, match="no snapshot"):
        repository.restore("--target=/", tmp_path)


def test_a_lost_password_is_said(repository, tmp_path):
    repository.password.chmod(0o600)
    repository.password.write_text("another")
    with pytest.raises(complaints.WrongPasswordError, match="backups.password"):
        repository.snapshots()


def test_a_lock_left_by_a_killed_one_does_not_stop_pruning(repository, folder):
    made = repository.backup(folder, ["data"], [])
    os.mkfifo(folder / "stuck")
    (folder / "big").write_bytes(os.urandom(60 * 2**20))
    env = {**os.environ, "RESTIC_REPOSITORY": repository.repository}
    started = subprocess.Popen(
        ["restic", "--password-file", repository.password, "--no-cache", "backup", "--limit-upload", "1", "big"],
        cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    locks = Path(repository.repository, "locks")
    while not list(locks.iterdir()):
        assert started.poll() is None
    started.kill()
    started.wait()
    repository.prune()
    assert [one.id for one in repository.snapshots()] == [made.snapshot]


def test_without_restic_it_says_how_to_get_it(repository, monkeypatch):
    monkeypatch.setattr(restic.shutil, "which", lambda name: None)
    with pytest.raises(complaints.NoResticError, match="apt-get install restic"):
        repository.snapshots()


def test_a_place_that_does_not_answer_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(restic, "SHORT", 20.0)
    settings = Settings(data=tmp_path, backup_repository="rest:http://127.0.0.1:9/nothing")
    with pytest.raises(complaints.RepositoryError) as refused:
        open_repository(settings).prepare()
    assert isinstance(refused.value, complaints.UnreachableError | complaints.LateError)


def test_only_named_variables_reach_it(repository, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "known")
    env = repository._environment()
    assert "DATABASE_URL" not in env
    assert env["AWS_ACCESS_KEY_ID"] == "known"


@pytest.mark.parametrize("place, far", [("/srv/kept", False), ("s3:https://host/b", True), ("sftp:u@h:/b", True)])
def test_where_it_lies_is_known(tmp_path, place, far):
    assert open_repository(Settings(data=tmp_path, backup_repository=place)).remote is far


STATUS = '{"message_type":"status","percent_done":1,"bytes_done":%s,"seconds_elapsed":%s}'


def stands(tmp_path: Path, status: str) -> str:
    """A program that says its progress ten times a second and never ends."""
    made = tmp_path / "stands"
    made.write_text(f"#!/bin/sh\nn=0\nwhile :; do n=$((n+1)); echo '{status}' | sed s/N/$n/g; sleep 0.1; done\n")
    made.chmod(0o755)
    return str(made)


def test_one_that_stands_still_is_stopped(repository, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(restic, "program", lambda: stands(tmp_path, STATUS % ("40", "N")))
    monkeypatch.setattr(restic, "STILL", 1.0)
    with pytest.raises(complaints.StalledError):
        repository.backup(folder, ["data"], [])


def test_one_that_stands_still_on_a_full_disk_says_so(repository, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(restic, "program", lambda: stands(tmp_path, STATUS % ("40", "N")))
    monkeypatch.setattr(restic, "STILL", 1.0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=2**20))
    with pytest.raises(complaints.FullError):
        repository.backup(folder, ["data"], [])


def test_one_that_moves_is_left_alone(repository, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(restic, "program", lambda: stands(tmp_path, STATUS % ("N", "N")))
    monkeypatch.setattr(restic, "STILL", 2.5)
    monkeypatch.setattr(restic, "LONG", 4.0)
    with pytest.raises(complaints.LateError):
        repository.backup(folder, ["data"], [])


def test_a_full_disk_is_said_and_what_was_kept_stays(pour_repository, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(restic, "STILL", 5.0)
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount here")
    try:
        opened = open_repository(Settings(data=tmp_path / "data", backup_repository=str(place / "repository")))
        pour_repository(opened)
        opened.prepare()
        good = opened.backup(folder, ["data"], [])
        (folder / "data" / "big").write_bytes(os.urandom(40 * 2**20))
        with pytest.raises(complaints.FullError):
            opened.backup(folder, ["data"], [])
        assert [one.id for one in opened.snapshots()] == [good.snapshot]
        opened.restore(good.snapshot, tmp_path / "back")
        assert (tmp_path / "back" / "data" / "a").read_text() == "padi"
    finally:
        subprocess.run(["umount", place], check=True)
