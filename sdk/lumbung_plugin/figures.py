"""A plugin's figures, counted in one place: siblings read them at `/_kpi`, a task reports them to the city.

`Plugin(app, figures=numbers.figures)`, where `numbers.figures(db)` answers a list of `kpi.Figure`, and in lumbung.toml
`provides = { "kpi.read" = "/_kpi" }`. For the city's own curves a `[[task]]` with `cron = "7 * * * *"` calls a function
of the plugin that says `figures.report(numbers.figures)`.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, has_app_context

from lumbung_plugin import kpi
from lumbung_plugin.kpi import Figure
from lumbung_plugin.storage import connect, database

PATH = "/_kpi"

Source = Callable[[sqlite3.Connection], Sequence[Figure]]


def serve(app: Flask, source: Source) -> None:
    """Answer GET `/_kpi` with what `source` counts; done by `Plugin(app, figures=source)`."""
    app.extensions["lumbung.figures"] = source
    app.add_url_rule(PATH, "lumbung_kpi", _answer)


def report(source: Source | None = None) -> bool:
    """Tell the city the same figures, for a `[[task]]`: opens a connection of its own.

    Without `source` it is that of the present application. True when it was taken, False when there is nothing to
    tell or the plugin runs alone. Raises Refused, OutsideError.
    """
    with closing(connect()) as db:
        found = _counted(source or _present(), db)
    return bool(found) and kpi.report(*found)


def _answer() -> tuple[dict[str, Any], dict[str, str]]:
    found = _counted(_present(), database())
    return {"figures": [_told(figure) for figure in found]}, {"Cache-Control": "no-store"}


def _present() -> Source:
    source: Source | None = current_app.extensions.get("lumbung.figures") if has_app_context() else None
    if source is None:
        raise RuntimeError("figures.report() needs the plugin's figures: give them, or call it in its application")
    return source


def _counted(source: Source, db: sqlite3.Connection) -> list[Figure]:
    """A figure that names no time is one of now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return [figure if figure.at else replace(figure, at=now) for figure in source(db)]


def _told(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "label": {"id": figure.label_id, "en": figure.label_en},
        "at": figure.at.isoformat() if figure.at else None,
        "good": figure.good,
    }
