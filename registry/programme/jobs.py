"""By the clock: each month's adoption is kept."""

from __future__ import annotations

from registry.core import jobs
from registry.core.uow import unit_of_work
from registry.programme import adoption


@jobs.every("programme.note_month", "41 * * * *")
def note_month() -> None:
    with unit_of_work():
        adoption.note_month()
