"""What time it is, for tables (UTC) and for people (the city's timezone)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lumbung_plugin.city import timezone


def now() -> datetime:
    """This moment in UTC, whole seconds: `now().isoformat()` is what tables keep, and such texts sort as moments."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The day as people of the city count it."""
    return local(now()).date()


def local(moment: datetime | str) -> datetime:
    """A moment in the city's timezone. Text is ISO 8601; without an offset it is UTC."""
    held = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    aware = held if held.tzinfo else held.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(timezone()))
