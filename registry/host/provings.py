"""A bundle's own tests, run in a sandbox of their own: an errand of no deployment.

They are a stranger's code, so every wall of a plugin stands around them, and narrower ones: a user and a folder of
their own, both used by nobody else; no network, no socket to the gateway, no city's data, configuration or key; bounds
of their own; one run at a time, beside switches and errands and never in their place. The folder is there only while
they run. A run that a killed host left is begun anew, at most `MOST_ATTEMPTS` times.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from registry.config import Settings
from registry.core.stage import PathUnreachableError
from registry.host import data, quota, store_provings
from registry.host.limits import Group
from registry.host.order import memory
from registry.host.probe import HostLeavingError, RefusedError, Trial
from registry.host.proved import Heard, Proved, judge
from registry.host.spawn import Launcher, StartError
from registry.host.store import Store
from registry.host.store_provings import Proving
from registry.hosting.plain import FIRST_UID, PROVER, City, DeploymentPaths, Limits, Manifest, ProvingState, RunSpec

SECONDS = 300
LIMITS = Limits(memory=512 * 2**20, cpu=1.0, disk=512 * 2**20, processes=512, files=20_000)
"""Tests of a crowd start a thread for each of its people: more processes than a plugin may have."""
MOST_ATTEMPTS = 3
_NAME = re.compile(r"[0-9a-f]{32,64}")

logger = structlog.get_logger("lumbung.host")


@dataclass(frozen=True)
class Provings:
    """Performs provings, one at a time. ``leaving`` is set when the host stops: an open one is left to its
    successor.
    """

    settings: Settings
    launcher: Launcher
    leaving: threading.Event

    def perform(self, tables: Store, proving: Proving) -> None:
        """To the end, and the end written. Raises psycopg.Error when it could not be written."""
        if self.leaving.is_set():
            return
        if proving.attempts >= MOST_ATTEMPTS:
            store_provings.end(tables, proving, _broken("host"), 0.0, "")
            return
        store_provings.begin(tables, proving)
        began = time.monotonic()
        heard = Heard(secrets.token_hex(16))
        try:
            found = self._run(proving, heard)
        except HostLeavingError:
            store_provings.put_back(tables, proving)
            logger.info("proving left open", proving=proving.id)
            return
        except (StartError, OSError, ValueError, PathUnreachableError) as error:
            logger.exception("proving failed", proving=proving.id)
            found = _broken("start", str(error)[:300])
        store_provings.end(tables, proving, found, time.monotonic() - began, heard.log)
        logger.info("proving over", proving=proving.id, tree=proving.tree, state=found.state, reason=found.reason)

    def _run(self, proving: Proving, heard: Heard) -> Proved:
        seconds = int(self.settings.extra.get("proving_seconds", SECONDS))
        with self._scratch() as folder, _given(heard.secret) as secret:
            guard = Guard(folder, LIMITS)
            sandbox = self.launcher.start(self._spec(proving, folder), "prove", listener=secret)
            try:
                code = Trial(self.launcher, self.leaving).watch(sandbox, heard, seconds, guard)
            except RefusedError:
                return _broken("disk", str(LIMITS.disk >> 20))
        return _broken("slow", str(seconds)) if code is None else judge(heard, guard.killed > 0)

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A data folder that holds nothing and is gone afterwards."""
        paths = DeploymentPaths(self.settings.data, PROVER)
        store = data.Store(paths, FIRST_UID + PROVER if self.launcher.own_users else None)
        store.purge()
        store.prepare()
        try:
            yield paths.data
        finally:
            store.purge()

    def _spec(self, proving: Proving, folder: Path) -> RunSpec:
        """Raises ValueError for names that are none of ours."""
        if not (_NAME.fullmatch(proving.tree) and _NAME.fullmatch(proving.environment)):
            raise ValueError(f"proving {proving.id} names no tree or environment")
        builds = self.settings.data / "builds"
        return RunSpec(
            deployment=PROVER,
            name="tests",
            city=City("00.00", "tests", "Kota Uji", timezone="UTC"),
            origin="http://tests.tests.localhost",
            revision=0,
            version="",
            manifest=Manifest("none:none"),
            limits=LIMITS,
            code=builds / "code" / proving.tree,
            environment=builds / "env" / proving.environment,
            data=folder,
        )


class Guard(quota.Guard):
    """Counts, besides, what was ended for taking too much memory."""

    killed = 0

    def over(self, group: Group) -> int | None:
        self.killed = max(self.killed, group.use().killed)
        return super().over(group)


@contextmanager
def _given(secret: str) -> Iterator[int]:
    """A descriptor that reads as ``secret``, once the shim has taken it nobody's any more."""
    descriptor = memory("secret", secret.encode())
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _broken(reason: str, detail: str = "") -> Proved:
    return Proved(ProvingState.BROKEN, reason, detail)
