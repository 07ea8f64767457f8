"""Deadlines in working days. The calendar of holidays is a library of its own, loaded when the first day is counted.

Public holidays come from the library `holidays`; those that follow the moon are estimates until the yearly joint decree
of the ministers is known to it. What the city adds (joint leave, a local holiday) stands in the setting `holidays`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from flask import has_app_context
from flask_babel import get_locale
from flask_babel import gettext as _

from lumbung_plugin.config import settings

SATURDAY = 5
MOST_WORKING_DAYS = 5000
# Some twenty years: longer than any deadline, short enough to count day by day.
MOST_DAYS = 7320
DAY = timedelta(days=1)


def holidays_of(year: int) -> dict[date, str]:
    """The public holidays of a year and the city's own, in order, named in the page's language (else Indonesian).

    The setting `holidays` is a list of ISO days; what is none in it is left out.
    """
    locale = get_locale() if has_app_context() else None
    english = locale is not None and locale.language == "en"
    own_name = _("Holiday of the city") if has_app_context() else "Hari libur kota"
    own = {day: own_name for day in _chosen() if day.year == year}
    return dict(sorted((own | dict(_national(year, "en_US" if english else "id"))).items()))


def is_working(day: date) -> bool:
    """Whether offices work: Monday to Friday, no holiday."""
    return day.weekday() < SATURDAY and day not in _national(day.year, "id") and day not in _chosen()


def add_working_days(start: date, days: int) -> date:
    """The day `days` working days after `start`, which itself does not count.

    Raises ValueError when it is not 0 to 5000 days.
    """
    if not 0 <= days <= MOST_WORKING_DAYS:
        raise ValueError(f"{days} working days: only 0 to {MOST_WORKING_DAYS} can be added")
    day, left = start, days
    while left:
        day += DAY
        left -= is_working(day)
    return day


def working_days(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; below 0 when `end` is the earlier one.

    Raises ValueError when they lie more than twenty years apart.
    """
    if end < start:
        return -working_days(end, start)
    span = (end - start).days
    if span > MOST_DAYS:
        raise ValueError(f"{start} and {end} lie more than {MOST_DAYS} days apart")
    return sum(is_working(start + timedelta(days=ahead)) for ahead in range(1, span + 1))


def _chosen() -> frozenset[date]:
    listed = settings().get("holidays")
    return _days(tuple(str(day) for day in listed) if isinstance(listed, list | tuple) else ())


@lru_cache(maxsize=4)
def _days(texts: tuple[str, ...]) -> frozenset[date]:
    found = set()
    for text in texts:
        with suppress(ValueError):
            found.add(date.fromisoformat(text))
    return frozenset(found)


@lru_cache(maxsize=64)
def _national(year: int, language: str) -> Mapping[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 - 12 MB and 0.1 s that a page without deadlines does not need

    return dict(country_holidays("ID", years=year, language=language))
