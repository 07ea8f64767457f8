"""The promised day in working days, without the days on which the applicant corrected something."""

from datetime import date

from lumbung_plugin import workdays


def due(sent: date, standard: int, paused: int) -> date:
    """The promised day: `standard` working days after the day of sending, and `paused` more.

    Raises ValueError above 5000 working days.
    """
    return workdays.add_working_days(sent, standard + paused)


def between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; 0 when it is not later."""
    return max(workdays.working_days(start, end), 0) if end > start else 0
