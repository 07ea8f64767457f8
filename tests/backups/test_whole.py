"""The real host, the real restic, a hostile plugin: backup, change, put back, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import create_engine, select

from registry.backups import reading, restic, service, trials
from registry.backups.models import Backup
from registry.core import jobs, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.forge.trees import resolve
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Build, Deployment
from registry.hosting.plain import DeploymentPaths, Manifest
from tests.apart import first_number
from tests.backups.conftest import job, number_serving, work_off
from tests.host.bundles import OBEDIENT
from tests.host.conftest import runtime  # noqa: F401 fixture
from tests.host.support import ask, until
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

pytestmark = pytest.mark.skipif(
    not (shutil.which("restic") and shutil.which("bwrap")), reason="restic or bwrap missing"
)

HOST = """
import sys
from pathlib import Path
from registry.config import Settings
from registry.host.start import run
sys.exit(run(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2])))
"""
FILL = r"""
import os, sqlite3
os.chdir(os.environ["DATA_DIR"])
with sqlite3.connect("laporan.sqlite3") as base:
    base.execute("create table if not exists laporan (isi text)")
    base.execute("insert into laporan values ('jalan berlubang')")
open(b"line\nbreak", "w").write("1")
open(b"bad\xff\xfe", "w").write("2")
open("-rf", "w").write("3")
open("dua", "w").write("4")
os.link("dua", "keras")
os.symlink("/etc/passwd", "sandi")
os.mkfifo("pipa")
with open("lubang", "wb") as file:
    file.truncate(20_000_000)
    file.seek(10_000_000)
    file.write(b"di tengah")
os.mkdir("dalam")
os.chmod("dua", 0o640)
result = sorted(map(repr, os.listdir(b".")))
"""
DAMAGE = """
import os
with open(os.environ["DATA_DIR"] + "/laporan.sqlite3", "r+b") as file:
    file.seek(4096)
    file.write(b"x" * 3000)
"""
SPOIL = """
import os, shutil, sqlite3
os.chdir(os.environ["DATA_DIR"])
with sqlite3.connect("laporan.sqlite3") as base:
    base.execute("delete from laporan")
os.remove("dua")
open("baru", "w").write("sejak itu")
shutil.rmtree("dalam")
"""


class Town:
    """A city with one obedient plugin, a host process that runs it, and the worker's turn by hand."""

    def __init__(self, settings: Any, environment: Path) -> None:
        self.settings, self.city = settings, find("bontang")
        scope.enter_city(self.city.id)
        self._environment(environment)
        self.log = settings.data / "host.log"
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", HOST, str(settings.data), settings.database_url]
            self.host = subprocess.Popen(command, stdout=log, stderr=log)

    def _environment(self, found: Path) -> None:
        folder = self.settings.data / "builds" / "env"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "r").symlink_to(found)

    def deployed(self, name: str = "papan") -> Deployment:
        """A plugin that serves the fork's main branch, as far as git goes; its code is the obedient one."""
        with unit_of_work():
            changes.deploy(self.city, fork_of(self.city, "papan"), name, {"title": "Papan"})
        deployment = hosting.get_deployment(self.city, name)
        commit = resolve(hosting.repository_of(self.city, hosting.app_of(deployment)), "main")
        with unit_of_work():
            sealed = hosting.vault().seal({"title": "Papan"})
            revision = changes.add_revision(deployment, self._build(commit.tree), commit.id, "1.0.0", sealed, None)
            first = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == "deploy")).one()
            changes.open_switch(deployment, first.id, revision)
        self.settled(first.id)
        return deployment

    def _build(self, tree: str) -> Build:
        code = self.settings.data / "builds" / "code" / tree
        code.mkdir(parents=True)
        (code / "app.py").write_text(OBEDIENT)
        for folder in (code, code.parent, code.parent.parent):
            folder.chmod(0o755)
        build = Build(
            tree=tree, lock="", runtime="python-wsgi/1", code_path=f"builds/code/{tree}", env_path="builds/env/r",
            size_bytes=1, manifest=Manifest("app:application", health="/").to_json(), config_schema={},
        )  # fmt: skip
        db.session.add(build)
        return build

    def settled(self, job_id: Any) -> jobs.Job:
        def ended() -> bool:
            db.session.rollback()
            return job(job_id).finished

        until(ended, 60)
        found = job(job_id)
        assert found.state == "done", f"{found.message}\n{found.log}\n{self.log.read_text()[-3000:]}"
        return found

    def do(self, deployment: Deployment, code: str) -> Any:
        """What the plugin does with it, from inside its sandbox."""
        place = self.settings.plugin_socket("bontang", deployment.name)
        until(place.exists)
        return json.loads(ask(place, "/", "POST", code).body)

    def data(self, deployment: Deployment) -> Path:
        return DeploymentPaths(self.settings.data, deployment.id).data

    def backed_up(self, deployment: Deployment) -> Backup:
        with unit_of_work():
            asked = service.back_up(self.city, deployment)
        assert work_off() == ["backups.make"]
        backup = db.session.scalars(select(Backup).where(Backup.job_id == asked.id)).one()
        assert backup.state == "kept", backup.message
        return backup

    def close(self) -> None:
        self.host.terminate()
        self.host.wait(30)
        if self.settings.run != self.settings.data / "run":
            shutil.rmtree(self.settings.run / "plugins", ignore_errors=True)


