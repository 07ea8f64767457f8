"""Months of the programme. Pure."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_to(day: date, count: int) -> list[date]:
    """The first days of ``count`` months, the last of them that of ``day``."""
    found = [month_of(day)]
    while len(found) < count:
        found.append(month_of(found[-1] - timedelta(days=1)))
    return found[::-1]


def month_after(month: date) -> date:
    return month_of(month + timedelta(days=31))
