"""Which charts a plugin's page shows, named in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.hosting.plain import Limits
from registry.monitor.charts import Chart, chart
from registry.monitor.reading import Range


def charts(shown: Range, limits: Limits) -> list[Chart]:
    """One value per step; figures with a limit carry it."""
    steps = shown.steps
    return [
        chart(
            _("Requests"),
            "count",
            [(_("answered"), [one.requests for one in steps]), (_("failed"), [one.errors for one in steps])],
        ),
        chart(
            _("Time to answer"),
            "seconds",
            [
                (_("half of them within"), [one.p50 for one in steps]),
                (_("95 of 100 within"), [one.p95 for one in steps]),
            ],
        ),
        chart(_("Memory"), "bytes", [(_("at most"), [one.memory for one in steps])], limits.memory),
        chart(_("Processors"), "cpu", [(_("on average"), [one.cpu for one in steps])], limits.cpu),
        chart(_("Data on disk"), "bytes", [(_("in the end"), [one.disk for one in steps])], limits.disk),
        chart(_("Wakes from sleep"), "count", [(_("wakes"), [one.wakes for one in steps])]),
    ]
