"""One deployment as the host runs it: its public socket, and the sandbox that appears at the first
connection.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import structlog

from registry.host import data, rules, words
from registry.host.door import Door
from registry.host.life import Life
from registry.host.logs import PluginLog
from registry.host.output import Output
from registry.host.reactor import Alarm, Call
from registry.host.spawn import HURRY_SECONDS, Sandbox, StartError
from registry.host.surroundings import RevisionUnreadableError, Surroundings
from registry.hosting.plain import DeploymentState

LEAVE_SECONDS = 12.0
START_SECONDS = 30.0
MESSAGE_SECONDS = 600.0
"""How long a console shows why a plugin ended that went on afterwards."""
NEVER = float("-inf")

logger = structlog.get_logger("lumbung.host")


class Plugin:
    """Lives in the reactor's thread. `serve`, `close` and `hold` say what should be; `state` says what is."""

    def __init__(self, around: Surroundings, deployment: int, place: Path, files: data.Store, locale: str) -> None:
        self.deployment = deployment
        self.city = place.parent.name
        self.failures = 0
        self.message = self.note = ""
        self.crashed = self.held = self.pinned = False
        self.read_only = False
        self.last_use = NEVER
        self._around = around
        self._door = Door(around.reactor, place)
        self._files = files
        self._locale = locale
        self._life: Life | None = None
        self._revision: int | None = None
        self._pause = Alarm(around.reactor, self._listen)
        self._deadline = Alarm(around.reactor, self._late)
        self._gone: list[Call] = []
        self._fade = Alarm(around.reactor, self._forget_message)
        self._rash = False
        self._log = PluginLog(files.paths.plugin_log, self._hear)
        self._output = Output(around.reactor, self._log)

    @property
    def state(self) -> DeploymentState:
        if self.crashed:
            return DeploymentState.CRASHED
        if self._life is not None:
            return DeploymentState.RUNNING
        return DeploymentState.WAITING if self._door.is_open else DeploymentState.OFF

    @property
    def running(self) -> bool:
        return self._life is not None

    def serve(self, revision: int, pinned: bool = False) -> None:
        """Be reachable with this revision (by id); nothing starts until someone connects, unless it is pinned."""
        self._revision, self.pinned = revision, pinned
        if self.crashed:
            return
        if not self._door.is_open or pinned:
            self._door.open()
            self._listen()
        if self._life is not None and self._life.stays and not pinned:
            self.stop()

    def close(self, then: Call | None = None) -> None:
        """Off: no socket, and every process gone before ``then`` is called."""
        self._pause.cancel()
        self._door.close()
        self._around.turns.drop(self)
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
        self._around.turns.drop(self)
        self.stop(then)

    def release(self, revision: int | None, pinned: bool, warm: bool) -> None:
        """Go on after `hold`; ``warm`` starts the revision at once instead of at the next connection."""
        self.held = False
        if revision is None:
            self.close()
            return
        self.serve(revision, pinned)
        self._listen()
        if warm and self._door.is_open:
            self._pause.cancel()
            self._wake()

    def restrict(self, read_only: bool, note: str) -> None:
        """From the next start on mount its data read-only, or not; a running one is started anew. ``note`` is what
        its admin reads meanwhile.
        """
        changed = read_only != self.read_only
        self.read_only, self.note = read_only, note
        if changed and not self.held:
            self.stop()
        self._around.changed()

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

    def start(self) -> None:
        """It is this plugin's turn."""
        if self.held or not self._door.is_open or self._revision is None:
            self._around.turns.gone(self)
            return
        try:
            self._begin(self._revision)
        except (StartError, RevisionUnreadableError, OSError, KeyError, ValueError) as error:
            self._say(words.say("broken", self._locale, error))
            self._around.turns.gone(self)
            self._judge(rules.Exit(1, False, False, False, 0.0))

    def _begin(self, revision: int) -> None:
        spec = replace(self._around.spec(revision), pinned=self.pinned)
        self._files.prepare()
        sandbox = self._around.launcher.start(spec, "serve", self._door.fileno())
        self._life = Life(sandbox, stays=self.pinned)
        self._follow(sandbox)
        self._deadline.set(START_SECONDS)
        if not self._rash:
            sandbox.hurry()
            self._around.reactor.later(HURRY_SECONDS, sandbox.settle)
        self._around.meter.started(self.deployment, sandbox, spec)
        self._around.changed()

    def _follow(self, sandbox: Sandbox) -> None:
        self.last_use = time.monotonic()
        self._around.reactor.watch(sandbox.process_fd, self._ended)
        self._output.follow(sandbox.output)

    def _listen(self) -> None:
        """Start the sandbox when someone connects, unless one runs or the plugin has to wait."""
        if not self._door.is_open or self._life is not None or self.held or self._pause.is_set:
            return
        if self.pinned:
            self._wake()
        else:
            self._door.watch(self._wake)

    def _wake(self) -> None:
        if self._life is None:
            self._door.ignore()
            self._around.turns.ask(self)

    def _late(self) -> None:
        """It was not ready, or not gone, in time."""
        if self._life is not None:
            self._log.note("killed: it did not start or leave in time")
            self._life.sandbox.kill()

    def _hear(self, word: str) -> None:
        life = self._life
        if life is None:
            return
        self._around.meter.heard(self.deployment, word)
        if word == "ready":
            self._ready(life)
        elif word == "served":
            life.served = True
            self.failures, self.last_use = 0, time.monotonic()
            life.sandbox.settle()
        elif word == "leaving":
            life.announced = True
        else:
            self.last_use = time.monotonic()

    def _ready(self, life: Life) -> None:
        """Before this, process 1 of a sandbox ignores SIGTERM: whoever was asked too early is asked again."""
        life.ready = True
        self._around.turns.ready(self)
        if life.asked:
            life.sandbox.ask_to_leave()
        else:
            self._deadline.cancel()

    def _ended(self) -> None:
        life = self._life
        if life is None or (code := life.sandbox.ended()) is None:
            return
        self._around.reactor.unwatch(life.sandbox.process_fd)
        self._output.finish()
        self._life = None
        self._deadline.cancel()
        if limit := self._around.meter.ended(self.deployment):
            self._say(words.say(limit, self._locale))
        life.sandbox.close()
        self._around.turns.gone(self)
        self._judge(life.exit(code))
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
            self._pause.set(verdict.wait)
        else:
            self._listen()
        self._around.changed()

    def _say(self, message: str) -> None:
        self.message = message
        self._log.note(message)
        self._fade.set(MESSAGE_SECONDS)

    def _forget_message(self) -> None:
        if not self.crashed:
            self.message = ""
            self._around.changed()
