"""The city's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from lumbung_plugin import city


def zone() -> ZoneInfo:
    """The city's timezone."""
    return ZoneInfo(city().timezone)


def now() -> datetime:
    """The present moment in the city's timezone."""
    return datetime.now(zone())
