"""What rooms above tell of an app, so that the catalog can pass it on; nothing here imports them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, current_app

from registry.catalog.models import App
from registry.tenants.models import City

ADVICE, FORKED = "catalog.advice", "catalog.forked"

AdviceTeller = Callable[[App], Mapping[str, str]]
"""Of each version that closes a hole: which, and what cities must do. In anybody's scope."""

ForkFinder = Callable[[City, App], str | None]
"""Where a city finds its fork of an app, or brings it back. In the city's scope."""


def add_advice(app: Flask, teller: AdviceTeller) -> None:
    app.extensions[ADVICE] = teller


def advice(app: App) -> Mapping[str, str]:
    teller: AdviceTeller | None = current_app.extensions.get(ADVICE)
    return teller(app) if teller else {}


def add_forks(app: Flask, finder: ForkFinder) -> None:
    app.extensions[FORKED] = finder


def fork_place(city: City, app: App) -> str | None:
    finder: ForkFinder | None = current_app.extensions.get(FORKED)
    return finder(city, app) if finder else None
