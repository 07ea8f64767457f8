"""A data folder, its tables and a real host process over them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from registry.config import REPOSITORY, Settings
from registry.core.secrets import open_vault
from registry.host import check, facts
from registry.hosting.plain import DeploymentPaths, Manifest
from tests.apart import first_number

from .support import Answer, ask, is_alive, linked, until

_HOST = """
import json, os, sys
sys.modules["rich"] = None  # a library of our tools, which structlog loads wherever it meets it: no host has it
from pathlib import Path
from registry.config import Settings
from registry.host.start import run
data, url, extra = sys.argv[1:]
admin = os.environ.get("DATABASE_ADMIN_URL", "")
sys.exit(run(Settings(data=Path(data), database_url=url, admin_url=admin, extra=json.loads(extra))))
"""

_OTHER_FORMAT = """
import sys
if "registry.host.successor" in sys.orig_argv:
    print(999)
    sys.exit()
__path__ = {}
"""


@dataclass(frozen=True)
class Deployment:
    id: int
    city: str
    name: str
    place: Path
    paths: DeploymentPaths


@cache
def _facts_here() -> facts.Facts:
    """Looked for once: what holds on this machine does not change with the house."""
    with tempfile.TemporaryDirectory(prefix="lf-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        return check.as_json(check.sandbox_facts(Settings(data=root)))


class House:
    def __init__(self, root: Path, url: str, runtime: Path) -> None:
        self.settings = Settings(data=root, database_url=url)
        self._vault = open_vault(self.settings.secrets)
        self.reconnect()
        self._host: subprocess.Popen[bytes] | None = None
        self.log = root / "host.log"
        self.late = root / "late"
        self.late.mkdir()
        (root / "builds" / "env").mkdir(parents=True)
        (root / "builds" / "env" / "r").symlink_to(runtime)
        self._cities: dict[str, int] = {}
        self._deployments: list[Deployment] = []
        self._db.execute(f"alter table deployments alter column id restart with {first_number()}")

    def reconnect(self) -> None:
        self._db = psycopg.connect(self.settings.database_url, autocommit=True, row_factory=dict_row)

    def row(self, query: str, *values: object) -> dict[str, Any]:
        found = self._db.execute(query, values).fetchone()
        assert found is not None
        return found

    def tell(self, query: str, *values: object) -> None:
        self._db.execute(query, values)
        self._db.execute("notify lumbung_host")

    def city(self, slug: str) -> int:
        if slug not in self._cities:
            self._cities[slug] = len(self._cities) + 1
            self._db.execute(
                "insert into cities (id, code, slug, name, timezone, locale, color, logo)"
                " values (%s, %s, %s, %s, 'Asia/Makassar', 'en', '#0b6e4f', '')",
                (self._cities[slug], f"64.{self._cities[slug]}", slug, f"Kota {slug.title()}"),
            )
        return self._cities[slug]

    def deployment(self, name: str = "lapor", city: str = "bontang") -> Deployment:
        row = self.row(
            "insert into deployments (tenant_id, name, secret_key_sealed) values (%s, %s, %s) returning id",
            self.city(city), name, self._vault.seal("key"),
        )  # fmt: skip
        place = self.settings.plugin_socket(city, name)
        made = Deployment(row["id"], city, name, place, DeploymentPaths(self.settings.data, row["id"]))
        self._deployments.append(made)
        return made

    def revision(self, deployment: Deployment, source: str, **manifest: Any) -> int:
        """A new revision of one file of source; returns its id."""
        number = self.row("select count(*) + 1 as n from revisions where deployment_id = %s", deployment.id)["n"]
        code = self.settings.data / "builds" / f"c{deployment.id}-{number}"
        code.mkdir(mode=0o755)
        (code / "app.py").write_text(source)
        (code.parent).chmod(0o755)
        build = self.row(
            "insert into builds (code_path, env_path, manifest) values (%s, 'builds/env/r', %s) returning id",
            f"builds/{code.name}", Jsonb(Manifest("app:application", health="/", **manifest).to_json()),
        )  # fmt: skip
        return self.row(
            "insert into revisions (tenant_id, deployment_id, number, build_id, version, config_sealed)"
            " values (%s, %s, %s, %s, '1.0', %s) returning id",
            self.city(deployment.city), deployment.id, number, build["id"], self._vault.seal({"a": 1}),
        )["id"]  # fmt: skip

    def switch(self, deployment: Deployment, revision: int, restore: bool = False, source: str | None = None) -> int:
        """Ask for a switch; returns its id. Its data becomes what the revision left, or the folder ``source``."""
        tenant = self.city(deployment.city)
        job = self.row("insert into jobs (tenant_id, kind) values (%s, 'switch') returning id", tenant)["id"]
        serving = self.row("select serving_revision_id as id from deployments where id = %s", deployment.id)["id"]
        switch = self.row(
            "insert into switches (tenant_id, deployment_id, job_id, from_revision_id, to_revision_id,"
            " data_source) values (%s, %s, %s, %s, %s, %s) returning id",
            tenant, deployment.id, job, serving, revision, self._left_by(revision) if restore else source,
        )["id"]  # fmt: skip
        self._db.execute("notify lumbung_host")
        return switch

    def _left_by(self, revision: int) -> str:
        return f"snapshots/{self.row('select number from revisions where id = %s', revision)['number']}"

    def step(self, switch: int) -> str:
        return self.row("select step from switches where id = %s", switch)["step"]

    def settled(self, switch: int, seconds: float = 40) -> str:
        """How a switch ended."""
        ends = ("committed", "reverted", "failed")
        return until(lambda: (step := self.step(switch)) in ends and step, seconds)

    def errand(self, deployment: Deployment, kind: str, **argument: Any) -> int:
        """Ask for an errand; returns its id."""
        errand = self.row(
            "insert into errands (tenant_id, deployment_id, kind, argument) values (%s, %s, %s, %s) returning id",
            self.city(deployment.city), deployment.id, kind, Jsonb(argument),
        )["id"]  # fmt: skip
        self._db.execute("notify lumbung_host")
        return errand

    def returned(self, errand: int, seconds: float = 40) -> dict[str, Any]:
        """The row of an errand that is over."""
        wanted = "select state, result, message from errands where id = %s"
        return until(lambda: (row := self.row(wanted, errand))["state"] in ("done", "failed") and row, seconds)

    def done(self, deployment: Deployment, kind: str, **argument: Any) -> dict[str, Any]:
        """The result of an errand that must go well."""
        row = self.returned(self.errand(deployment, kind, **argument))
        assert row["state"] == "done", row
        return row["result"]

    def deployed(self, source: str, name: str = "lapor", city: str = "bontang", **manifest: Any) -> Deployment:
        """A deployment with a first revision that serves."""
        deployment = self.deployment(name, city)
        switch = self.switch(deployment, self.revision(deployment, source, **manifest))
        assert self.settled(switch) == "committed", self.row("select * from switches where id = %s", switch)
        until(deployment.place.exists)
        return deployment

    def asleep(self, source: str, name: str = "lapor", city: str = "bontang") -> Deployment:
        """A deployment whose first revision serves already, without the host having done anything for it."""
        deployment = self.deployment(name, city)
        revision = self.revision(deployment, source)
        self.tell("update deployments set serving_revision_id = %s where id = %s", revision, deployment.id)
        return deployment

    def state(self, deployment: Deployment) -> str:
        return self.row("select state from deployments where id = %s", deployment.id)["state"]

    def start(self, idle: float = 0, **extra: object) -> None:
        """With these of `Settings.extra`. Later programs of the same process look for their code in `late` first."""
        self.settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        facts.remember(self.settings, _facts_here())
        told = json.dumps({"idle_seconds": str(idle), **{name: str(value) for name, value in extra.items()}})
        command = [sys.executable, "-c", _HOST, str(self.settings.data), self.settings.database_url, told]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with self.log.open("ab") as log:
            self._host = subprocess.Popen(command, stderr=log, stdout=log, env=environment, cwd=self.late)

    def be_warm(self) -> None:
        """From the next start on, plugins are forked from a zygote."""
        environment = self.settings.data / "builds" / "env" / "r"
        runtime = environment.resolve()
        environment.unlink()
        linked(runtime, environment, "r")

    def break_program(self) -> None:
        """What is on disk does not load any more."""
        (self.late / "registry").mkdir()
        (self.late / "registry" / "__init__.py").write_text("raise ImportError('half an upgrade')")

    def change_format(self) -> None:
        """What is on disk speaks of its predecessors in words that these do not know."""
        (self.late / "registry").mkdir()
        (self.late / "registry" / "__init__.py").write_text(_OTHER_FORMAT.format([str(REPOSITORY / "registry")]))

    @property
    def pid(self) -> int:
        assert self._host is not None
        return self._host.pid

    def kill(self) -> None:
        """kill -9."""
        assert self._host is not None
        self._host.send_signal(signal.SIGKILL)
        self._host.wait()

    def revive(self) -> None:
        """kill -9, and the next host has bound every socket anew."""
        self.kill()
        self.start()
        until(lambda: self.row("select count(*) as n from hosts where pid = %s", self.pid)["n"], 40)

    def clear(self) -> None:
        """Nothing is in the tables any more, the host has let go of all of it, and revisions are numbered anew."""
        for table in ("switches", "errands", "domains", "revisions", "builds", "deployments", "jobs", "cities"):
            self._db.execute(f"delete from {table}")
        self._db.execute("alter sequence revisions_id_seq restart")
        self._db.execute("notify lumbung_host")
        until(lambda: not any(one.place.exists() or sandboxes(one) for one in self._deployments))
        self._cities.clear()
        self._deployments.clear()

    def stop(self) -> int:
        assert self._host is not None
        self._host.terminate()
        return self._host.wait(30)

    def close(self) -> None:
        if self._host is not None and self._host.poll() is None:
            self.stop()
        self._db.close()
        if self.settings.run != self.settings.data / "run":
            shutil.rmtree(self.settings.run, ignore_errors=True)


def get(deployment: Deployment, path: str = "/", seconds: float = 20) -> Answer:
    return ask(deployment.place, path, seconds=seconds)


def post(deployment: Deployment, path: str = "/") -> Answer:
    return ask(deployment.place, path, "POST", "")


def is_warm(deployment: Deployment) -> bool:
    """Whether it is awake and no bubblewrap stands above it."""
    names = [name for process in sandboxes(deployment) if (name := _name(process))]
    return bool(names) and "bwrap" not in names


def _name(process: int) -> str:
    """Of its program; "" when it is gone meanwhile."""
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def sandboxes(deployment: Deployment) -> list[int]:
    """Processes that run as the deployment's own user."""
    uid = 200_000 + deployment.id
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == uid and is_alive(int(entry)):
                found.append(int(entry))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
