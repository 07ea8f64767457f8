"""One switch from revision A to revision B: snapshot, migrate, probe, commit, or everything back as it was.

Runs in a thread of its own after the host has drained A. Each step is written before it is done; whatever
kills this process, `resume` of the next one brings the deployment to A or to B, never between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import structlog

from registry.config import Settings
from registry.core.secrets import SecretUnreadableError
from registry.host import words
from registry.host.copying import TooDeepError
from registry.host.holdings import Holdings, Keeper, NoServerError
from registry.host.logs import PluginLog
from registry.host.probe import HostLeavingError, RefusedError, Trial, private_socket
from registry.host.rules import Course, course
from registry.host.spawn import Launcher, StartError
from registry.host.store import Store, Switch
from registry.hosting.plain import DeploymentPaths, RunSpec, SwitchStep

logger = structlog.get_logger("lumbung.host")

FAULTS = (OSError, RecursionError, TooDeepError, SecretUnreadableError, KeyError, TypeError, ValueError)
"""What a full disk, a hostile data folder or a broken row raise."""


@dataclass(frozen=True)
class Switcher:
    """Performs switches. ``leaving`` is set when the host stops: open steps are then left to its successor.

    ``admit`` lets visitors of a deployment (by id) come and wait: who reads that it serves is not turned away.
    """

    settings: Settings
    stores: Keeper
    launcher: Launcher
    leaving: threading.Event
    admit: Callable[[int], None]

    def perform(self, store: Store, switch: Switch) -> None:
        """From a drained A to B, or back to A. Raises psycopg.Error when the end could not be written."""
        paths = DeploymentPaths(self.settings.data, switch.deployment)
        log = PluginLog(paths.plugin_log)
        try:
            self._forward(store, switch, log)
        except HostLeavingError:
            logger.info("switch left open", switch=switch.id)
        except psycopg.Error as error:
            logger.warning("switch lost the database", switch=switch.id, error=str(error))
            self.resume(store, switch)
        except RefusedError as refusal:
            self._back(store, switch, words.say(refusal.word, switch.locale, refusal.detail), log.tail)
        except StartError as error:
            self._back(store, switch, words.say("start", switch.locale, error), log.tail)
        except FAULTS as error:
            logger.exception("switch failed", switch=switch.id)
            self._back(store, switch, words.say("unexpected", switch.locale, error), log.tail)

    def resume(self, store: Store, switch: Switch) -> None:
        """Close a switch somebody else left open, whatever its step; safe to repeat."""
        if course(store.step_of(switch)) in (Course.REVERT_STEP, Course.REVERT_DATA):
            self._back(store, switch, words.say("interrupted", switch.locale), "")

    def _forward(self, store: Store, switch: Switch, log: PluginLog) -> None:
        files = self.stores.of(switch.deployment)
        store.begin_step(switch, SwitchStep.SNAPSHOT, "copying")
        spec = store.run_spec(switch.new_id)
        files.prepare()
        log.note(f"revision {switch.old or 'none'} -> {switch.new} ({spec.version})")
        _snapshot(files, switch)
        store.begin_step(switch, SwitchStep.MIGRATING, "migrating")
        self._migrate(files, switch, spec, log)
        store.begin_step(switch, SwitchStep.PROBING, "probing")
        Trial(self.launcher, self.leaving).probe(spec, private_socket(self.settings, spec), log)
        self.admit(switch.deployment)
        store.commit(switch)
        log.note(f"revision {switch.new} is serving")
        files.keep_snapshots(store.snapshots(switch.deployment))

    def _migrate(self, files: Holdings, switch: Switch, spec: RunSpec, log: PluginLog) -> None:
        """Going back runs no migration: an older revision served before, and its own data is put back as it was."""
        if switch.old is None:
            files.empty()
        if switch.data_source:
            try:
                files.take_over(files.paths.home / switch.data_source)
            except FileNotFoundError:
                raise RefusedError("no_snapshot", switch.data_source) from None
        try:
            files.provide(spec.manifest)
        except NoServerError:
            raise RefusedError("no_server") from None
        served_before = switch.old is not None and switch.new < switch.old
        if spec.manifest.migrate and not served_before:
            Trial(self.launcher, self.leaving).migrate(spec, log)

    def _back(self, store: Store, switch: Switch, reason: str, log: str) -> None:
        """To A: its data from the snapshot when it may have been touched, then the words. Raises
        psycopg.Error.
        """
        found = course(store.step_of(switch))
        if found is Course.NOTHING:
            return
        step = SwitchStep.REVERTED
        if found is Course.REVERT_DATA:
            try:
                self._data_back(switch)
            except FAULTS as error:
                logger.exception("data not restored", switch=switch.id)
                step, reason = SwitchStep.FAILED, words.say("failed", switch.locale, error)
        store.revert(switch, step, reason, log)
        logger.warning("switch reverted", switch=switch.id, deployment=switch.deployment, reason=reason)

    def _data_back(self, switch: Switch) -> None:
        files = self.stores.of(switch.deployment)
        if switch.old is None:
            files.empty()
        else:
            files.restore(switch.old)


def _snapshot(files: Holdings, switch: Switch) -> None:
    if switch.old is None:
        return
    try:
        files.snapshot(switch.old)
    except (OSError, RecursionError, TooDeepError) as error:
        raise RefusedError("snapshot", error) from error
