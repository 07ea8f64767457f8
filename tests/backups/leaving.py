"""Bontang's board with data that a stranger may have prepared, and its archive."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.backups import asking, export_archive
from registry.backups.folders import Way
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.host.copying import copy
from registry.hosting import reading, service
from registry.hosting.models import Build, Deployment
from registry.hosting.plain import DeploymentPaths, Manifest
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

SECRET = "sandi-server-lama"


def copied(deployment: Deployment, way: Way) -> int:
    """As the plugin host answers when it is asked for a copy."""
    way.make()
    copy(DeploymentPaths(reading.settings().data, deployment.id).data, way.folder / "data", None)
    return int(deployment.serving_revision_id or 0)


@pytest.fixture
def plugin(app, world, monkeypatch) -> str:  # noqa: F811
    """Bontang's board serves, with data that a stranger may have prepared."""
    monkeypatch.setattr(asking, "require_host", lambda: None)
    monkeypatch.setattr(asking, "copied", copied)
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            service.deploy(city, fork_of(city, "papan"), "papan", {"title": "Etam", "key": SECRET})
        with unit_of_work():
            deployment = db.session.scalars(select(Deployment)).one()
            _serve(deployment)
        _fill(DeploymentPaths(reading.settings().data, deployment.id))
    return "papan"


@pytest.fixture
def packed(request, app, packed_once, tmp_path) -> Path:
    """The city's archive without secrets, a copy for each test: who asks first makes it, which draws papers and asks
    git for half a second.
    """
    if not packed_once.exists():
        request.getfixturevalue("plugin")
        made(app, packed_once, with_secrets=False)
    return Path(shutil.copy(packed_once, tmp_path / "a.tar.gz"))


def _serve(deployment: Deployment) -> None:
    city = find("bontang")
    wanted = service.candidate(city, reading.app_of(deployment))
    manifest = Manifest("papan:app").to_json()
    build = Build(tree=wanted.tree, lock="", runtime=wanted.runtime, code_path="builds/code/x", env_path="builds/env/x",
                  manifest=manifest, config_schema=dict(wanted.schema), size_bytes=1)  # fmt: skip
    db.session.add(build)
    sealed = reading.vault().seal({"title": "Etam", "key": SECRET})
    revision = service.add_revision(deployment, build, wanted.commit, wanted.version, sealed, None)
    deployment.serving_revision_id = revision.id


def _fill(paths: DeploymentPaths) -> None:
    (paths.data / "foto").mkdir(parents=True)
    with sqlite3.connect(paths.data / "data.sqlite3") as connection:
        connection.execute("create table isi (teks text)")
        connection.execute("insert into isi values ('jalan rusak')")
    connection.close()
    (paths.data / "foto" / "terbaru").symlink_to("../data.sqlite3")
    (paths.data / "sandi").symlink_to("/etc/passwd")
    os.mkfifo(paths.data / "pipa")
    Path(os.fsdecode(os.fsencode(paths.data) + b"/baris\nbaru \xff")).write_text("aneh")
    with (paths.data / "lubang").open("wb") as file:
        file.truncate(4 * 2**30)
    paths.plugin_log.parent.mkdir()
    paths.plugin_log.write_text("mulai\n")


def made(app, target: Path, with_secrets: bool):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        return export_archive.write(city, target, str(uuid.uuid4()), with_secrets, lambda step, share: None)


def unpacked(archive: Path, target: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "lumbung-bontang"
