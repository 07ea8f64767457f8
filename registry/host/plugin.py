"""One deployment as the host runs it: its public socket, and the sandbox that appears at the first
connection.
"""

from __future__ import annotations

import time
from pathlib import Path

import structlog

from registry.host import data, rules, words
from registry.host.door import Door
from registry.host.logs import PluginLog
from registry.host.output import Output
from registry.host.reactor import Call, Timer
from registry.host.spawn import HURRY_SECONDS, Sandbox, StartError
from registry.host.surroundings import RevisionUnreadableError, Surroundings
from registry.hosting.plain import DeploymentState

LEAVE_SECONDS = 12.0
START_SECONDS = 30.0

logger = structlog.get_logger("lumbung.host")


class Plugin:
    """Lives in the reactor's thread. `serve`, `close` and `hold` say what should be; `state` says what is."""

    def __init__(self, around: Surroundings, deployment: int, place: Path, files: data.Store, locale: str) -> None:
        self.deployment = deployment
        self.failures = 0
        self.message = ""
        self.crashed = False
        self.held = False
        self._around = around
        self._door = Door(around.reactor, place)
        self._files = files
        self._locale = locale
        self._sandbox: Sandbox | None = None
        self._revision: int | None = None
        self._waiting: Timer | None = None
        self._deadline: Timer | None = None
        self._gone: list[Call] = []
        self._asked = self._served = self._announced = self._rash = False
        self._log = PluginLog(files.paths.plugin_log, self._hear)
        self._output = Output(around.reactor, self._log)

    @property
    def state(self) -> DeploymentState:
        if self.crashed:
            return DeploymentState.CRASHED
        if self._sandbox is not None:
            return DeploymentState.RUNNING
        return DeploymentState.WAITING if self._door.is_open else DeploymentState.OFF

    @property
    def running(self) -> bool:
        return self._sandbox is not None

    def serve(self, revision: int) -> None:
        """Be reachable with this revision (by id); nothing starts until someone connects."""
        self._revision = revision
        if not self.crashed and not self._door.is_open:
            self._door.open()
            self._listen()

    def close(self, then: Call | None = None) -> None:
        """Off: no socket, and every process gone before ``then`` is called."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._door.close()
        self.stop(then)

    def hold(self, revision: int | None, then: Call) -> None:
        """Stop the sandbox but keep the socket: connections wait in its backlog until `release`.

        ``revision`` is what serves until then (by id), None when nobody may come yet.
        """
        self.held = True
        self._revision = revision
        if revision is not None and not self.crashed:
            self._door.open()
        self._door.ignore()
        self.stop(then)

    def release(self, revision: int | None, warm: bool) -> None:
        """Go on after `hold`; ``warm`` starts the revision at once instead of at the next connection."""
        self.held = False
        if revision is None:
            self.close()
            return
        self.serve(revision)
        self._listen()
        if warm and self._door.is_open:
            self._start()

    def reset(self) -> None:
        """An admin (or a new revision) gives a crashed plugin another chance."""
        self.crashed, self.failures, self.message = False, 0, ""

    def give_up(self, message: str) -> None:
        """Crashed: closed until an admin acts."""
        self.crashed, self.message = True, message
        self.close()
        self._around.changed()

    def stop(self, then: Call | None = None) -> None:
        """Ask the sandbox to finish and leave, else kill it; ``then`` runs once nothing is left."""
        if self._sandbox is None:
            if then is not None:
                self._around.reactor.soon(then)
            return
        if then is not None:
            self._gone.append(then)
        if not self._asked:
            self._asked = True
            self._sandbox.ask_to_leave()
            self._within(LEAVE_SECONDS)

    def _listen(self) -> None:
        """Start the sandbox when someone connects, unless one runs or the plugin has to wait."""
        if self._door.is_open and self._sandbox is None and not self.held and self._waiting is None:
            self._door.watch(self._start)

    def _start(self) -> None:
        if not self._door.is_open or self._sandbox is not None or self._revision is None:
            return
        self._door.ignore()
        self._asked = self._served = self._announced = False
        try:
            spec = self._around.spec(self._revision)
            self._files.prepare()
            self._sandbox = self._around.launcher.start(spec, "serve", self._door.fileno())
        except (StartError, RevisionUnreadableError, OSError, KeyError, ValueError) as error:
            self.message = words.say("broken", self._locale, error)
            self._log.note(self.message)
            self._judge(rules.Exit(1, False, False, False, 0.0))
            return
        self._around.reactor.watch(self._sandbox.process_fd, self._ended)
        self._output.follow(self._sandbox.output)
        self._around.meter.started(self.deployment, self._sandbox, spec)
        self._within(START_SECONDS)
        if not self._rash:
            self._sandbox.hurry()
            self._around.reactor.later(HURRY_SECONDS, self._sandbox.settle)
        self._around.changed()

    def _within(self, seconds: float) -> None:
        """Kill the sandbox unless it is ready, or gone, by then."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self._around.reactor.later(seconds, self._late)

    def _late(self) -> None:
        if self._sandbox is not None:
            self._log.note("killed: it did not start or leave in time")
            self._sandbox.kill()

    def _hear(self, word: str) -> None:
        if word == "ready":
            self._ready()
        elif word == "served":
            self._served = True
            self.failures = 0
            if self._sandbox is not None:
                self._sandbox.settle()
        elif word == "leaving":
            self._announced = True
        else:
            self._around.meter.heard(self.deployment, word)

    def _ready(self) -> None:
        """Before this, process 1 of a sandbox ignores SIGTERM: whoever was asked too early is asked again."""
        if self._asked and self._sandbox is not None:
            self._sandbox.ask_to_leave()
        elif self._deadline is not None:
            self._deadline.cancel()

    def _ended(self) -> None:
        sandbox = self._sandbox
        if sandbox is None or (code := sandbox.ended()) is None:
            return
        self._around.reactor.unwatch(sandbox.process_fd)
        self._output.finish()
        self._sandbox = None
        self._around.meter.ended(self.deployment)
        if self._deadline is not None:
            self._deadline.cancel()
        sandbox.close()
        lived = time.monotonic() - sandbox.started
        self._judge(rules.Exit(code, self._announced, self._served, self._asked, lived))
        gone, self._gone = self._gone, []
        for call in gone:
            self._around.reactor.soon(call)

    def _judge(self, ended: rules.Exit) -> None:
        verdict = rules.after_exit(self.failures, ended)
        self._rash = rules.is_rash(ended)
        if verdict.failures > self.failures:
            self._log.note(f"stopped unexpectedly (exit {ended.code}); failure {verdict.failures} in a row")
            logger.warning("plugin failed", deployment=self.deployment, code=ended.code, failures=verdict.failures)
        self.failures = verdict.failures
        if verdict.give_up:
            self.give_up(self.message or words.say("crashed", self._locale, verdict.failures))
        elif verdict.wait:
            self._waiting = self._around.reactor.later(verdict.wait, self._waited)
        else:
            self._listen()
        self._around.changed()

    def _waited(self) -> None:
        self._waiting = None
        self._listen()
