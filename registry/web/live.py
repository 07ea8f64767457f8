"""What runs in a city, for its portal and for the page shown when a plugin does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.tenants.models import City


@dataclass(frozen=True)
class LivePlugin:
    """One card of the portal. ``summary`` is a sentence per language; ``opd`` may be empty."""

    name: str
    title: str
    summary: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    opd: str = ""
    since: datetime | None = None


def live_plugins(_city: City) -> list[LivePlugin]:
    """The plugins of a city that are on, in the order of their titles."""
    return []


def plugin_state(_city: str, _name: str) -> str:
    """``off``, ``starting``, ``crashed``, ``switching`` or ``absent``, of a plugin that did not answer."""
    return "absent"
