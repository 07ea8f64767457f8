"""One deployment as the host runs it: its public socket, and the sandbox that appears at the first
connection.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import structlog

from registry.host import data, rules, words
from registry.host.door import Door
from registry.host.handover import Kept
from registry.host.reactor import Alarm, Call
from registry.host.remark import Remark
from registry.host.spawn import Sandbox, StartError
from registry.host.stay import Stay
from registry.host.surroundings import DatabaseAwayError, RevisionUnreadableError, Surroundings
from registry.hosting.plain import DeploymentState

TRY_AGAIN = 1.0
"""Seconds before a start is tried again that the database had no answer for; its visitors wait."""

logger = structlog.get_logger("lumbung.host")


class Plugin:
    """Lives in the reactor's thread. `serve`, `close` and `hold` say what should be; `state` says what is."""

    def __init__(self, around: Surroundings, deployment: int, place: Path, files: data.Store, locale: str) -> None:
        self.deployment = deployment
        self.city = place.parent.name
        self.failures = 0
        self.crashed = self.held = self.pinned = False
        self.read_only = self._taken_over = False
        self._around = around
        self._door = Door(around.reactor, place)
        self._files = files
        self._locale = locale
        self._revision: int | None = None
        self._pause = Alarm(around.reactor, self._listen)
        self._rash = False
        self._stay = Stay(around, files.paths, self)
        self.remark = Remark(around.reactor, self._stay.log, lambda: around.changed(deployment))

    @property
    def state(self) -> DeploymentState:
        if self.crashed:
            return DeploymentState.CRASHED
        if self._stay.going_on:
            return DeploymentState.RUNNING
        return DeploymentState.WAITING if self._door.is_open else DeploymentState.OFF

    @property
    def running(self) -> bool:
        return self._stay.going_on

    @property
    def last_use(self) -> float:
        return self._stay.last_use

    def serve(self, revision: int, pinned: bool = False) -> None:
        """Be reachable with this revision (by id); nothing starts until someone connects, unless it is pinned."""
        self._revision, self.pinned = revision, pinned
        if self.crashed:
            return
        if not self._door.is_open or self._taken_over or pinned:
            self._taken_over = False
            self._door.open()
            self._listen()
        if self._stay.for_good and not pinned:
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

    def admit(self) -> None:
        """Held, but from now on visitors wait in the socket's backlog, also at its first deployment."""
        if self.held:
            self._door.open()

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
        self.read_only, self.remark.standing = read_only, note
        if changed and not self.held:
            self.stop()
        self._around.changed(self.deployment)

    def reset(self) -> None:
        """An admin (or a new revision) gives a crashed plugin another chance."""
        self.crashed, self.failures = False, 0
        self.remark.clear()

    def give_up(self, message: str) -> None:
        """Crashed: closed until an admin acts."""
        self.crashed = True
        self.remark.keep(message)
        self.close()
        self._around.changed(self.deployment)

    def stop(self, then: Call | None = None) -> None:
        """Ask the sandbox to finish and leave, else kill it; ``then`` runs once nothing is left."""
        self._stay.stop(then)

    def keep(self) -> Kept:
        """What a successor of this process needs to go on; the log so far is written."""
        return Kept(
            deployment=self.deployment,
            place=str(self._door.place),
            locale=self._locale,
            door=self._door.fileno() if self._door.is_open else None,
            life=self._stay.keep(),
            revision=self._revision,
            failures=self.failures,
            last_use=self.last_use,
            said=self.remark.said,
            standing=self.remark.standing,
            crashed=self.crashed,
            read_only=self.read_only,
        )

    def take_over(self, kept: Kept) -> None:
        """Go on where a predecessor stopped; nothing new starts before `serve` or `release` is called."""
        self._taken_over = True
        self._revision, self.failures, self._stay.last_use = kept.revision, kept.failures, kept.last_use
        self.crashed, self.read_only, self.remark.standing = kept.crashed, kept.read_only, kept.standing
        self.remark.keep(kept.said)
        if kept.door is not None:
            self._door.adopt(kept.door)
        if kept.life is not None:
            sandbox = self._stay.take_over(kept.life)
            self._around.turns.seat(self)
            self._meter(sandbox)

    def _meter(self, sandbox: Sandbox) -> None:
        """Without the database nobody knows what it runs: then it is metered from its next start on."""
        if self._revision is not None:
            with suppress(RevisionUnreadableError, KeyError):
                self._around.meter.started(self.deployment, sandbox, self._around.spec(self._revision))

    def start(self) -> None:
        """It is this plugin's turn."""
        if self.held or not self._door.is_open or self._revision is None:
            self._around.turns.gone(self)
            return
        try:
            self._begin(self._revision)
        except DatabaseAwayError as error:
            logger.warning("a start waits for the database", deployment=self.deployment, error=str(error))
            self._around.turns.gone(self)
            self._pause.set(TRY_AGAIN)
        except (StartError, RevisionUnreadableError, OSError, KeyError, ValueError) as error:
            self.remark.say(words.say("broken", self._locale, error))
            self._around.turns.gone(self)
            self._judge(rules.Exit(1, False, False, False, 0.0))

    def _begin(self, revision: int) -> None:
        spec = replace(self._around.spec(revision), pinned=self.pinned)
        self._files.prepare()
        self._stay.start(spec, self._door.fileno(), self.read_only, hurry=not self._rash)
        self._around.changed(self.deployment)

    def _listen(self) -> None:
        """Start the sandbox when someone connects, unless one runs or the plugin has to wait."""
        if not self._door.is_open or self._stay.going_on or self.held or self._pause.is_set:
            return
        if self.pinned:
            self._wake()
        else:
            self._door.watch(self._wake)

    def _wake(self) -> None:
        if not self._stay.going_on:
            self._door.ignore()
            self._around.turns.ask(self)

    def is_ready(self) -> None:
        self._around.turns.ready(self)

    def has_served(self) -> None:
        self.failures = 0

    def is_over(self, ended: rules.Exit, limit: str) -> None:
        if limit:
            self.remark.say(words.say(limit, self._locale))
        self._around.turns.gone(self)
        self._judge(ended)

    def _judge(self, ended: rules.Exit) -> None:
        verdict = rules.after_exit(self.failures, ended)
        self._rash = rules.is_rash(ended)
        if verdict.failures > self.failures:
            self._stay.log.note(f"stopped unexpectedly (exit {ended.code}); failure {verdict.failures} in a row")
            logger.warning("plugin failed", deployment=self.deployment, code=ended.code, failures=verdict.failures)
        self.failures = verdict.failures
        if verdict.give_up:
            self.give_up(self.remark.said or words.say("crashed", self._locale, verdict.failures))
        elif verdict.wait:
            self._pause.set(verdict.wait)
        else:
            self._listen()
        self._around.changed(self.deployment)
