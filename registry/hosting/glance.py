"""All plugins of a city at a glance: what hosting knows of each, and the cells other rooms add.

A room that stands above hosting (figures, backups) registers a part in its ``room.py``; hosting never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from registry.catalog.models import App
from registry.forge.trees import head
from registry.hosting import reading
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import DeploymentState
from registry.tenants.models import City

EXTENSION = "hosting.glance"
STATES = ("on", "off", "attention", "maintenance", "newer", "changing")
ATTENTION = ("warn", "bad")


@dataclass(frozen=True)
class Cell:
    """One figure about one plugin: ``label`` (what it is), ``text`` (how it stands), both in the reader's language.

    ``tone`` is ``muted``, ``ok``, ``info``, ``warn`` or ``bad``: the last two put the plugin among those that need
    attention. ``url`` leads to the page that tells more; ``hint`` is a second, smaller line.
    """

    label: str
    text: str
    tone: str = "muted"
    url: str = ""
    hint: str = ""


Part = Callable[[City, Sequence[Deployment]], Mapping[int, Sequence[Cell]]]
"""Asked once per page with all deployments shown, in the city's scope; answers cells by deployment id."""


@dataclass(frozen=True)
class Row:
    """One plugin of the list; ``job`` is the change under way, ``newer`` whether its fork has a newer commit."""

    deployment: Deployment
    revision: Revision | None
    job: Any
    opd: str
    newer: bool
    cells: tuple[Cell, ...]

    @property
    def closed(self) -> bool:
        return not self.deployment.enabled and self.deployment.state != DeploymentState.CRASHED

    @property
    def attention(self) -> bool:
        """Whether somebody should look: it stopped, it says something, or a cell is not well."""
        told = self.deployment.state == DeploymentState.CRASHED or bool(self.deployment.state_message)
        return told or any(cell.tone in ATTENTION for cell in self.cells)

    def is_in(self, state: str) -> bool:
        """Whether the row belongs under one of `STATES`; an empty or unknown state takes every row."""
        found = {
            "on": not self.closed,
            "off": self.closed,
            "attention": self.attention,
            "maintenance": bool(self.deployment.maintenance),
            "changing": self.job is not None,
            "newer": self.newer,
        }
        return found.get(state, True)


def add_part(app: Flask, part: Part, order: int = 50) -> None:
    """Let ``part`` add cells to the list of plugins and to each plugin's overview; lower orders come first."""
    parts = app.extensions.setdefault(EXTENSION, [])
    parts.append((order, part))
    parts.sort(key=lambda pair: pair[0])


def cells(city: City, deployments: Sequence[Deployment]) -> dict[int, tuple[Cell, ...]]:
    """Every part's cells, by deployment id."""
    found: dict[int, list[Cell]] = {one.id: [] for one in deployments}
    for _order, part in current_app.extensions.get(EXTENSION, []):
        for deployment_id, added in part(city, deployments).items():
            found.setdefault(deployment_id, []).extend(added)
    return {key: tuple(value) for key, value in found.items()}


def rows(city: City) -> list[Row]:
    """Every plugin that was not taken away, by name. Needs the city's scope."""
    deployments = reading.deployments(city)
    told, serving = cells(city, deployments), reading.serving_of(deployments)
    jobs, units, apps = reading.open_jobs(city), reading.units(city), reading.apps(city)
    return [
        Row(
            deployment=one,
            revision=serving.get(one.id),
            job=jobs.get(reading.subject(one, city)),
            opd=units.get(one.opd_id or 0, ""),
            newer=_is_behind(city, one, serving.get(one.id), apps),
            cells=told.get(one.id, ()),
        )
        for one in deployments
    ]


def numbers(found: Sequence[Row]) -> dict[str, int]:
    """How many rows belong under each of `STATES`."""
    return {state: sum(row.is_in(state) for row in found) for state in STATES}


def _is_behind(city: City, one: Deployment, serving: Revision | None, apps: dict[int, App]) -> bool:
    app = apps.get(one.fork_id)
    tip = head(reading.repository_of(city, app), "main") if app and serving else None
    return bool(tip and serving and tip != serving.commit)


def chosen(found: Sequence[Row], words: str, state: str) -> list[Row]:
    """The rows whose name, version or unit hold every word, and that belong under ``state``."""
    wanted = words.casefold().split()
    return [row for row in found if row.is_in(state) and all(word in _text(row) for word in wanted)]


def _text(row: Row) -> str:
    version = row.revision.version if row.revision else ""
    return f"{row.deployment.name} {row.opd} {version}".casefold()
