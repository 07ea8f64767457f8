"""One plugin of the stack, started beside its host and as the host does, warm and plainly: to compare in one run."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from bench.load import Target, once
from bench.stack import CITY, Stack
from registry.core import secrets
from registry.host import limits
from registry.host.data import Store as Data
from registry.host.environment import Serving
from registry.host.spawn import Launcher, Sandbox
from registry.host.store import Store
from registry.host.zygotes import base_of, no_base
from registry.hosting.plain import DeploymentPaths, RunSpec

WAYS = ("warm", "plain")
APART = 500_000
"""Added to a deployment's number: its twin has a user and data of its own."""

PATIENCE = 60.0


class AsideError(Exception):
    """The plugin could not be started beside its host; the message says why."""


@dataclass(frozen=True)
class Held:
    """Bytes. ``private`` is nobody else's; ``shared`` is private and a fair part of what several processes map."""

    private: float
    shared: float


@dataclass
class Aside:
    launchers: dict[str, Launcher]
    spec: RunSpec
    place: Path

    def woken(self, way: str) -> float:
        """Seconds from nothing to the first byte of its first page."""
        began = time.perf_counter()
        with self._awake(way):
            return time.perf_counter() - began

    def held(self, way: str) -> Held:
        """What all its processes hold after one request."""
        with self._awake(way) as sandbox:
            first = psutil.Process(sandbox.process.pid)
            return held(one.pid for one in (first, *first.children(recursive=True)))

    @contextmanager
    def _awake(self, way: str) -> Iterator[Sandbox]:
        """Having answered one request."""
        with socket.socket(socket.AF_UNIX) as listener:
            self.place.unlink(missing_ok=True)
            listener.bind(str(self.place))
            listener.listen(64)
            sandbox = self.launchers[way].start(self.spec, "serve", listener.fileno())
            try:
                if sandbox.warm != (way == "warm"):
                    raise AsideError(f"not {way}: {self.launchers[way].not_warm}")
                sandbox.hurry()
                once(Target(self.place, self.spec.origin.partition("//")[2], "/"))
                yield sandbox
            finally:
                sandbox.close()


@contextmanager
def aside(stack: Stack, name: str) -> Iterator[Aside]:
    """A twin of Bontang's plugin ``name`` with data of its own, migrated. Raises AsideError."""
    settings = stack.settings
    tables = Store(settings, secrets.open_vault(settings.secrets))
    spec = tables.run_spec(_serving(tables, name))
    tables.close()
    spec = replace(spec, deployment=spec.deployment + APART, outside=None)
    groups = limits.open_cgroups("lumbung-bench")
    serving = Serving(secrets.public_key(settings.secrets), idle_seconds=0)
    bases = {"warm": base_of, "plain": no_base}
    launchers = {way: Launcher(settings.data, serving, groups, settings.run / "outside", bases[way]) for way in WAYS}
    paths = DeploymentPaths(settings.data, spec.deployment)
    Data(paths, spec.uid if launchers["warm"].own_users else None).prepare()
    made = Aside(launchers, replace(spec, data=paths.data), settings.run / f"{name}-aside.sock")
    try:
        if not launchers["warm"].wait_warm(spec.environment, PATIENCE):
            raise AsideError(f"no zygote: {launchers['warm'].not_warm}")
        _migrate(made)
        yield made
    finally:
        launchers["warm"].close()
        groups.sweep()


def _serving(tables: Store, name: str) -> int:
    """The id of the revision that serves."""
    found = next((row.revision for row in tables.desired() if (row.city, row.name) == (CITY, name)), None)
    if found is None:
        raise AsideError(f"{name} serves nothing")
    return found


def _migrate(made: Aside) -> None:
    if not made.spec.manifest.migrate:
        return
    sandbox = made.launchers["plain"].start(made.spec, "migrate")
    try:
        code = sandbox.process.wait(PATIENCE)
    finally:
        sandbox.close()
    if code:
        raise AsideError(f"the migration of {made.spec.name} ended with {code}")


def held(processes: Iterable[int]) -> Held:
    private = shared = 0
    for process in processes:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        sizes = {name: int(size) * 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.M)}
        private += sizes["Private_Clean"] + sizes["Private_Dirty"]
        shared += sizes["Pss"]
    return Held(private, shared)
