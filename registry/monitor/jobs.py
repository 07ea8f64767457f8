"""The worker's part: every minute the figures are judged, every hour they are summed up."""

from __future__ import annotations

from registry.core.jobs import every
from registry.core.uow import unit_of_work
from registry.monitor import service


@every("monitor.judge", "* * * * *")
def judge() -> None:
    """Each change in a unit of work of its own: what was told stays told when the worker is killed."""
    for change in service.changes():
        with unit_of_work():
            service.apply(change)


@every("monitor.roll_up", "5 * * * *")
def roll_up() -> None:
    with unit_of_work():
        service.roll_up()
