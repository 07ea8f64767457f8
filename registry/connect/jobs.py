"""What the worker tidies up: days that nobody asks about any more."""

from __future__ import annotations

from sqlalchemy import delete

from registry.connect.models import Kpi, Outward
from registry.connect.rules import KPI_KEPT
from registry.core import clock
from registry.core.db import db
from registry.core.jobs import every
from registry.core.uow import unit_of_work


@every("connect.forget", "23 18 * * *")
def forget() -> None:
    """Figures and counts of days longer ago than `KPI_KEPT`, also of plugins that report nothing any more."""
    oldest = clock.today() - KPI_KEPT
    with unit_of_work():
        for model in (Kpi, Outward):
            db.session.execute(delete(model).where(model.day < oldest))
