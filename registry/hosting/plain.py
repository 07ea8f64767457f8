"""What hosting and the plugin host tell each other: frozen values without a database, Flask or any
behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FIRST_UID = 200_000
"""A deployment's own user when the host is root: FIRST_UID + its id."""

PROVER = -1
"""Provings belong to no deployment; they borrow this number for a user, a folder and a cgroup of their own. Deployments
are numbered from 1, and 0 is the trial's of `registry.host.check`.
"""

TEST_TOOLS = "lib/tests"
"""Where an environment for tests keeps what only tests need, apart from what the bundle brings."""


class DeploymentState(StrEnum):
    """What the host sees. `off` and `maintenance`: no socket; `waiting`: the socket is open, nothing runs until
    someone connects.
    """

    OFF = "off"
    WAITING = "waiting"
    RUNNING = "running"
    SWITCHING = "switching"
    CRASHED = "crashed"
    MAINTENANCE = "maintenance"


class SwitchStep(StrEnum):
    """The way of one switch. Each step is written before it is done; `failed`: even going back did not
    work.
    """

    PENDING = "pending"
    DRAINING = "draining"
    SNAPSHOT = "snapshot"
    MIGRATING = "migrating"
    PROBING = "probing"
    COMMITTED = "committed"
    REVERTED = "reverted"
    FAILED = "failed"


class ErrandKind(StrEnum):
    """What the host does for a deployment besides running it.

    `copy`: its data, consistent, into ``argument["folder"]``; `drill`: start the serving revision on the data in
    ``argument["folder"]`` and ask for its health; `task`: call ``argument["call"]`` of the bundle; `purge`: remove its
    files for good. Folders are relative to the deployment's home. What came of it is in the errand's ``result``.
    """

    COPY = "copy"
    DRILL = "drill"
    TASK = "task"
    PURGE = "purge"


class ProvingState(StrEnum):
    """The way of one proving: a bundle's own tests, run in the sandbox. `wanted` until its environment is built and the
    host takes it up; found `running` by a new host it is begun anew. `broken`: the tests could not be run to their end,
    so they say neither yes nor no.
    """

    WANTED = "wanted"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"


class ErrandState(StrEnum):
    """An errand found `running` by a new host is done again: every kind may be repeated."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Limits:
    """Of one deployment. ``memory``, ``disk`` and ``answer`` (one response) in bytes, ``cpu`` in processors,
    ``processes`` counts threads too, ``files`` is how many its data may have, ``request`` seconds one request may take.
    """

    memory: int = 128 * 2**20
    cpu: float = 0.5
    disk: int = 2**30
    processes: int = 32
    files: int = 50_000
    request: int = 60
    answer: int = 100 * 2**20

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Limits:
        """Missing keys take the default; raises TypeError or ValueError on a value that is no number."""
        default = cls()
        return cls(
            memory=int(value.get("memory", default.memory)),
            cpu=float(value.get("cpu", default.cpu)),
            disk=int(value.get("disk", default.disk)),
            processes=int(value.get("processes", default.processes)),
            files=int(value.get("files", default.files)),
            request=int(value.get("request", default.request)),
            answer=int(value.get("answer", default.answer)),
        )


@dataclass(frozen=True)
class Task:
    """What a plugin does by the clock: ``call`` is ``module:function``, ``cron`` five fields in the city's zone."""

    name: str
    call: str
    cron: str


@dataclass(frozen=True)
class Needs:
    """What an app takes beside a machine, in its publisher's words by language (``id``, ``en``).

    ``budget`` is a class of yearly running cost beside salaries: ``none``, ``small``, ``medium`` or ``large``.
    """

    budget: str
    people: Mapping[str, str]
    infrastructure: Mapping[str, str]
    data: Mapping[str, str]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Needs:
        """Of what `Manifest.to_json` gave; a missing text is an empty mapping."""
        texts = {name: dict(value.get(name) or {}) for name in ("people", "infrastructure", "data")}
        return cls(budget=str(value.get("budget", "")), **texts)


