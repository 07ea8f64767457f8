"""Days as the city counts them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from lumbung_plugin import city, settings

from lapor import rules


def today() -> date:
    return datetime.now(ZoneInfo(city().timezone)).date()


def next_deadline(start: date) -> date:
    """The day by which an office answers, by the city's number of working days and its holidays."""
    holidays = {date.fromisoformat(day) for day in settings()["holidays"]}
    return rules.deadline(start, settings()["deadline_days"], holidays)
