"""One day on a page: what moved, what alarmed, what the offices owe."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lumbung_plugin import city, clock

from pusatkendali import history, trends
from pusatkendali.models import Theme
from pusatkendali.trends import Trend


@dataclass(frozen=True, slots=True)
class Line:
    """A figure at the end of the day, against the day before and the week before."""

    row: sqlite3.Row
    value: float
    day: Trend | None
    week: Trend | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Rows are of the tables they are named after; `unheard` are the siblings without a word since the day before."""

    day: date
    themes: list[tuple[Theme, list[Line]]]
    raised: list[sqlite3.Row]
    standing: list[sqlite3.Row]
    given: list[sqlite3.Row]
    closed: list[sqlite3.Row]
    late: list[sqlite3.Row]
    unheard: list[str]


def of(db: sqlite3.Connection, day: date) -> Summary:
    """The day from midnight to midnight in the city's timezone; today is as far as it has come."""
    start, end = _bounds(day)
    between = {"start": start, "end": end, "day": day.isoformat()}
    alert = (
        "SELECT alert.*, figure.label_id, figure.label_en, figure.unit FROM alert JOIN figure ON figure.id = figure_id "
    )
    order = "SELECT * FROM register "
    return Summary(
        day,
        _themes(db, day),
        db.execute(f"{alert} WHERE raised_at >= :start AND raised_at < :end ORDER BY raised_at", between).fetchall(),
        db.execute(
            f"{alert} WHERE raised_at < :end AND (ended_at IS NULL OR ended_at >= :end) ORDER BY raised_at", between
        ).fetchall(),
        db.execute(f"{order} WHERE given_at >= :start AND given_at < :end ORDER BY number", between).fetchall(),
        db.execute(f"{order} WHERE closed_at >= :start AND closed_at < :end ORDER BY number", between).fetchall(),
        db.execute(
            f"{order} WHERE given_at < :end AND due < :day AND (reported_at IS NULL OR reported_at >= :end "
            "OR state = 'returned') AND (closed_at IS NULL OR closed_at >= :end) ORDER BY due",
            between,
        ).fetchall(),
        _unheard(db, start),
    )


def _bounds(day: date) -> tuple[str, str]:
    zone = ZoneInfo(city().timezone)
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    utc = ZoneInfo("UTC")
    return start.astimezone(utc).isoformat(), end.astimezone(utc).isoformat()


def _themes(db: sqlite3.Connection, day: date) -> list[tuple[Theme, list[Line]]]:
    points = history.days(db, (day - timedelta(days=37)).isoformat(), day.isoformat())
    rows = db.execute("SELECT * FROM figure WHERE hidden = 0 ORDER BY position, app, id").fetchall()
    lines = [line for row in rows if (line := _line(row, points.get(row["id"], []), day))]
    themes = [(theme, [line for line in lines if line.row["theme"] == theme]) for theme in Theme]
    return [(theme, listed) for theme, listed in themes if listed]


def _line(row: sqlite3.Row, points: list[tuple[str, float]], day: date) -> Line | None:
    value = history.value_before(points, day.isoformat())
    if value is None:
        return None
    before = history.value_before(points, (day - timedelta(days=1)).isoformat())
    week = history.value_before(points, (day - timedelta(days=7)).isoformat())
    return Line(row, value, trends.trend(value, before, row["good"]), trends.trend(value, week, row["good"]))


def _unheard(db: sqlite3.Connection, start: str) -> list[str]:
    before = (datetime.fromisoformat(start) - timedelta(days=1)).isoformat()
    rows = db.execute("SELECT app FROM source WHERE active = 1 AND (heard_at IS NULL OR heard_at < ?)", (before,))
    return [row["app"] for row in rows if clock.now().isoformat() >= start]
