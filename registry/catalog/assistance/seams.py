"""What a room above tells about a city's plugins, so that a request can name one; nothing here imports it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from registry.tenants.models import City

PLUGINS = "assistance.plugins"


@dataclass(frozen=True)
class Plugin:
    """``app_id`` is the app it was made from; ``version`` "" before one served."""

    name: str
    app_id: int
    version: str


PluginLister = Callable[[City], Sequence[Plugin]]
"""Called in the city's scope."""


def add_plugins(app: Flask, lister: PluginLister) -> None:
    app.extensions[PLUGINS] = lister


def plugins(city: City) -> Sequence[Plugin]:
    lister: PluginLister | None = current_app.extensions.get(PLUGINS)
    return lister(city) if lister else ()
