"""The host process: makes what runs equal to what the tables want, again and again.

Woken by NOTIFY and every few seconds anyway, it compares and acts on the difference only, so a lost
message, a lost database or its own death costs time and nothing else. Plugins it has met go on being served
while the database is away.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

import psycopg
import structlog

from registry.config import Settings
from registry.host import database, handover, holdings, orphans, pgwatch, store_errands
from registry.host.domains import Domains
from registry.host.facts import AGAIN_SECONDS, Facts, Found
from registry.host.handover import Handover
from registry.host.local import LocalRunner
from registry.host.meter import Meter
from registry.host.reactor import Call, Reactor
from registry.host.renewal import Renewal
from registry.host.runner import Status
from registry.host.signed_out import SignedOut
from registry.host.spawn import Launcher
from registry.host.stay import LEAVE_SECONDS
from registry.host.store import Desired, Store
from registry.host.surroundings import RevisionUnreadableError
from registry.host.works import Works
from registry.hosting.plain import DeploymentState

RECONCILE_SECONDS = 3.0
BEAT_SECONDS = 5.0

logger = structlog.get_logger("lumbung.host")


class Host:
    """All state of one host; everything but switches and errands happens in the thread that calls `run`."""

    def __init__(
        self,
        settings: Settings,
        tables: Store,
        launcher: Launcher,
        found: Found,
        lock: int,
        predecessor: Handover | None = None,
    ) -> None:
        """``lock`` is the descriptor that makes this the only host here; it is handed on with what runs."""
        self._settings = settings
        self._tables = tables
        self._launcher = launcher
        self._lock = lock
        self._predecessor = predecessor
        self._reactor = Reactor()
        self._meter = Meter(settings, self._reactor.soon, self._restrict)
        self._runner = LocalRunner(settings, self._reactor, launcher, tables, self._look_at, self._meter)
        stores = holdings.keeper(settings, launcher.own_users)
        self._found, self._stores = found, stores.offered
        self._works = Works(settings, self._reactor, launcher, stores, tables, self._runner, self._changed)
        self._pgwatch = pgwatch.Watch(settings, stores.server)
        self._renewal = Renewal(self._reactor, self._works, self._renew)
        self._domains = Domains(settings.run / "domains")
        self._signed_out = SignedOut(settings)
        self._known: set[int] = set()
        self._told: dict[int, str] = {}
        self._ear: psycopg.Connection[Any] | None = None
        self._orphans: set[int] = set()
        self._suspect: set[int] = set()
        self._due = self._leaving = False
        self._successor: Call | None = None

    def hear(self) -> None:
        """From now on SIGTERM and SIGINT end `run`; then every sandbox is asked to finish and leave. SIGHUP: go on as
        the program now on disk, without stopping anything.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._reactor.stop())
        signal.signal(signal.SIGHUP, lambda *_: self._reactor.soon(self._renewal.begin))
        signal.set_wakeup_fd(self._reactor.waker, warn_on_full_buffer=False)
        handover.hear()

    def run(self) -> None:
        """Until it is ended, or goes on as another program."""
        self._meter.start()
        self._pgwatch.start()
        if self._predecessor is not None:
            self._runner.take_over(self._predecessor.plugins)
        self._every(RECONCILE_SECONDS, self._reconcile)
        self._every(BEAT_SECONDS, lambda: self._tables.beat(socket.gethostname(), self._facts()))
        self._reactor.later(AGAIN_SECONDS, lambda: self._every(AGAIN_SECONDS, self._found.look_again))
        self._every(BEAT_SECONDS, self._collect)
        self._reactor.run()
        if self._successor is not None:
            self._successor()
        self._leave()

    def _facts(self) -> Facts:
        return {**self._found.told(), "stores": self._stores}

    def _every(self, seconds: float, work: Callable[[], None]) -> None:
        self._reactor.later(seconds, lambda: self._every(seconds, work))
        self._patiently(work)

    def _patiently(self, work: Callable[[], None]) -> None:
        """Work that may be skipped while the database is away: it is repeated anyway."""
        try:
            work()
        except (psycopg.Error, RevisionUnreadableError) as error:
            logger.warning("not done", error=str(error).strip())

    def _collect(self) -> None:
        self._orphans = orphans.collect(self._orphans)

    def _restrict(self, deployment: int, read_only: bool, note: str) -> None:
        self._runner.restrict(deployment, read_only, note)

    def _look_at(self, deployment: int) -> None:
        """Compare this one at the next turn: with many deployments, all of them take too long for every wake."""
        if not self._suspect:
            self._reactor.soon(lambda: self._patiently(self._agree_some))
        self._suspect.add(deployment)

    def _agree_some(self) -> None:
        suspect, self._suspect = self._suspect, set()
        for row in [] if self._leaving else self._tables.desired(suspect):
            self._agree(row)

    def _changed(self) -> None:
        """Reconcile at the next turn, once however often this is asked."""
        if not self._due:
            self._due = True
            self._reactor.soon(self._reconcile_now)

    def _reconcile_now(self) -> None:
        self._due = False
        self._patiently(self._reconcile)

    def _reconcile(self) -> None:
        if self._leaving:
            return
        self._listen()
        rows = {row.id: row for row in self._tables.desired()}
        for row in rows.values():
            self._agree(row)
        for gone in self._known - rows.keys():
            self._runner.forget(gone)
            self._signed_out.forget(gone)
        self._known = set(rows)
        self._runner.forget_specs({row.serves for row in rows.values() if row.serves is not None})
        self._domains.agree(store_errands.domains(self._tables))
        with self._tables.transaction() as cursor:
            self._signed_out.agree(cursor, rows.values())
        self._works.take_up(rows)

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

    def _agree(self, row: Desired) -> None:
        """Bring one plugin to what its row wants, and the row to what the plugin is."""
        status = self._runner.status(row.id)
        if row.switching or status.held:
            return
        self._revive(row, status)
        if row.serves is not None:
            self._runner.ensure(row)
        else:
            self._runner.stop(row.id)
        status = self._runner.status(row.id)
        state = DeploymentState.MAINTENANCE if row.enabled and row.maintenance and row.revision else status.state
        if (state, status.message, status.failures) != (row.state, row.message, row.failures):
            self._tables.report(row.id, state, status.message, status.failures)
        self._told[row.id] = state

    def _revive(self, row: Desired, status: Status) -> None:
        """An admin who switches a crashed plugin off, or on again, gives it another chance."""
        if status.state is not DeploymentState.CRASHED:
            return
        reset = self._told.get(row.id) == DeploymentState.CRASHED != row.state
        if reset or not row.enabled:
            self._runner.pardon(row.id)

    def _renew(self, understood: bool) -> None:
        """Change places with the program on disk; one that would not understand begins with nothing."""
        self._successor = self._hand_on if understood else self._begin_anew
        self._reactor.stop()

    def _hand_on(self) -> None:
        self._meter.close()
        self._pgwatch.close()
        self._tables.close()
        self._launcher.close()
        logger.info("the host goes on as its successor")
        handover.become_successor(Handover(self._lock, self._facts(), self._runner.keep()))

    def _begin_anew(self) -> None:
        self._leave()
        handover.become_successor(None)

    def _leave(self) -> None:
        self._leaving = True
        self._works.rest()
        self._runner.close()
        limit = self._reactor.later(LEAVE_SECONDS + 3, lambda: None)
        while limit.call is not None and self._runner.running:
            self._reactor.turn(0.5)
        self._works.close()
        self._meter.close()
        self._launcher.close()
        self._tables.close()
