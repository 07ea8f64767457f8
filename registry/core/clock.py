"""The one clock: everything is stored in UTC and shown in the city's zone."""

from datetime import UTC, date, datetime, timedelta

_ahead = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _ahead


def today() -> date:
    return now().date()


def move(by: timedelta) -> None:
    """For tests of what happens with time: from here on this process lives that much later, moves add up."""
    global _ahead
    _ahead += by


def back() -> None:
    """The real time again."""
    global _ahead
    _ahead = timedelta()
