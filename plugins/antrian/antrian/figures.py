"""Figures of the queue. Waiting is in seconds, counted as ``rules.waited_seconds`` says; a day is local."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from lumbung_plugin import clock, kpi

from antrian import rules
from antrian.models import Service

MOST_DAYS = 92
USUAL_DAYS = 28
FEWEST_FOR_USUAL = 3
"""A usual wait told from fewer people would be chance."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of figures. ``median`` and ``p90`` are None when nobody was called."""

    taken: int
    served: int
    absent: int
    cancelled: int
    priority: int
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, by day, by service and by the hour people were due in; and how many were served in each hour."""

    first: date
    last: date
    total: Tally
    days: list[tuple[date, Tally]]
    services: list[tuple[Service, Tally]]
    hours: list[tuple[int, Tally]]
    served: list[tuple[int, float]]


def figures(connection: sqlite3.Connection, services: list[Service], first: date, last: date, zone: tzinfo) -> Figures:
    """The figures of the days ``first`` to ``last``, both included; at most 92 days, the latest ones."""
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    rows = _rows(connection, first, last)
    days = _grouped(rows, "day")
    by_service = _grouped(rows, "service_id")
    hours = _grouped(rows, "hour")
    return Figures(
        first,
        last,
        tally(rows),
        [(date.fromisoformat(day), tally(days[day])) for day in sorted(days)],
        [(service, tally(by_service.get(service.id, []))) for service in services],
        [(hour, tally(hours[hour])) for hour in sorted(hours)],
        served_per_hour(rows, zone),
    )


def table(
    connection: sqlite3.Connection, services: list[Service], first: date, last: date
) -> Iterator[tuple[object, ...]]:
    """Rows for a spreadsheet: day, hour, letter, service, then a Tally with waits in minutes; nobody's data."""
    known = {service.id: service for service in services}
    groups = _grouped(_rows(connection, first, last), "day", "hour", "service_id")
    for key in sorted(groups):
        day, hour, service_id = key
        counted, service = tally(groups[key]), known[service_id]
        yield (
            day,
            f"{hour:02d}:00",
            service.code,
            service.name,
            counted.taken,
            counted.served,
            counted.absent,
            counted.cancelled,
            counted.priority,
            _minutes(counted.median),
            _minutes(counted.p90),
        )


def usual_waits(connection: sqlite3.Connection, service_id: int, today: date) -> dict[int, int]:
    """The median wait of the last four weeks by the hour of the slot; hours with too few people are left out."""
    rows = connection.execute(
        "SELECT CAST(substr(slot_start, 1, 2) AS INTEGER) AS hour, waited FROM ticket WHERE service_id = ?"
        " AND day >= ? AND day < ? AND waited IS NOT NULL",
        (service_id, (today - timedelta(days=USUAL_DAYS)).isoformat(), today.isoformat()),
    ).fetchall()
    usual = {hour: [row["waited"] for row in found] for hour, found in _grouped(rows, "hour").items()}
    return {hour: rules.percentile(waits, 0.5) or 0 for hour, waits in usual.items() if len(waits) >= FEWEST_FOR_USUAL}


def tally(rows: list[sqlite3.Row]) -> Tally:
    """Counts and waiting times of ticket rows."""
    states = [row["state"] for row in rows]
    waits = [row["waited"] for row in rows if row["waited"] is not None]
    return Tally(
        len(rows),
        states.count("finished"),
        states.count("skipped"),
        states.count("cancelled"),
        sum(row["priority"] for row in rows),
        rules.percentile(waits, 0.5),
        rules.percentile(waits, 0.9),
    )


def served_per_hour(rows: list[sqlite3.Row], zone: tzinfo) -> list[tuple[int, float]]:
    """People served in each hour of the day, as the mean over the days on which anyone was served.
    The hours run without a gap from the first to the last in which anyone was.
    """
    ended = [
        (row["day"], datetime.fromtimestamp(row["finished_at"], zone).hour)
        for row in rows
        if row["finished_at"] is not None
    ]
    if not ended:
        return []
    days = len({day for day, _ in ended})
    hours = [hour for _, hour in ended]
    return [(hour, round(hours.count(hour) / days, 1)) for hour in range(min(hours), max(hours) + 1)]


def told(connection: sqlite3.Connection) -> list[kpi.Figure]:
    """Today for the city's command centre and siblings: counts only."""
    today = clock.today()
    rows = _rows(connection, today, today)
    counted, waiting = tally(rows), [row["state"] for row in rows].count("waiting")
    called = counted.served + counted.absent
    figures = [
        kpi.Figure(
            "antrian.diambil",
            counted.taken - counted.cancelled,
            "nomor",
            "Nomor diambil hari ini",
            "Numbers taken today",
        ),
        kpi.Figure("antrian.menunggu", waiting, "orang", "Menunggu dilayani", "Waiting to be served", good="down"),
        kpi.Figure("antrian.dilayani", counted.served, "orang", "Dilayani hari ini", "Served today", good="up"),
        kpi.Figure(
            "antrian.prioritas", counted.priority, "nomor", "Nomor prioritas hari ini", "Numbers with priority today"
        ),
    ]
    if counted.median is not None and counted.p90 is not None:
        figures += [
            kpi.Figure(
                "antrian.tunggu_median",
                round(counted.median / 60, 1),
                "menit",
                "Waktu tunggu tengah hari ini",
                "Median wait today",
                good="down",
            ),
            kpi.Figure(
                "antrian.tunggu_p90",
                round(counted.p90 / 60, 1),
                "menit",
                "Waktu tunggu persentil 90 hari ini",
                "90th percentile of waiting today",
                good="down",
            ),
        ]
    if called:
        figures.append(
            kpi.Figure(
                "antrian.tidak_hadir",
                round(100 * counted.absent / called, 1),
                "persen",
                "Tidak hadir saat dipanggil",
                "Did not come when called",
                good="down",
            )
        )
    return figures


def _rows(connection: sqlite3.Connection, first: date, last: date) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT service_id, day, CAST(substr(slot_start, 1, 2) AS INTEGER) AS hour, state, priority, waited,"
        " finished_at FROM ticket WHERE day BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat()),
    ).fetchall()


def _grouped(rows: Iterable[sqlite3.Row], *names: str) -> dict[Any, list[sqlite3.Row]]:
    """Rows by the value of one column, or by a tuple of several."""
    found: dict[Any, list[sqlite3.Row]] = {}
    for row in rows:
        key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
        found.setdefault(key, []).append(row)
    return found


def _minutes(seconds: int | None) -> float | str:
    return "" if seconds is None else round(seconds / 60, 1)