@dataclass(frozen=True)
class Manifest:
    """A checked ``lumbung.toml``. ``migrate`` and ``entrypoint`` read ``module:attribute``, paths begin
    with ``/``.

    ``config_schema`` is a path inside the bundle. ``provides`` maps a capability to the path that answers
    it. ``egress`` names hosts as ``host:port``; ``mail`` asks to send mail: both need the city admin's consent.
    ``needs`` is None where the app does not say. ``law`` names the rules it carries out, as people cite them.
    """

    entrypoint: str
    runtime: str = "python-wsgi/1"
    health: str = "/healthz"
    store: str = "sqlite"
    migrate: str | None = None
    config_schema: str | None = None
    staff: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    provides: Mapping[str, str] = field(default_factory=dict)
    egress: tuple[str, ...] = ()
    mail: bool = False
    tasks: tuple[Task, ...] = ()
    limits: Limits = field(default_factory=Limits)
    needs: Needs | None = None
    law: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in ("staff", "uses", "egress", "law")}
        return {**asdict(self), **lists, "provides": dict(self.provides)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Manifest:
        """Of what `to_json` gave; raises KeyError without an entrypoint."""
        return cls(
            entrypoint=value["entrypoint"],
            runtime=value.get("runtime", cls.runtime),
            health=value.get("health", cls.health),
            store=value.get("store", cls.store),
            migrate=value.get("migrate"),
            config_schema=value.get("config_schema"),
            staff=tuple(value.get("staff") or ()),
            uses=tuple(value.get("uses") or ()),
            provides=dict(value.get("provides") or {}),
            egress=tuple(value.get("egress") or ()),
            mail=bool(value.get("mail", False)),
            tasks=tuple(Task(**task) for task in value.get("tasks") or ()),
            limits=Limits.from_json(value.get("limits") or {}),
            needs=Needs.from_json(value["needs"]) if value.get("needs") else None,
            law=tuple(value.get("law") or ()),
        )


@dataclass(frozen=True)
class City:
    """What a plugin is told of the city it serves; ``logo`` is an absolute URL or empty, ``color`` like
    ``#0b6e4f``.
    """

    code: str
    slug: str
    name: str
    timezone: str = "Asia/Jakarta"
    locale: str = "id"
    color: str = ""
    logo: str = ""
    portal: str = ""
    demo: bool = False


@dataclass(frozen=True)
class RunSpec:
    """Everything needed to start one sandbox of one revision.

    ``code`` and ``environment`` are read-only folders shared between cities, ``data`` belongs to the
    deployment. ``outside`` is the folder of its sockets to the host (``/run/lumbung`` inside). ``trial`` marks a copy
    for trying: only staff may enter it, and it has no way out. ``pinned``: it never leaves for want of visitors.
    ``variables`` are added to the plugin's environment last. ``secret_key``, ``config`` and ``variables`` must never be
    logged.
    """

    deployment: int
    name: str
    city: City
    origin: str
    revision: int
    version: str
    manifest: Manifest
    limits: Limits
    code: Path
    environment: Path
    data: Path
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    secret_key: str = field(default="", repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    outside: Path | None = None
    trial: bool = False
    pinned: bool = False

    @property
    def audience(self) -> str:
        """The ``aud`` of a person's token that is good here and nowhere else: ``lapor.bontang``."""
        return f"{self.name}.{self.city.slug}"

    @property
    def uid(self) -> int:
        return FIRST_UID + self.deployment


@dataclass(frozen=True)
class DeploymentPaths:
    """Where one deployment keeps its files: ``DeploymentPaths(settings.data, 7).plugin_log``."""

    root: Path
    deployment: int

    @property
    def home(self) -> Path:
        return self.root / "deployments" / str(self.deployment)

    @property
    def data(self) -> Path:
        """The plugin's one writable folder."""
        return self.home / "data"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"

    def snapshot(self, revision: int) -> Path:
        """The data as that revision left it; there when the revision's row says so."""
        return self.snapshots / str(revision)

    def copy(self, errand: int) -> Path:
        """Where an errand leaves a copy of the data."""
        return self.home / "copies" / str(errand)

    def incoming(self, number: int) -> Path:
        """Data brought from elsewhere (a backup, another deployment), to be taken over by a switch or a drill."""
        return self.home / "incoming" / str(number)

    @property
    def plugin_log(self) -> Path:
        """The newest lines; older ones in ``plugin.log.1``."""
        return self.home / "log" / "plugin.log"
