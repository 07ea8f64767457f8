"""What the list of plugins tells of each one's wishes and of its own figures (`registry.hosting.glance`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from registry.connect.models import Grant, Kpi
from registry.connect.rules import ASKED, Wish, wishes
from registry.core import clock
from registry.core.db import db
from registry.hosting import reading
from registry.hosting.glance import Cell
from registry.hosting.models import Deployment
from registry.hosting.plain import Manifest
from registry.tenants.models import City

SHOWN = 3
FRESH = timedelta(days=7)


def cells(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Wishes that wait for an answer, then the plugin's own figures of the last week."""
    found: dict[int, list[Cell]] = defaultdict(list)
    names = {one.id: one.name for one in deployments}
    for deployment_id, number in _waiting(deployments).items():
        url = url_for("connect.connections", city=city.slug, name=names[deployment_id])
        text = ngettext("%(num)s waits for your answer", "%(num)s wait for your answer", number)
        found[deployment_id].append(Cell(_("Connections"), text, "warn", url))
    for kpi in _figures(deployments):
        if sum(cell.tone == "muted" for cell in found[kpi.deployment_id]) < SHOWN:
            found[kpi.deployment_id].append(_told(kpi))
    return found


def _waiting(deployments: Sequence[Deployment]) -> dict[int, int]:
    """How many wishes of each nobody has answered yet."""
    rows = db.session.execute(
        select(Grant.deployment_id, Grant.kind, Grant.name)
        .where(Grant.deployment_id.in_([one.id for one in deployments]))
        .where(Grant.state != ASKED)
    )
    answered = defaultdict(set)
    for row in rows:
        answered[row.deployment_id].add(Wish(row.kind, row.name))
    asked = {
        key: set(wishes(Manifest.from_json(revision.build.manifest)))
        for key, revision in reading.serving_of(deployments).items()
    }
    numbers = {key: len(wanted - answered[key]) for key, wanted in asked.items()}
    return {key: number for key, number in numbers.items() if number}


def _figures(deployments: Sequence[Deployment]) -> list[Kpi]:
    """The newest value of each figure, those that were reported lately."""
    wanted = (
        select(Kpi)
        .where(Kpi.deployment_id.in_([one.id for one in deployments]), Kpi.day >= clock.today() - FRESH)
        .order_by(Kpi.deployment_id, Kpi.name, Kpi.day.desc())
        .distinct(Kpi.deployment_id, Kpi.name)
    )
    return list(db.session.scalars(wanted))


def _told(kpi: Kpi) -> Cell:
    language = str(get_locale() or "id")
    label = (kpi.label_id if language == "id" else kpi.label_en) or kpi.label_id or kpi.label_en or kpi.name
    return Cell(label, f"{format_decimal(round(kpi.value, 2))} {kpi.unit}".strip())
