"""An installation with the demo's cities and apps, one plugin with data, and nothing running but its database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.app import create_app
from registry.config import Settings
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting import reading, service
from registry.hosting.models import Build, Deployment
from registry.hosting.plain import DeploymentPaths, Limits, Manifest
from registry.operate import database, demo
from registry.operate.postgres import Cluster

PASSWORD = "kata-sandi-panjang"


@pytest.fixture(scope="module")
def installation() -> Iterator[Settings]:
    """Made once for a module: its tests only read it, or work on what they added."""
    data = Path(tempfile.mkdtemp(prefix="lb-operate-"))
    cluster = Cluster(data / "postgres", data / "run" / "pg", data / "secrets", ("-c fsync=off",))
    cluster.prepare()
    settings = Settings(data=data, database_url=cluster.app_url(), owner_url=cluster.owner_url())
    try:
        database.upgrade(settings)
        os.environ.update(LUMBUNG_DEMO_PASSWORD=PASSWORD, LUMBUNG_DEMO_RUN="bandung:lapor,antrian")
        app = create_app(settings)
        demo.seed(app)
        _serve(app, settings, "lapor")
        yield settings
    finally:
        for name in ("LUMBUNG_DEMO_PASSWORD", "LUMBUNG_DEMO_RUN"):
            os.environ.pop(name, None)
        cluster.stop()
        shutil.rmtree(data)


def _serve(app: Flask, settings: Settings, name: str) -> None:
    """As the worker and the host would have done: a build, a revision that serves, data."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            deployment = session.scalars(select(Deployment).where(Deployment.name == name)).one()
            manifest = Manifest("lapor:create_app", limits=Limits()).to_json()
            build = Build(tree="f" * 40, lock="", runtime="python-wsgi/1", code_path="builds/code/x",
                          env_path="builds/env/x", manifest=manifest, size_bytes=1)  # fmt: skip
            session.add(build)
            config = reading.vault().seal({"title": "Kesah Etam", "token": "rahasia-benar"})
            revision = service.add_revision(deployment, build, "a" * 40, "1.0.0", config, None)
            revision.snapshot = "snapshots/1"
            deployment.serving_revision_id = revision.id
            number = deployment.id
        db.session.remove()
    _fill(DeploymentPaths(settings.data, number).data)
    _build(settings.data / "builds")


def _fill(data: Path) -> None:
    """What a city keeps, and what a stranger may leave beside it."""
    data.mkdir(parents=True)
    with sqlite3.connect(data / "lapor.sqlite3") as connection:
        connection.execute("create table laporan (isi text)")
        connection.execute("insert into laporan values ('Jalan rusak')")
    connection.close()
    (data / "rahasia").symlink_to("/etc/passwd")
    os.mkfifo(data / "pipa")
    Path(os.fsdecode(os.fsencode(data) + b"/baris\nbaru \xff")).write_text("aneh")


def _build(builds: Path) -> None:
    (builds / "code" / "x").mkdir(parents=True)
    (builds / "code" / "x" / "lapor.py").write_text("def create_app(): ...\n")
    (builds / "env" / "x").mkdir(parents=True)
