"""The sandbox of one deployment while there is one: started, listened to, asked to leave, seen off."""

from __future__ import annotations

import time
from typing import Protocol

from registry.host import rules
from registry.host.handover import KeptLife
from registry.host.life import Life
from registry.host.logs import PluginLog
from registry.host.output import Output
from registry.host.reactor import Alarm, Call
from registry.host.spawn import HURRY_SECONDS, Sandbox
from registry.host.surroundings import Surroundings
from registry.hosting.plain import DeploymentPaths, RunSpec

LEAVE_SECONDS = 12.0
START_SECONDS = 30.0
NEVER = float("-inf")


class Owner(Protocol):
    """Who is told what becomes of it."""

    def is_ready(self) -> None:
        """It can serve."""

    def has_served(self) -> None:
        """It answered its first request."""

    def is_over(self, ended: rules.Exit, limit: str) -> None:
        """Every process is gone. ``limit`` is the key in `words` of the limit that ended it; empty when none did."""


class Stay:
    """Lives in the reactor's thread; at most one sandbox at a time."""

    def __init__(self, around: Surroundings, paths: DeploymentPaths, owner: Owner) -> None:
        self.last_use = NEVER
        self.log = PluginLog(paths.plugin_log, self._hear)
        self._around = around
        self._deployment = paths.deployment
        self._owner = owner
        self._life: Life | None = None
        self._deadline = Alarm(around.reactor, self._late)
        self._output = Output(around.reactor, self.log)
        self._gone: list[Call] = []

    @property
    def going_on(self) -> bool:
        return self._life is not None

    @property
    def for_good(self) -> bool:
        """Whether one runs that was started to stay."""
        return self._life is not None and self._life.stays

    def start(self, spec: RunSpec, door: int, read_only: bool, hurry: bool) -> None:
        """Serve the socket ``door``. Raises StartError."""
        sandbox = self._around.launcher.start(spec, "serve", door, read_only=read_only)
        self.last_use = time.monotonic()
        self._follow(Life(sandbox, stays=spec.pinned))
        self._deadline.set(START_SECONDS)
        if hurry:
            sandbox.hurry()
            self._around.reactor.later(HURRY_SECONDS, sandbox.settle)
        self._around.meter.started(self._deployment, sandbox, spec)

    def stop(self, then: Call | None = None) -> None:
        """Ask the sandbox to finish and leave, else kill it; ``then`` runs once nothing is left."""
        if self._life is None:
            if then is not None:
                self._around.reactor.soon(then)
            return
        if then is not None:
            self._gone.append(then)
        if not self._life.asked:
            self._life.asked = True
            self._life.sandbox.ask_to_leave()
            self._deadline.set(LEAVE_SECONDS)

    def keep(self) -> KeptLife | None:
        """What a successor of this process needs to go on; the log so far is written."""
        self.log.close()
        return self._life.keep() if self._life else None

    def take_over(self, kept: KeptLife) -> Sandbox:
        """Go on with the sandbox of a predecessor."""
        life = Life.of(kept)
        self._follow(life)
        self._around.reactor.later(HURRY_SECONDS, life.sandbox.settle)
        if life.asked or not life.ready:
            self._deadline.set(START_SECONDS)
        return life.sandbox

    def _follow(self, life: Life) -> None:
        self._life = life
        self._around.reactor.watch(life.sandbox.process_fd, self._ended)
        self._output.follow(life.sandbox.output)

    def _late(self) -> None:
        """It was not ready, or not gone, in time."""
        if self._life is not None:
            self.log.note("killed: it did not start or leave in time")
            self._life.sandbox.kill()

    def _hear(self, word: str) -> None:
        life = self._life
        if life is None:
            return
        self._around.meter.heard(self._deployment, word)
        if word == "ready":
            self._ready(life)
        elif word == "leaving":
            life.announced = True
        else:
            self.last_use = time.monotonic()
        if word == "served":
            life.served = True
            life.sandbox.settle()
            self._owner.has_served()

    def _ready(self, life: Life) -> None:
        """Before this, process 1 of a sandbox ignores SIGTERM: whoever was asked too early is asked again."""
        life.ready = True
        if life.asked:
            life.sandbox.ask_to_leave()
        else:
            self._deadline.cancel()
        self._owner.is_ready()

    def _ended(self) -> None:
        life = self._life
        if life is None or (code := life.sandbox.ended()) is None:
            return
        self._around.reactor.unwatch(life.sandbox.process_fd)
        self._output.finish()
        self._life = None
        self._deadline.cancel()
        limit = self._around.meter.ended(self._deployment)
        life.sandbox.close()
        gone, self._gone = self._gone, []
        self._owner.is_over(life.exit(code), limit)
        for call in gone:
            self._around.reactor.soon(call)
