"""Figures of what runs, kept per plugin and minute, and the watch over how much its data takes.

The reactor only tells what happened; reading groups, counting files and writing rows is the work of one thread with
its own connection. While the database is away the rows wait (`registry.host.samples`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from registry.config import Settings
from registry.core import clock
from registry.host import logs, pgwatch, quota, tally, words
from registry.host.database import Database
from registry.host.limits import Use
from registry.host.reactor import Call
from registry.host.samples import Samples
from registry.host.spawn import Sandbox
from registry.host.tally import Row, Tally
from registry.hosting.plain import DeploymentPaths, RunSpec

TURN_SECONDS, USE_SECONDS, FLOOR_SECONDS, LOGS_SECONDS = 0.5, 5.0, 5.0, 300.0
FRESH_SECONDS = 5.0
"""A sandbox older than this was not woken now, but taken over."""

JUST_NOW = 3.0
"""Seconds: what the memory limit ended so long ago ended the whole plugin."""

ROOMY = 1.5
"""A nearly full disk is forgotten when this many times the spare room is free again."""

logger = structlog.get_logger("lumbung.host")

Restrict = Callable[[int, bool, str], None]
"""deployment, whether its data is to be read-only, and what its admin reads (empty: nothing)."""


@dataclass
class _Awake:
    """A sandbox that runs. ``look_at`` is when its data is measured next (monotonic)."""

    sandbox: Sandbox
    spec: RunSpec
    since: float
    use: Use = Use()
    use_at: float = 0.0
    look_at: float = 0.0
    killed_at: float = float("-inf")
    stuck: bool = False

    def took(self, use: Use, mine: Tally) -> None:
        """Another reading."""
        if use.killed > self.use.killed:
            self.killed_at = time.monotonic()
        mine.took(use, self.use)
        self.use = use


@dataclass
class _Known:
    """What stays known of a deployment while it sleeps."""

    watch: quota.Watch = field(default_factory=quota.Watch)
    floored: bool = False
    told: bool | None = None

    @property
    def read_only(self) -> bool:
        return self.watch.read_only or self.floored


class Meter:
    """`started`, `heard` and `ended` are called in the reactor's thread and return at once; ``restrict`` is called
    there too, through ``soon``.
    """

    def __init__(self, settings: Settings, soon: Callable[[Call], None], restrict: Restrict) -> None:
        self._settings = settings
        self._soon = soon
        self._restrict = restrict
        self._lock = threading.Lock()
        self._awake: dict[int, _Awake] = {}
        self._known: dict[int, _Known] = {}
        self._tallies: dict[int, Tally] = {}
        self._minute = _minute()
        self._samples = Samples(Database(settings))
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="meter", daemon=True)
        self._floor_at = self._logs_at = 0.0

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Write what is known and stop; gives up on a database that does not answer."""
        self._leaving.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def started(self, deployment: int, sandbox: Sandbox, spec: RunSpec) -> None:
        use = sandbox.group.use()
        with self._lock:
            self._awake[deployment] = _Awake(sandbox, spec, time.monotonic(), use)
            self._tally(deployment).wakes += time.monotonic() - sandbox.started < FRESH_SECONDS

    def heard(self, deployment: int, word: str) -> None:
        with self._lock:
            one = self._awake.get(deployment)
            if word == "ready" and one is not None:
                took = int((time.monotonic() - one.since) * 1000)
                self._tally(deployment).starts_ms = max(self._tally(deployment).starts_ms, took)
            elif word == "stuck" and one is not None and not one.stuck:
                one.stuck = True
                self._tally(deployment).stuck += 1
            elif told := tally.read(word):
                self._tally(deployment).add(told)

    def ended(self, deployment: int) -> str:
        """The key in `words` of the limit that ended it; empty when none did."""
        with self._lock:
            one = self._awake.pop(deployment, None)
            if one is None:
                return ""
            one.took(one.sandbox.group.use(), self._tally(deployment))
            if one.stuck:
                return "stuck"
            return "memory_limit" if time.monotonic() - one.killed_at < JUST_NOW else ""

    def _tally(self, deployment: int) -> Tally:
        return self._tallies.setdefault(deployment, Tally())

    def _run(self) -> None:
        while not self._leaving.wait(TURN_SECONDS):
            try:
                self.turn()
            except Exception:
                logger.exception("the meter failed")
        self._keep()
        self._samples.write()

    def turn(self) -> None:
        """Read, look and write whatever is due. Called by the thread (and by tests)."""
        now = time.monotonic()
        with self._lock:
            awake = dict(self._awake)
        for deployment, one in awake.items():
            if now >= one.use_at:
                self._read(deployment, one)
                one.use_at = now + USE_SECONDS
            if now >= one.look_at:
                self._look(deployment, one)
        if now >= self._floor_at:
            self._floor_at = now + FLOOR_SECONDS
            self._mind_the_floor(awake)
        if now >= self._logs_at:
            self._logs_at = now + LOGS_SECONDS
            self._expire_logs()
        if _minute() != self._minute:
            self._keep()
            self._samples.write()

    def _read(self, deployment: int, one: _Awake) -> None:
        use = one.sandbox.group.use()
        with self._lock:
            if self._awake.get(deployment) is one:
                one.took(use, self._tally(deployment))

    def _look(self, deployment: int, one: _Awake) -> None:
        began = time.monotonic()
        seen = quota.look(one.spec.data, one.sandbox.group.pids(), began)
        size = seen.size + pgwatch.size_of(self._settings, deployment)
        seen = replace(seen, size=size, took=time.monotonic() - began)
        known = self._known.setdefault(deployment, _Known())
        known.watch = quota.after(known.watch, seen, one.spec.limits)
        one.look_at = time.monotonic() + quota.wait(known.watch, one.spec.limits)
        with self._lock:
            mine = self._tally(deployment)
            mine.disk_bytes, mine.files, mine.read_only = seen.size, seen.files, known.read_only
        self._say(deployment, known, one.spec)

    def _mind_the_floor(self, awake: dict[int, _Awake]) -> None:
        """When the machine's disk is nearly full, whoever fills it fastest stops first; one at each turn."""
        spare = quota.SPARE
        if quota.disk_is_nearly_full(self._settings.data, spare):
            watches = {one: self._known[one].watch for one in awake if one in self._known}
            found = quota.fastest({one: watch for one, watch in watches.items() if not self._known[one].floored})
            if found is not None:
                self._known[found].floored = True
                self._say(found, self._known[found], awake[found].spec)
        elif not quota.disk_is_nearly_full(self._settings.data, int(spare * ROOMY)):
            for deployment, known in self._known.items():
                if known.floored and deployment in awake:
                    known.floored = False
                    self._say(deployment, known, awake[deployment].spec)

    def _say(self, deployment: int, known: _Known, spec: RunSpec) -> None:
        """Tell the host when a plugin may write no more, or again; at the first look in any case, for it may have
        been taken over from a host that had told something else.
        """
        if known.read_only == known.told:
            return
        known.told = read_only = known.read_only
        message = _message(known, spec) if read_only else ""
        if read_only:
            logger.warning("data read-only", deployment=deployment, reason=message)
        self._soon(lambda: self._restrict(deployment, read_only, message))

    def _keep(self) -> None:
        """Close the minute: its tallies become rows."""
        with self._lock:
            for deployment, one in self._tallies.items():
                self._samples.add(Row(deployment, self._minute, one))
            self._minute = _minute()
            self._tallies = {deployment: self._fresh(deployment) for deployment in self._awake}

    def _fresh(self, deployment: int) -> Tally:
        """An awake plugin's next minute begins with what was last known of its data."""
        known = self._known.get(deployment)
        if known is None or known.watch.last is None:
            return Tally()
        return Tally(disk_bytes=known.watch.last.size, files=known.watch.last.files, read_only=known.read_only)

    def _expire_logs(self) -> None:
        policy = logs.Policy(self._settings.log_bytes, timedelta(days=self._settings.log_days))
        for home in (self._settings.data / "deployments").glob("*"):
            if home.name.isdigit():
                try:
                    logs.expire(DeploymentPaths(self._settings.data, int(home.name)).plugin_log, policy)
                except OSError as error:
                    logger.warning("old log not removed", deployment=home.name, error=str(error))


def _message(known: _Known, spec: RunSpec) -> str:
    last, limits = known.watch.last, spec.limits
    if last is None or not known.watch.read_only:
        return words.say("disk_floor", spec.city.locale)
    sizes = f"{words.megabytes(last.size)} / {words.megabytes(limits.disk)}"
    return words.say("disk_full", spec.city.locale, f"{sizes}, {last.files} / {limits.files}")


def _minute() -> datetime:
    return clock.now().replace(second=0, microsecond=0)
