"""Times by the clock: cron's five fields (minute hour day month weekday), in a city's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from croniter import croniter

FIELDS = re.compile(r"[0-9A-Za-z*,/-]{1,100}( [0-9A-Za-z*,/-]{1,100}){4}", re.ASCII)
SHORTEST_GAP = 5
"""Minutes: what runs more often belongs into the program, not into its clock."""

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def problem(text: str) -> str | None:
    """Why a time is refused, as a stable code: ``fields``, ``never`` (31 February) or ``often``."""
    if not FIELDS.fullmatch(text):
        return "fields"
    try:
        minutes = croniter.expand(text)[0][0]
        croniter(text, BEGIN).get_next(datetime)
    except ValueError as error:
        return "never" if "find next" in str(error) else "fields"
    return "often" if _shortest_gap(minutes) < SHORTEST_GAP else None


def _shortest_gap(minutes: list[int | str]) -> int:
    """Between two minutes of the hour, the next hour's first included."""
    if "*" in minutes:
        return 1
    known = sorted(int(minute) for minute in minutes)
    return min(later - earlier for earlier, later in pairwise([*known, known[0] + 60]))


def next_time(text: str, after: datetime, zone: str) -> datetime:
    """The first time later than ``after``, in UTC. Of a text without a `problem`."""
    found: datetime = croniter(text, after.astimezone(ZoneInfo(zone))).get_next(datetime)
    return found.astimezone(UTC)


def last_time(text: str, until: datetime, zone: str) -> datetime:
    """The newest time not later than ``until``, in UTC. Of a text without a `problem`."""
    local = until.astimezone(ZoneInfo(zone))
    if croniter.match(text, local):
        return local.replace(second=0, microsecond=0).astimezone(UTC)
    found: datetime = croniter(text, local).get_prev(datetime)
    return found.astimezone(UTC)
