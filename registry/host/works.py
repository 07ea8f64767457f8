"""Switches and errands under way: at most one per deployment, each in a thread of a pool, begun when nothing of the
plugin runs that could be in its way. Provings belong to no deployment and have a thread of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import psycopg
import structlog

from registry.config import Settings
from registry.host import store_errands, store_provings
from registry.host.errands import Errands
from registry.host.holdings import Keeper
from registry.host.provings import Provings
from registry.host.reactor import Call, Reactor
from registry.host.rules import Course, course
from registry.host.runner import Runner
from registry.host.spawn import Launcher
from registry.host.store import Desired, Store, Switch
from registry.host.store_errands import Errand
from registry.host.store_provings import Proving
from registry.host.switch import Switcher
from registry.hosting.plain import DeploymentState, ErrandKind, SwitchStep

AT_ONCE = 4
"""Of each kind: a city's long task never stands before another city's switch."""
TRY_AGAIN = 3.0
ADMIT_SECONDS = 5.0

logger = structlog.get_logger("lumbung.host")


class Works:
    """Lives in the reactor's thread, the work itself in others. ``changed`` asks for a reconcile."""

    def __init__(
        self,
        settings: Settings,
        reactor: Reactor,
        launcher: Launcher,
        stores: Keeper,
        tables: Store,
        runner: Runner,
        changed: Call,
    ) -> None:
        self.leaving = threading.Event()
        self._reactor = reactor
        self._tables = tables
        self._runner = runner
        self._changed = changed
        self._switcher = Switcher(settings, stores, launcher, self.leaving, self._admit)
        self._errands = Errands(settings, stores, launcher, self.leaving)
        self._switch_pool = ThreadPoolExecutor(AT_ONCE, "switch")
        self._errand_pool = ThreadPoolExecutor(AT_ONCE, "errand")
        self._halting = threading.Event()
        self._provings = Provings(settings, launcher, self._halting)
        self._proving_pool = ThreadPoolExecutor(1, "proving")
        self._proving: set[int] = set()
        self._busy: set[int] = set()
        self._resting = False

    @property
    def busy(self) -> bool:
        return bool(self._busy or self._proving)

    def take_up(self, rows: Mapping[int, Desired]) -> None:
        """Begin what is open and whose deployment has nothing else under way; switches first."""
        if self._resting:
            return
        for switch in self._tables.open_switches():
            if switch.deployment in rows and switch.deployment not in self._busy:
                self._begin_switch(switch, rows[switch.deployment])
        for errand in store_errands.open_errands(self._tables):
            if errand.deployment in rows and errand.deployment not in self._busy:
                self._begin_errand(errand, rows[errand.deployment])
        for proving in store_provings.open_provings(self._tables):
            if proving.id not in self._proving:
                self._begin_proving(proving)

    def rest(self) -> None:
        """Begin nothing more; what is under way goes on. Only provings, which nobody's plugin waits for, break off."""
        self._resting = True
        self._halting.set()

    def break_off(self) -> None:
        """What is under way ends at the next place where it can be taken up again."""
        self.rest()
        self.leaving.set()
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """`break_off`, and every thread has ended."""
        self.break_off()
        for pool in self._pools:
            pool.shutdown(wait=True)

    @property
    def _pools(self) -> tuple[ThreadPoolExecutor, ...]:
        return self._switch_pool, self._errand_pool, self._proving_pool

    def _begin_switch(self, switch: Switch, row: Desired) -> None:
        """Begin an open switch, or close one that a killed host left half way; connections wait meanwhile."""
        work = self._switcher.resume
        if course(switch.step) is Course.BEGIN:
            self._tables.begin_step(switch, SwitchStep.DRAINING, "draining")
            work = self._switcher.perform
        self._busy.add(switch.deployment)
        self._runner.hold(row, lambda: self._submit(self._switch_pool, lambda: self._work_switch(switch, work)))

    def _begin_errand(self, errand: Errand, row: Desired) -> None:
        self._busy.add(errand.deployment)
        warm = self._runner.status(row.id).state is DeploymentState.RUNNING

        def work() -> None:
            self._submit(self._errand_pool, lambda: self._work_errand(errand, warm))

        if errand.kind is ErrandKind.COPY:
            self._runner.hold(row, work)
        elif errand.kind is ErrandKind.PURGE:
            self._runner.stop(errand.deployment, work) if errand.off else work()
        else:
            work()

    def _begin_proving(self, proving: Proving) -> None:
        self._proving.add(proving.id)
        self._submit(self._proving_pool, lambda: self._work_proving(proving))

    def _work_proving(self, proving: Proving) -> None:
        self._work(lambda tables: self._provings.perform(tables, proving), proving=proving.id)
        self._reactor.soon(lambda: self._proving.discard(proving.id))

    def _submit(self, pool: ThreadPoolExecutor, work: Call) -> None:
        if not self.leaving.is_set():
            pool.submit(work)

    def _work_switch(self, switch: Switch, work: Callable[[Store, Switch], None]) -> None:
        self._work(lambda tables: work(tables, switch), switch=switch.id)
        self._reactor.soon(lambda: self._switched(switch))

    def _work_errand(self, errand: Errand, warm: bool) -> None:
        done = self._work(lambda tables: self._errands.perform(tables, errand), errand=errand.id)
        self._reactor.soon(lambda: self._returned(errand, warm, done))

    def _work(self, work: Callable[[Store], None], **told: int) -> bool:
        """Whether it came to an end; if not, it is open still and a later reconcile takes it up again."""
        tables = self._tables.fresh()
        try:
            work(tables)
            return True
        except psycopg.Error as error:
            logger.warning("work waits for the database", error=str(error).strip(), **told)
        except Exception:
            logger.exception("work broke", **told)
        finally:
            tables.close()
        return False

    def _admit(self, deployment: int) -> None:
        """In the switch's thread; over when visitors of an enabled one may come, or after a while."""
        admitted = threading.Event()

        def admit() -> None:
            found, row = self._row(deployment, lambda: None)
            if found and row is not None and row.admits:
                self._runner.admit(row)
            admitted.set()

        self._reactor.soon(admit)
        admitted.wait(ADMIT_SECONDS)

    def _switched(self, switch: Switch) -> None:
        """The switch is closed, or left open for the next reconcile: only the tables know."""
        found, row = self._row(switch.deployment, lambda: self._switched(switch))
        if not found:
            return
        self._busy.discard(switch.deployment)
        if row is None or row.switching:
            return
        if row.state == DeploymentState.CRASHED:
            self._runner.condemn(row.id, row.message)
        else:
            taken = row.revision == switch.new_id
            if taken:
                self._runner.pardon(row.id)
            self._runner.release(row, warm=taken)
        self._changed()

    def _returned(self, errand: Errand, warm: bool, done: bool) -> None:
        """The errand is over; whoever was held for it goes on, and awake if it was awake."""
        found, row = self._row(errand.deployment, lambda: self._returned(errand, warm, done))
        if not found:
            return
        self._busy.discard(errand.deployment)
        if row is not None and errand.kind is ErrandKind.COPY:
            self._runner.release(row, warm)
        if done:
            self._changed()

    def _row(self, deployment: int, again: Call) -> tuple[bool, Desired | None]:
        """What the tables want now; without the database it is asked ``again`` later."""
        try:
            return True, next(iter(self._tables.desired([deployment])), None)
        except psycopg.Error as error:
            logger.warning("database away", error=str(error).strip())
            self._reactor.later(TRY_AGAIN, again)
            return False, None
