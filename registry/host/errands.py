"""What the host does for a deployment besides running it: copies, drills, tasks, and removing it for good.

Runs in a thread of its own. An errand may be done again from its beginning at any time: what a killed host left half
done is replaced.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from registry.config import Settings
from registry.host import data, quota, store_errands, words
from registry.host.drilling import rehearsed
from registry.host.holdings import Keeper
from registry.host.logs import PluginLog
from registry.host.postgres import StoreError
from registry.host.probe import HostLeavingError, RefusedError, Trial, private_socket
from registry.host.spawn import Launcher, StartError
from registry.host.store import Store
from registry.host.store_errands import Errand
from registry.host.switch import FAULTS
from registry.hosting.plain import DeploymentPaths, ErrandKind, ErrandState, RunSpec

CHECK_SECONDS = 300
TASK_SECONDS = 600
LONGEST_TASK = 3600

_FOLDER = re.compile(r"(copies|incoming)/[a-z0-9-]{1,60}(/data)?")
_CALL = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", re.ASCII)

logger = structlog.get_logger("lumbung.host")

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Errands:
    """Performs errands. ``leaving`` is set when the host stops: open ones are then left to its successor."""

    settings: Settings
    stores: Keeper
    launcher: Launcher
    leaving: threading.Event

    def perform(self, tables: Store, errand: Errand) -> None:
        """To the end, and the end written. Raises psycopg.Error when it could not be written."""
        store_errands.begin(tables, errand)
        try:
            result, message = self._do(tables, errand)
            state = ErrandState.DONE
        except HostLeavingError:
            logger.info("errand left open", errand=errand.id)
            return
        except RefusedError as refusal:
            state, result, message = ErrandState.FAILED, {}, words.say(refusal.word, errand.locale, refusal.detail)
        except (StartError, *FAULTS) as error:
            logger.exception("errand failed", errand=errand.id)
            state, result, message = ErrandState.FAILED, {}, words.say("errand", errand.locale, error)
        store_errands.end(tables, errand, state, result, message)
        logger.info("errand over", errand=errand.id, kind=errand.kind, state=state)

    def _do(self, tables: Store, errand: Errand) -> tuple[Result, str]:
        """Its result, and words for the admin when there is something to say."""
        if errand.kind is ErrandKind.COPY:
            return self._copy(errand), ""
        if errand.kind is ErrandKind.DRILL:
            return self._drill(tables, errand)
        if errand.kind is ErrandKind.TASK:
            return self._task(tables, errand)
        return self._purge(errand), ""

    def _copy(self, errand: Errand) -> Result:
        target = self._folder(errand, "copies")
        try:
            dumped = self.stores.of(errand.deployment).copy_to(target)
        except FAULTS as error:
            raise RefusedError("copy", error) from error
        usage = data.measure(target)
        return {"bytes": usage.size + dumped, "files": usage.files, "revision": errand.revision}

    def _drill(self, tables: Store, errand: Errand) -> tuple[Result, str]:
        """The revision on a scratch copy, with no way out, on a socket nobody else knows."""
        began = time.monotonic()
        folder = self._folder(errand, "incoming")
        store = self.stores.of(errand.deployment)
        if not folder.is_dir():
            raise RefusedError("drill_missing", errand.argument["folder"])
        spec = tables.run_spec(int(errand.argument["revision"]))
        files = data.measure(folder).files
        try:
            with rehearsed(self.settings, store, spec, folder) as copied:
                integrity, sick = self._try(copied, errand.locale)
        except StoreError as error:
            integrity, sick = str(error.strerror), ""
        seconds = round(time.monotonic() - began, 1)
        result = {"healthy": not sick, "integrity": integrity, "files": files, "seconds": seconds}
        if integrity != "ok":
            return result, words.say("drill_damaged", errand.locale, integrity)
        return result, words.say("drill_sick", errand.locale, sick) if sick else ""

    def _try(self, spec: RunSpec, locale: str) -> tuple[str, str]:
        """What `PRAGMA integrity_check` says of every database, and why it did not serve (empty: it did)."""
        trial = Trial(self.launcher, self.leaving)
        log = PluginLog(DeploymentPaths(self.settings.data, spec.deployment).plugin_log.with_name("drill.log"))
        code = trial.watch(self.launcher.start(spec, "check"), log, CHECK_SECONDS)
        integrity = "ok" if code == 0 else log.tail[-500:] or f"exit {code}"
        try:
            trial.probe(spec, private_socket(self.settings, spec).with_suffix(".drill"), log)
        except RefusedError as refusal:
            return integrity, words.say(refusal.word, locale, refusal.detail)
        return integrity, ""

    def _task(self, tables: Store, errand: Errand) -> tuple[Result, str]:
        """In a sandbox of its own beside the plugin, on the same data."""
        if errand.off or errand.revision is None:
            raise RefusedError("task_off")
        call = str(errand.argument["call"])
        if not _CALL.fullmatch(call):
            raise ValueError(f"{call!r} is no module:function")
        seconds = min(max(int(errand.argument.get("seconds") or TASK_SECONDS), 1), LONGEST_TASK)
        began = time.monotonic()
        log = PluginLog(DeploymentPaths(self.settings.data, errand.deployment).plugin_log)
        log.note(f"task {errand.argument.get('name') or call} begins")
        spec = tables.run_spec(errand.revision)
        sandbox = self.launcher.start(spec, "task", call=call)
        guard = quota.Guard(spec.data, spec.limits)
        code = Trial(self.launcher, self.leaving).watch(sandbox, log, seconds, guard)
        result = {"exit": code, "seconds": round(time.monotonic() - began, 1), "tail": log.tail}
        if code is None:
            return result, words.say("task_slow", errand.locale, seconds)
        return result, words.say("task_failed", errand.locale, code) if code else ""

    def _purge(self, errand: Errand) -> Result:
        if not errand.off:
            raise RefusedError("purge_on")
        self.stores.of(errand.deployment).purge()
        shutil.rmtree(self.settings.outside(errand.deployment), ignore_errors=True)
        return {}

    def _folder(self, errand: Errand, parent: str) -> Path:
        """A folder of the deployment's own, named by the registry. Raises ValueError."""
        name = str(errand.argument["folder"])
        if not _FOLDER.fullmatch(name) or not name.startswith(f"{parent}/"):
            raise ValueError(f"{name!r} is not a folder of {parent}")
        return DeploymentPaths(self.settings.data, errand.deployment).home / name
