"""What the worker does by the clock."""

from __future__ import annotations

from registry.core import jobs
from registry.tenants.agreements import reminding


@jobs.every("agreements.remind", "20 17,23 * * *")
def remind() -> None:
    """At 00:20 and 06:20 WIB, soon after its day has begun (`core.clock.today`), and once more if that failed."""
    reminding.remind()
