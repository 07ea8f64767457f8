"""The runner of one machine: a bubblewrap sandbox per awake plugin, its socket held open by this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from registry.config import Settings
from registry.core import tails
from registry.core.secrets import SecretUnreadableError
from registry.host import data
from registry.host.handover import Kept
from registry.host.plugin import Plugin
from registry.host.reactor import Call, Reactor
from registry.host.runner import Status
from registry.host.spawn import Launcher
from registry.host.store import Desired, Store
from registry.host.surroundings import DatabaseAwayError, Meter, NoMeter, RevisionUnreadableError, Surroundings
from registry.host.turns import Bounds, Turns
from registry.hosting.plain import DeploymentPaths, DeploymentState, RunSpec

ASK_AGAIN = 0.9
"""Seconds a database that was away is left alone at least: less than a plugin's own pause."""


class LocalRunner:
    """A `registry.host.runner.Runner`; lives in the reactor's thread. ``changed`` asks for a look at one's `status`."""

    def __init__(
        self,
        settings: Settings,
        reactor: Reactor,
        launcher: Launcher,
        tables: Store,
        changed: Callable[[int], None],
        meter: Meter | None = None,
    ) -> None:
        self._settings = settings
        self._tables = tables
        self._stores = data.Stores(settings.data, launcher.own_users)
        turns = Turns(reactor, Bounds.of(settings.extra))
        self._around = Surroundings(reactor, launcher, self.spec, changed, turns, meter or NoMeter())
        self._plugins: dict[int, Plugin] = {}
        self._specs: dict[int, RunSpec] = {}
        self._away_until = 0.0

    def ensure(self, wanted: Desired) -> None:
        plugin = self._met(wanted)
        if wanted.serves is not None:
            plugin.serve(wanted.serves, wanted.pinned)

    def stop(self, deployment: int, then: Call | None = None) -> None:
        plugin = self._plugins.get(deployment)
        if plugin is not None:
            plugin.close(then)
        elif then is not None:
            self._around.reactor.soon(then)

    def status(self, deployment: int) -> Status:
        plugin = self._plugins.get(deployment)
        if plugin is None:
            return Status(DeploymentState.OFF, "", 0, held=False)
        return Status(plugin.state, plugin.remark.text, plugin.failures, plugin.held)

    def logs(self, deployment: int, lines: int) -> list[str]:
        return tails.newest_lines(DeploymentPaths(self._settings.data, deployment).plugin_log, lines)

    def hold(self, wanted: Desired, then: Call) -> None:
        self._met(wanted).hold(wanted.serves, then)

    def admit(self, wanted: Desired) -> None:
        self._met(wanted).admit()

    def release(self, wanted: Desired, warm: bool) -> None:
        self._met(wanted).release(wanted.serves, wanted.pinned, warm)

    def pardon(self, deployment: int) -> None:
        if deployment in self._plugins:
            self._plugins[deployment].reset()

    def condemn(self, deployment: int, message: str) -> None:
        if deployment in self._plugins:
            self._plugins[deployment].held = False
            self._plugins[deployment].give_up(message)

    def forget(self, deployment: int) -> None:
        if deployment in self._plugins:
            self._plugins.pop(deployment).close()

    def forget_specs(self, serving: set[int]) -> None:
        """Keep in mind only the revisions that serve."""
        for revision in self._specs.keys() - serving:
            del self._specs[revision]

    def restrict(self, deployment: int, read_only: bool, note: str) -> None:
        """Mount its data read-only, or not, and say why; one that runs is started anew."""
        if deployment in self._plugins:
            self._plugins[deployment].restrict(read_only, note)

    def spec(self, revision: int) -> RunSpec:
        """A revision never changes, so it is read once: a sleeping plugin wakes without the database."""
        if revision not in self._specs:
            self._specs[revision] = self._read(revision)
        return self._specs[revision]

    def _read(self, revision: int) -> RunSpec:
        """All who wait for a database that is away ask it together: who does not even refuse takes everybody's time."""
        began = time.monotonic()
        if began < self._away_until:
            raise DatabaseAwayError("it was away a moment ago")
        try:
            return self._tables.run_spec(revision)
        except psycopg.OperationalError as error:
            ended = time.monotonic()
            self._away_until = ended + max(ASK_AGAIN, 5 * (ended - began))
            raise DatabaseAwayError(str(error).strip()) from error
        except (psycopg.Error, SecretUnreadableError) as error:
            raise RevisionUnreadableError(str(error).strip()) from error

    def keep(self) -> list[Kept]:
        """Everything a successor of this process needs to go on; nothing may be asked of this object afterwards."""
        return [plugin.keep() for plugin in self._plugins.values()]

    def take_over(self, kept: Iterable[Kept]) -> None:
        """Go on with what a predecessor kept. What runs is metered from now on, if the database tells what it is."""
        for one in kept:
            files = self._stores.of(one.deployment)
            plugin = Plugin(self._around, one.deployment, Path(one.place), files, one.locale)
            plugin.take_over(one)
            self._plugins[one.deployment] = plugin

    def close(self) -> None:
        """Ask everything to finish and leave; `running` says whether something is left."""
        for plugin in self._plugins.values():
            plugin.close()

    @property
    def running(self) -> bool:
        return any(plugin.running for plugin in self._plugins.values())

    def _met(self, wanted: Desired) -> Plugin:
        """The plugin of a row; at the first meeting it is as the tables say, also when it had crashed."""
        if wanted.id not in self._plugins:
            self._settings.outside(wanted.id).mkdir(mode=0o711, parents=True, exist_ok=True)
            plugin = Plugin(self._around, wanted.id, self._place(wanted), self._stores.of(wanted.id), wanted.locale)
            plugin.failures, plugin.crashed = wanted.failures, wanted.state == DeploymentState.CRASHED
            plugin.remark.keep(wanted.message if plugin.crashed else "")
            self._plugins[wanted.id] = plugin
        return self._plugins[wanted.id]

    def _place(self, wanted: Desired) -> Path:
        return self._settings.plugin_socket(wanted.city, wanted.name)
