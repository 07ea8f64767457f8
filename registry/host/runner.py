"""What the host asks of whatever runs plugins (design §3): this machine (`registry.host.local`), or one day a cluster
(docs/scaling.md). Nothing in here tells a process from a container.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from registry.host.reactor import Call
from registry.host.store import Desired
from registry.hosting.plain import DeploymentState


@dataclass(frozen=True)
class Status:
    """What is true of one deployment now. ``held``: visitors wait for `Runner.release`; ``failures`` in a row."""

    state: DeploymentState
    message: str
    failures: int
    held: bool


class Runner(Protocol):
    """Every call returns at once and may be repeated; what came of it is in `status`."""

    def ensure(self, wanted: Desired) -> None:
        """Be reachable with the revision ``wanted.serves``, which is not None; awake at once when it is pinned."""

    def stop(self, deployment: int, then: Call | None = None) -> None:
        """Not reachable; requests under way are finished, every process is gone before ``then`` is called."""

    def status(self, deployment: int) -> Status: ...

    def logs(self, deployment: int, lines: int) -> list[str]:
        """The newest lines it printed, oldest first."""

    def hold(self, wanted: Desired, then: Call) -> None:
        """Nothing of it runs from ``then`` on, so that its data may be changed; visitors wait until `release`."""

    def admit(self, wanted: Desired) -> None:
        """One that is held may be visited from now on: who comes waits for `release`."""

    def release(self, wanted: Desired, warm: bool) -> None:
        """Go on as ``wanted`` says; ``warm``: do not wait for the first visitor."""

    def pardon(self, deployment: int) -> None:
        """Forget that it crashed: an admin or a new revision gives it another chance."""

    def condemn(self, deployment: int, message: str) -> None:
        """Take it for crashed, with these words for its admin."""

    def forget(self, deployment: int) -> None:
        """It is in the tables no more."""