@pytest.fixture
def town(world, app, settings, runtime, pour_repository) -> Iterator[Town]:  # noqa: F811
    pour_repository(restic.open_repository(settings))
    engine = create_engine(settings.owner_url)
    with engine.begin() as connection:  # so that no other installation here has the same users
        connection.exec_driver_sql(f"alter sequence deployments_id_seq restart {first_number()}")
    engine.dispose()
    with app.app_context(), force_locale("en"):
        opened = Town(settings, runtime)
        until(lambda: (db.session.rollback(), hosting.host())[1], 30)
        yield opened
        opened.close()
    for folder in ("backups", "host.log"):
        shutil.rmtree(settings.data / folder, ignore_errors=True)


def taken(folder: Path) -> dict[bytes, object]:
    """Every name below with its kind, mode, owner (of a link it means nothing), other names and content."""
    found: dict[bytes, object] = {}
    for root, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            path = os.path.join(root, name)
            about = os.lstat(path)
            link = stat.S_ISLNK(about.st_mode)
            owner, names = 0 if link else about.st_uid, about.st_nlink if stat.S_ISREG(about.st_mode) else 0
            key = os.path.relpath(path, os.fsencode(folder))
            found[key] = (stat.filemode(about.st_mode), owner, names, content(path, about))
    return found


def content(path: bytes, about: os.stat_result) -> bytes:
    if stat.S_ISLNK(about.st_mode):
        return os.readlink(path)
    if not stat.S_ISREG(about.st_mode):
        return b""
    with open(path, "rb") as file:
        return file.read()


def test_a_hostile_folder_is_backed_up_spoiled_and_put_back_byte_for_byte(town):
    papan = town.deployed()
    assert "error" not in str(town.do(papan, FILL))
    os.remove(town.data(papan) / "pipa")
    before = taken(town.data(papan))
    backup = town.backed_up(papan)
    town.do(papan, SPOIL)
    spoiled = taken(town.data(papan))
    with unit_of_work():
        asked = service.restore(town.city, papan, backup)
    assert work_off() == ["backups.restore"]
    town.settled(asked.id)
    assert taken(town.data(papan)) == before
    assert number_serving(papan) == 2
    rows = town.do(papan, "import os, sqlite3; result = sqlite3.connect(os.environ['DATA_DIR'] + '/laporan.sqlite3')"
                          ".execute('select isi from laporan').fetchall()")  # fmt: skip
    assert rows == [["jalan berlubang"]]
    with unit_of_work():
        undone = changes.rollback(town.city, papan, 1, with_data=True)
    town.settled(undone.id)
    assert taken(town.data(papan)) == spoiled, "putting back was undone, with what was entered since"


def test_a_pipe_and_a_neighbour_do_not_hold_a_backup_up(town):
    papan = town.deployed()
    town.do(papan, FILL)
    backup = town.backed_up(papan)
    assert backup.files >= 6
    assert town.do(papan, "result = 'alive'") == "alive"


def test_a_drill_starts_the_backup_on_a_scratch_copy_and_finds_it_whole(town):
    papan = town.deployed()
    town.do(papan, FILL)
    backup = town.backed_up(papan)
    with unit_of_work():
        asked = service.drill(town.city, papan, backup)
    assert work_off() == ["backups.drill"]
    assert job(asked.id).state == "done", job(asked.id).message
    assert reading.fact(papan).drilled.drilled_well


def test_a_drill_finds_a_damaged_database(town):
    papan = town.deployed()
    town.do(papan, FILL)
    town.do(papan, DAMAGE)
    backup = town.backed_up(papan)
    with unit_of_work():
        asked = service.drill(town.city, papan, backup)
    work_off()
    assert job(asked.id).state == "failed"
    assert reading.fact(papan).sick


def test_a_copy_for_trying_has_the_data_and_its_own_life(town):
    papan = town.deployed()
    town.do(papan, FILL)
    os.remove(town.data(papan) / "pipa")
    with unit_of_work():
        asked = trials.try_copy(town.city, papan)
    assert work_off() == ["backups.try"]
    town.settled(asked.id)
    copy = reading.trial_of(papan)
    plain = {name: (what[0], *what[2:]) for name, what in taken(town.data(papan)).items()}
    assert {name: (what[0], *what[2:]) for name, what in taken(town.data(copy)).items()} == plain


def test_a_purge_leaves_nothing_on_the_disk_or_in_the_repository(town):
    papan = town.deployed()
    home = DeploymentPaths(town.settings.data, papan.id).home
    town.backed_up(papan)
    with unit_of_work():
        service.remove(town.city, papan, "papan")
    work_off()
    with unit_of_work():
        asked = service.purge(town.city, papan, "papan")
    assert work_off() == ["backups.purge"]
    assert job(asked.id).state == "done", job(asked.id).message
    assert not home.exists()
    assert not town.settings.plugin_socket("bontang", "papan").exists()
    assert restic.open_repository(town.settings).snapshots() == []
