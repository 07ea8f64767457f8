"""What runs in a city, for its portal and for the page shown when a plugin does not answer."""

from __future__ import annotations

from registry.core import scope
from registry.hosting import reading
from registry.hosting.reading import LivePlugin
from registry.tenants.models import City

STATES = {"waiting": "starting", "running": "starting"}
"""The edge reached nobody although the host says it serves: it is about to."""


def live_plugins(city: City, language: str) -> list[LivePlugin]:
    """The plugins of a city that are on; any visitor may see them."""
    scope.enter_city(city.id)
    return reading.live_plugins(city, language)


def plugin_state(city: City, name: str) -> tuple[str, str]:
    """``off``, ``maintenance``, ``starting``, ``crashed``, ``switching`` or ``absent``, of one that did not answer;
    and the admin's words while it is closed for maintenance.
    """
    scope.enter_city(city.id)
    state, words = reading.plugin_state(city, name)
    return STATES.get(state, str(state)), words
