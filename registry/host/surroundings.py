"""What each plugin is handed by the host, so that it knows nothing of the loop around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from registry.host.reactor import Reactor
from registry.host.spawn import Launcher, Sandbox
from registry.host.turns import Turns
from registry.hosting.plain import RunSpec


class RevisionUnreadableError(Exception):
    """A revision's row cannot be read: its secrets are of another key."""


class DatabaseAwayError(RevisionUnreadableError):
    """Nor can any other's: that says nothing of the plugin, and later it may be read."""


class Meter(Protocol):
    """Whoever counts what plugins do and use. Called in the reactor's thread: it must return at once."""

    def heard(self, deployment: int, word: str) -> None:
        """A control word of the shim. The plugin can forge it."""

    def started(self, deployment: int, sandbox: Sandbox, spec: RunSpec) -> None:
        """A sandbox runs from now on; also called for one that was taken over from a predecessor."""

    def ended(self, deployment: int) -> str:
        """Its sandbox is gone, its group not yet. The key in `words` of the limit that ended it; empty: none."""


class NoMeter:
    """Counts nothing."""

    def heard(self, deployment: int, word: str) -> None:
        pass

    def started(self, deployment: int, sandbox: Sandbox, spec: RunSpec) -> None:
        pass

    def ended(self, deployment: int) -> str:
        return ""


@dataclass(frozen=True)
class Surroundings:
    """What every plugin needs. ``spec`` gives a revision by id (raises RevisionUnreadableError),
    ``changed`` asks for a report of this deployment.
    """

    reactor: Reactor
    launcher: Launcher
    spec: Callable[[int], RunSpec]
    changed: Callable[[int], None]
    turns: Turns
    meter: Meter = field(default_factory=NoMeter)
