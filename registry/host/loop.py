"""The host process: makes what runs equal to what the tables want, again and again.

Woken by NOTIFY and every few seconds anyway, it compares and acts on the difference only, so a lost
message, a lost database or its own death costs time and nothing else. Plugins it has met go on being served
while the database is away.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import structlog

from registry.config import Settings
from registry.core.secrets import SecretUnreadableError
from registry.host import data, database, words
from registry.host.plugin import LEAVE_SECONDS, Plugin
from registry.host.reactor import Reactor
from registry.host.rules import Course, course
from registry.host.spawn import Launcher
from registry.host.store import Desired, Store, Switch
from registry.host.surroundings import RevisionUnreadableError, Surroundings
from registry.host.switch import Switcher
from registry.hosting.plain import FIRST_UID, DeploymentPaths, DeploymentState, RunSpec, SwitchStep

RECONCILE_SECONDS = 3.0
BEAT_SECONDS = 5.0
MEASURE_SECONDS = 60.0
SWITCHES_AT_ONCE = 4

logger = structlog.get_logger("lumbung.host")


class Host:
    """All state of one host; everything but the switches happens in the thread that calls `run`."""

    def __init__(self, settings: Settings, tables: Store, launcher: Launcher, facts: dict[str, object]) -> None:
        self._settings = settings
        self._tables = tables
        self._facts = facts
        self._reactor = Reactor()
        self._launcher = launcher
        self._leaving = threading.Event()
        self._switcher = Switcher(settings, launcher, self._leaving)
        self._pool = ThreadPoolExecutor(SWITCHES_AT_ONCE, "switch")
        self._scales = ThreadPoolExecutor(1, "measure")
        self._around = Surroundings(self._reactor, launcher, self._spec, self._changed)
        self._plugins: dict[int, Plugin] = {}
        self._working: set[int] = set()
        self._specs: dict[int, RunSpec] = {}
        self._over: dict[int, str] = {}
        self._weighing: set[int] = set()
        self._told: dict[int, str] = {}
        self._ear: psycopg.Connection[Any] | None = None
        self._due = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then every sandbox is asked to finish and leave."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._reactor.stop())
        signal.set_wakeup_fd(self._reactor.waker, warn_on_full_buffer=False)
        self._every(RECONCILE_SECONDS, self._reconcile)
        self._every(BEAT_SECONDS, lambda: self._tables.beat(socket.gethostname(), self._facts))
        self._every(MEASURE_SECONDS, self._measure)
        self._reactor.run()
        self._leave()

    def _every(self, seconds: float, work: Callable[[], None]) -> None:
        self._reactor.later(seconds, lambda: self._every(seconds, work))
        self._patiently(work)

    def _patiently(self, work: Callable[[], None]) -> None:
        """Work that may be skipped while the database is away: it is repeated anyway."""
        try:
            work()
        except (psycopg.Error, RevisionUnreadableError) as error:
            logger.warning("not done", error=str(error).strip())

    def _changed(self) -> None:
        """Reconcile at the next turn, once however often this is asked."""
        if not self._due:
            self._due = True
            self._reactor.soon(self._reconcile_now)

    def _reconcile_now(self) -> None:
        self._due = False
        self._patiently(self._reconcile)

    def _reconcile(self) -> None:
        if self._leaving.is_set():
            return
        self._listen()
        rows = self._tables.desired()
        for row in rows:
            self._plugin(row)
            self._agree(row)
        for gone in self._plugins.keys() - {row.id for row in rows}:
            self._plugins.pop(gone).close()
        serving = {row.id: row.revision if row.enabled else None for row in rows}
        for revision in self._specs.keys() - set(serving.values()):
            del self._specs[revision]
        for switch in self._tables.open_switches():
            if switch.deployment in serving:
                self._take_up(switch, serving[switch.deployment])

    def _listen(self) -> None:
        if self._ear is None:
            self._ear = database.listen(self._settings)
            descriptor = self._ear.fileno()
            self._reactor.watch(descriptor, lambda: self._hear(descriptor))

    def _hear(self, descriptor: int) -> None:
        if self._ear is None:
            return
        try:
            for _ in self._ear.notifies(timeout=0):
                self._changed()
        except psycopg.Error:
            self._reactor.unwatch(descriptor)
            self._ear.close()
            self._ear = None

    def _plugin(self, row: Desired) -> Plugin:
        if row.id not in self._plugins:
            owner = FIRST_UID + row.id if self._launcher.own_users else None
            files = data.Store(DeploymentPaths(self._settings.data, row.id), owner)
            place = self._settings.plugin_socket(row.city, row.name)
            self._settings.outside(row.id).mkdir(mode=0o711, parents=True, exist_ok=True)
            plugin = Plugin(self._around, row.id, place, files, row.locale)
            plugin.failures, plugin.crashed = row.failures, row.state == DeploymentState.CRASHED
            plugin.message = row.message if plugin.crashed else ""
            self._plugins[row.id], self._told[row.id] = plugin, row.state
        return self._plugins[row.id]

    def _agree(self, row: Desired) -> None:
        """Bring one plugin to what its row wants, and the row to what the plugin is."""
        plugin = self._plugins[row.id]
        if row.switching or plugin.held or row.id in self._working:
            return
        reset = plugin.crashed and self._told[row.id] == DeploymentState.CRASHED != row.state
        if plugin.crashed and (reset or not row.enabled):
            plugin.reset()
        if row.enabled and row.revision is not None:
            plugin.serve(row.revision)
        else:
            plugin.close()
        message = plugin.message or self._over.get(row.id, "")
        if (plugin.state, message, plugin.failures) != (row.state, row.message, row.failures):
            self._tables.report(row.id, plugin.state, message, plugin.failures)
        self._told[row.id] = plugin.state

    def _spec(self, revision: int) -> RunSpec:
        """A revision never changes, so it is read once: a sleeping plugin wakes without the database."""
        if revision not in self._specs:
            try:
                self._specs[revision] = self._tables.run_spec(revision)
            except (psycopg.Error, SecretUnreadableError) as error:
                raise RevisionUnreadableError(str(error).strip()) from error
        return self._specs[revision]

    def _take_up(self, switch: Switch, serving: int | None) -> None:
        """Begin an open switch, or close one that a killed host left half way; connections wait meanwhile."""
        if switch.deployment in self._working or self._leaving.is_set():
            return
        work = self._switcher.resume
        if course(switch.step) is Course.BEGIN:
            self._tables.begin_step(switch, SwitchStep.DRAINING, "draining")
            work = self._switcher.perform
        self._working.add(switch.deployment)
        plugin = self._plugins[switch.deployment]
        plugin.hold(serving, lambda: self._submit(switch, work))

    def _submit(self, switch: Switch, work: Callable[[Store, Switch], None]) -> None:
        if not self._leaving.is_set():
            self._pool.submit(self._work, switch, work)

    def _work(self, switch: Switch, work: Callable[[Store, Switch], None]) -> None:
        tables = self._tables.fresh()
        try:
            work(tables, switch)
        except psycopg.Error as error:
            logger.warning("switch waits for the database", switch=switch.id, error=str(error).strip())
        except Exception:
            logger.exception("switch broke", switch=switch.id)
        finally:
            tables.close()
            self._reactor.soon(lambda: self._worked(switch))

    def _worked(self, switch: Switch) -> None:
        """The switch is closed, or left open for the next reconcile: only the tables know."""
        self._working.discard(switch.deployment)
        try:
            row = next((row for row in self._tables.desired() if row.id == switch.deployment), None)
        except psycopg.Error as error:
            logger.warning("database away", error=str(error).strip())
            self._reactor.later(RECONCILE_SECONDS, lambda: self._worked(switch))
            return
        if row is None or row.switching:
            return
        plugin = self._plugins[row.id]
        if row.state == DeploymentState.CRASHED:
            plugin.held = False
            plugin.give_up(row.message)
        elif row.revision == switch.new_id:
            plugin.reset()
            plugin.release(row.revision if row.enabled else None, warm=row.enabled)
        else:
            plugin.release(row.revision if row.enabled else None, warm=False)
        self._told[row.id] = row.state
        self._changed()

    def _measure(self) -> None:
        """Compare each plugin's data with its limit. Counting may take long, so in a pool of its own, where no switch
        waits for it, and never twice at once.
        """
        for row in self._tables.desired():
            if row.revision is not None and row.id in self._plugins and row.id not in self._weighing:
                spec = self._spec(row.revision)
                self._weighing.add(row.id)
                self._scales.submit(self._weigh, row.id, row.locale, spec)

    def _weigh(self, deployment: int, locale: str, spec: RunSpec) -> None:
        try:
            usage = data.measure(spec.data)
        finally:
            self._weighing.discard(deployment)
        if usage.size > spec.limits.disk or not usage.complete:
            self._over[deployment] = words.say("disk", locale, words.megabytes(usage.size))
        else:
            self._over.pop(deployment, None)

    def _leave(self) -> None:
        self._leaving.set()
        for plugin in self._plugins.values():
            plugin.close()
        limit = self._reactor.later(LEAVE_SECONDS + 3, lambda: None)
        while limit.call is not None and any(plugin.running for plugin in self._plugins.values()):
            self._reactor.turn(0.5)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._scales.shutdown(wait=False, cancel_futures=True)
        self._tables.close()
