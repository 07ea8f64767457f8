"""The whole registry backed up and restored: what comes back, what is refused, what is told."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from registry.accounts import service as accounts
from registry.app import create_app
from registry.catalog.trust import keys as ring
from registry.catalog.trust.signing import Signature
from registry.config import Settings
from registry.core import scope
from registry.core.db import db
from registry.forge.archives import signature_of
from registry.forge.storage import Storage
from registry.hosting import reading
from registry.hosting.models import Deployment
from registry.hosting.plain import DeploymentPaths
from registry.operate.backup import checking, keys, manifest, places, repositories, restoring, taking
from registry.operate.backup.errors import BackupError
from registry.operate.parts import embedded

from .conftest import PASSWORD


def quiet(_text: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def kept(installation: Settings, tmp_path_factory) -> Path:
    """A folder with one backup."""
    target = tmp_path_factory.mktemp("kept")
    ring.rotate(installation.secrets)
    taking.backup(installation, str(target), 3, quiet)
    return target


@pytest.fixture(scope="module")
def restored(installation: Settings, kept: Path, tmp_path_factory) -> Iterator[Settings]:
    """The installation elsewhere, its database running."""
    settings = Settings(data=tmp_path_factory.mktemp("restored"))
    restoring.restore(settings, str(kept), keys.recovery_key(installation.secrets), "", quiet)
    cluster = embedded(settings)
    cluster.start()
    yield Settings(data=settings.data, database_url=cluster.app_url(), owner_url=cluster.owner_url())
    cluster.stop()


@pytest.fixture(scope="module")
def back(restored: Settings) -> Flask:
    """The application that serves what came back."""
    return create_app(restored)


def deployment() -> Deployment:
    scope.enter_programme()
    return db.session.query(Deployment).filter_by(name="lapor").one()


def the_only(kept: Path) -> Path:
    (folder,) = (path for path in kept.iterdir() if places.STAMP.fullmatch(path.name))
    return folder


def test_everybody_signs_in_as_before(back):
    with back.app_context():
        user = accounts.find_by_email("admin@bontang.example")
        assert user is not None and accounts.authenticate(user.email, PASSWORD, "127.0.0.1") is not None


def test_sealed_settings_open_with_the_key_that_came_along(back):
    with back.app_context():
        revision = reading.serving(deployment())
        assert revision is not None and reading.config_of(revision)["token"] == "rahasia-benar"


def test_a_plugins_data_is_back_with_its_own_user_and_nothing_dangerous(back, restored):
    with back.app_context():
        number = deployment().id
    data = DeploymentPaths(restored.data, number).data
    with sqlite3.connect(data / "lapor.sqlite3") as connection:
        assert connection.execute("select isi from laporan").fetchone() == ("Jalan rusak",)
    connection.close()
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert os.getuid() != 0 or (data / "lapor.sqlite3").stat().st_uid == 200_000 + number
    assert os.readlink(data / "rahasia") == "/etc/passwd"
    assert not (data / "pipa").exists()
    assert Path(os.fsdecode(os.fsencode(data) + b"/baris\nbaru \xff")).read_text() == "aneh"


def test_every_repository_is_whole_and_says_the_same(installation, restored):
    assert repositories.broken(restored.data) == []
    for place in (Storage.upstream, Storage.pool):
        assert refs(place(Storage(installation.data), "lapor")) == refs(place(Storage(restored.data), "lapor"))
    fork = Storage(restored.data).fork("bandung", "lapor")
    assert refs(fork) and not (fork / "objects" / "info" / "alternates").read_text().startswith("/")


def test_archives_and_builds_are_back(installation, restored):
    for path in ("archives/lapor/1.0.0.tar.gz", "builds/code/x/lapor.py"):
        assert (restored.data / path).read_bytes() == (installation.data / path).read_bytes()


def test_releases_still_verify_by_the_keys_that_came_along(installation, restored):
    assert ring.current(restored.secrets).public == ring.current(installation.secrets).public
    assert len(ring.former(restored.secrets)) == 1
    for kind in ("tar.gz", "cdx.json"):
        path = Storage(restored.data).archive("lapor", "1.0.0", kind)
        signature = Signature.read(signature_of(path).read_text())
        key = next(key for key in ring.believed(restored.secrets) if key.id == signature.key)
        with path.open("rb") as file:
            signature.check(file, key)


def test_nobody_is_led_back_to_a_copy_of_data_that_is_not_there(back):
    with back.app_context():
        revision = reading.serving(deployment())
        assert revision is not None and revision.snapshot is None


def test_the_walls_of_the_database_stand_as_before(restored):
    with psycopg.connect(restored.database_url) as connection:
        assert connection.execute("select count(*) from forks").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (n int)")
    with (
        psycopg.connect(restored.owner_url) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        connection.execute("delete from audit_entries")


def test_a_whole_backup_is_found_whole_and_remembered(installation, kept):
    found, wrong = checking.verify(installation, str(kept))
    assert wrong == [] and found.repositories >= 6
    note = taking.last(installation)
    assert note is not None and note.verified_at and note.problems == []


def test_no_secret_lies_open_in_a_backup(installation, kept):
    folder = the_only(kept)
    master = (installation.secrets / "master.key").read_bytes()
    assert not (folder / "secrets").exists()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert master not in path.read_bytes(), path


def test_another_key_opens_nothing_and_leaves_nothing(kept, tmp_path):
    with pytest.raises(BackupError, match="recovery key"):
        restoring.restore(Settings(data=tmp_path / "new"), str(kept), "bukan-kuncinya", "", quiet)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_holds_something_is_never_restored_into(kept, tmp_path):
    (tmp_path / "penting.txt").write_text("x")
    with pytest.raises(BackupError, match="penting.txt"):
        restoring.restore(Settings(data=tmp_path), str(kept), "k", "", quiet)
    assert (tmp_path / "penting.txt").exists()


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "sums"])
def test_a_damaged_backup_is_named_and_not_restored(installation, kept, tmp_path, damage):
    copy = tmp_path / "kept"
    shutil.copytree(kept, copy, symlinks=True)
    folder = the_only(copy)
    archive = folder / "archives" / "lapor" / "1.0.0.tar.gz"
    if damage == "changed":
        archive.write_bytes(b"x" * archive.stat().st_size)
    elif damage == "missing":
        archive.unlink()
    elif damage == "added":
        (folder / "archives" / "tambahan").write_text("x")
    else:
        (folder / manifest.SUMS).write_text("")
    assert checking.verify(installation, str(copy))[1]
    with pytest.raises(BackupError, match="not whole"):
        restoring.restore(
            Settings(data=tmp_path / "new"), str(copy), keys.recovery_key(installation.secrets), "", quiet
        )
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": "lumbung-backup/9"}', json.dumps({"format": manifest.FORMAT})]
)
def test_what_is_no_backup_is_refused_with_a_word(installation, tmp_path, text):
    (tmp_path / manifest.MANIFEST).write_text(text)
    with pytest.raises(BackupError):
        restoring.restore(Settings(data=tmp_path / "new"), str(tmp_path), "k", "", quiet)


def test_one_broken_plugin_is_named_and_stops_no_other(installation, tmp_path, monkeypatch):
    def broken(*_given: object) -> None:
        raise OSError("Input/output error")

    monkeypatch.setattr("registry.operate.backup.plugins._stopped", broken)
    taken = taking.backup(installation, str(tmp_path), 3, quiet)
    assert taken.manifest.problems == ["lapor.bandung: Input/output error"]
    assert (the_only(tmp_path) / taking.DATABASE).exists()


def test_only_the_newest_are_kept(installation, tmp_path):
    for number in range(3):
        (tmp_path / f"2026010{number}T000000Z").mkdir()
    taking.backup(installation, str(tmp_path), 2, quiet)
    assert len(places.Folder(tmp_path).names) == 2
    assert places.Folder(tmp_path).names[0] == "20260102T000000Z"


@pytest.mark.skipif(shutil.which("restic") is None, reason="restic is not installed")
def test_restic_keeps_it_too(pour_repository, installation, tmp_path):
    target = f"restic:{tmp_path / 'repository'}"
    keys.recovery_key(installation.secrets)
    pour_repository(places.at(installation, target).restic)
    taking.backup(installation, target, 2, quiet)
    assert checking.verify(installation, target)[1] == []
    settings = Settings(data=tmp_path / "new")
    restoring.restore(settings, target, keys.recovery_key(installation.secrets), "", quiet)
    assert repositories.broken(settings.data) == []


def test_a_push_during_the_backup_leaves_whole_repositories(installation, tmp_path, monkeypatch):
    """What is pushed after the names were written down is not in the copy, and the copy is whole."""
    fork = Storage(installation.data).fork("bandung", "lapor")
    taken = repositories._objects

    def push_between(source: Path, target: Path) -> None:
        commit(fork)
        taken(source, target)

    before = refs(fork)
    monkeypatch.setattr(repositories, "_objects", push_between)
    repositories.copy(installation.data, tmp_path)
    assert repositories.broken(tmp_path) == []
    assert refs(tmp_path / fork.relative_to(installation.data)) == before != refs(fork)


def refs(repository: Path) -> list[str]:
    return git(repository, "for-each-ref").splitlines()


def commit(repository: Path) -> None:
    parent = git(repository, "rev-parse", "main").strip()
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=os.urandom(8).hex()).strip()
    tree = git(repository, "mktree", stdin=f"100644 blob {blob}\tbaru.txt\n").strip()
    new = git(repository, "commit-tree", "-p", parent, "-m", "Baru", tree).strip()
    git(repository, "update-ref", "refs/heads/main", new, parent)


def git(repository: Path, *arguments: str, stdin: str = "") -> str:
    who = {
        f"GIT_{role}_{word}": "uji@lumbung.example" for role in ("AUTHOR", "COMMITTER") for word in ("NAME", "EMAIL")
    }
    env = {"PATH": os.environ["PATH"], "GIT_DIR": str(repository), "HOME": "/nonexistent", **who}
    done = subprocess.run(["git", *arguments], env=env, input=stdin, capture_output=True, text=True, check=True)
    return done.stdout
