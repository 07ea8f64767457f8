"""The city's numbers of working days, counted by the sdk's calendar."""

from datetime import date

from lumbung_plugin import settings, workdays


def next_deadline(start: date) -> date:
    """The day by which an office answers: the city's number of working days after `start`."""
    return workdays.add_working_days(start, settings()["deadline_days"])


def reminder_day(today: date) -> date:
    """Deadlines up to this day are near: the city's number of working days ahead."""
    return workdays.add_working_days(today, settings()["remind_days"])
