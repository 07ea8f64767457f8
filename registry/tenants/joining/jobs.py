"""By the clock: drafts nobody comes back to go."""

from __future__ import annotations

from registry.core import jobs
from registry.core.uow import unit_of_work
from registry.tenants.joining import drafts


@jobs.every("tenants.forget_join_drafts", "23 18 * * *")
def forget() -> None:
    with unit_of_work():
        drafts.forget_old()
