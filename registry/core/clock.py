"""The one clock: everything is stored in UTC and shown in the city's zone."""

from datetime import UTC, date, datetime, timedelta, timezone

SEAT = timezone(timedelta(hours=7), "WIB")
"""Where the programme is at home: western Indonesia, without summer time."""

_ahead = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _ahead


def today() -> date:
    """The day on papers and in terms. In UTC it would be yesterday until seven in the morning, and whoever signs at
    eight in Jayapura would sign in the future.
    """
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day at the programme's seat when ``moment`` was."""
    return moment.astimezone(SEAT).date()


def move(by: timedelta) -> None:
    """For tests of what happens with time: from here on this process lives that much later, moves add up."""
    global _ahead
    _ahead += by


def back() -> None:
    """The real time again."""
    global _ahead
    _ahead = timedelta()
