"""What the worker does by the clock."""

from __future__ import annotations

from registry.core import jobs
from registry.tenants.people import appointed


@jobs.every("people.remind", "10 1 * * 1,2")
def remind() -> None:
    """Monday morning of Indonesia; Tuesday again, for what was asleep on Monday: a week has one reminder."""
    appointed.remind()
