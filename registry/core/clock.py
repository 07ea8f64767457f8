"""The one clock: everything is stored in UTC and shown in the city's zone."""

from datetime import UTC, date, datetime


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().date()
