"""Figures of the queue. Waiting is in seconds, counted as ``rules.waited_seconds`` says; a day is local."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from antrian import rules
from antrian.models import Service


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of figures. ``median`` and ``p90`` are None when nobody was called."""

    taken: int
    served: int
    absent: int
    cancelled: int
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, by day and by service, and how many were served in each hour of the day."""

    first: date
    last: date
    total: Tally
    days: list[tuple[date, Tally]]
    services: list[tuple[Service, Tally]]
    hours: list[tuple[int, float]]


def figures(
    connection: sqlite3.Connection, services: list[Service], first: date, last: date, zone: tzinfo
) -> Figures:
    """The figures of the days ``first`` to ``last``, both included; at most 92 days, the latest ones."""
    first = max(first, last - timedelta(days=91))
    rows = connection.execute(
        "SELECT service_id, day, state, waited, finished_at FROM ticket WHERE day BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat())).fetchall()
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    by_day: dict[str, list[sqlite3.Row]] = {day.isoformat(): [] for day in days}
    by_service: dict[int, list[sqlite3.Row]] = {service.id: [] for service in services}
    for row in rows:
        by_day[row["day"]].append(row)
        by_service.setdefault(row["service_id"], []).append(row)
    return Figures(
        first, last, tally(rows),
        [(day, tally(by_day[day.isoformat()])) for day in days if by_day[day.isoformat()]],
        [(service, tally(by_service[service.id])) for service in services],
        served_per_hour(rows, zone))


def tally(rows: list[sqlite3.Row]) -> Tally:
    """Counts and waiting times of ticket rows."""
    states = [row["state"] for row in rows]
    waits = [row["waited"] for row in rows if row["waited"] is not None]
    return Tally(len(rows), states.count("finished"), states.count("skipped"), states.count("cancelled"),
                 rules.percentile(waits, 0.5), rules.percentile(waits, 0.9))


def served_per_hour(rows: list[sqlite3.Row], zone: tzinfo) -> list[tuple[int, float]]:
    """People served in each hour of the day, as the mean over the days on which anyone was served.
    The hours run without a gap from the first to the last in which anyone was.
    """
    ended = [(row["day"], datetime.fromtimestamp(row["finished_at"], zone).hour)
             for row in rows if row["finished_at"] is not None]
    if not ended:
        return []
    days = len({day for day, _ in ended})
    hours = [hour for _, hour in ended]
    return [(hour, round(hours.count(hour) / days, 1)) for hour in range(min(hours), max(hours) + 1)]


def today_figures(connection: sqlite3.Connection, today: date) -> dict[str, int | None]:
    """Today for the command centre: numbers taken and not given back, served, waiting, median wait."""
    rows = connection.execute("SELECT state, waited FROM ticket WHERE day = ?", (today.isoformat(),)).fetchall()
    counted = tally(rows)
    waiting = [row["state"] for row in rows].count("waiting")
    return {"taken": counted.taken - counted.cancelled, "served": counted.served, "waiting": waiting,
            "median_wait_seconds": counted.median}
