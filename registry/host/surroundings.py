"""What each plugin is handed by the host, so that it knows nothing of the loop around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from registry.host.reactor import Call, Reactor
from registry.host.spawn import Launcher
from registry.hosting.plain import RunSpec


class RevisionUnreadableError(Exception):
    """A revision's row cannot be read: the database is away, or its secrets are of another key."""


@dataclass(frozen=True)
class Surroundings:
    """What every plugin needs. ``spec`` gives a revision by id (raises RevisionUnreadableError),
    ``changed`` asks for a report.
    """

    reactor: Reactor
    launcher: Launcher
    spec: Callable[[int], RunSpec]
    changed: Call
