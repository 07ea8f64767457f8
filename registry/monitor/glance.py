"""What the list of plugins tells of each one's load and space (`registry.hosting.glance`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from registry.hosting.alerts import open_alerts
from registry.hosting.glance import Cell
from registry.hosting.models import Deployment
from registry.monitor import reading, words
from registry.monitor.rules import ERRORS, FEW, SLOW
from registry.tenants.models import City


def cells(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Load of the last minutes of those that were awake, and every open alert."""
    found: dict[int, list[Cell]] = {one.id: [] for one in deployments}
    names = {one.id: one.name for one in deployments}
    for deployment_id, load in reading.loads(deployments).items():
        url = url_for("monitor.figures", city=city.slug, name=names[deployment_id])
        found[deployment_id].append(_load(load, url))
        found[deployment_id].append(Cell(_("Data"), words.amount(load.disk, "bytes"), url=url))
    for alert in open_alerts(city):
        if alert.deployment_id in found:
            url = url_for("monitor.alerts", city=city.slug)
            found[alert.deployment_id].append(Cell(_("Alert"), words.title(alert.kind), "bad", url))
    return found


def _load(load: reading.Step, url: str) -> Cell:
    failing = load.requests >= FEW and load.errors > load.requests * ERRORS
    slow = load.p95 is not None and load.p95 > SLOW
    text = _("%(n)s requests in 10 minutes", n=words.amount(load.requests, "count"))
    hint = _("95%% within %(time)s", time=words.amount(load.p95, "seconds")) if load.p95 is not None else ""
    return Cell(_("Load"), text, "warn" if failing or slow else "muted", url, hint)
