"""What a room above tells of an app's releases, so that the catalog can pass it on; nothing here imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, current_app

from registry.catalog.models import App

ADVICE = "catalog.advice"

AdviceTeller = Callable[[App], Mapping[str, str]]
"""Of each version that closes a hole: which, and what cities must do. In anybody's scope."""


def add_advice(app: Flask, teller: AdviceTeller) -> None:
    app.extensions[ADVICE] = teller


def advice(app: App) -> Mapping[str, str]:
    teller: AdviceTeller | None = current_app.extensions.get(ADVICE)
    return teller(app) if teller else {}
