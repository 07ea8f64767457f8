"""What figures were: every five minutes for two days, every hour for sixty, every day for five years."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from lumbung_plugin import clock

from pusatkendali.models import Grain

KEPT = {Grain.RAW: timedelta(days=2), Grain.HOUR: timedelta(days=60), Grain.DAY: timedelta(days=5 * 366)}
SLOT = 5
MOST_POINTS = 2_000

_WRITE = (
    "INSERT INTO history (figure_id, grain, at, value, low, high) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (figure_id, grain, at) DO UPDATE SET value = excluded.value, "
    "low = min(low, excluded.low), high = max(high, excluded.high)"
)


def record(db: sqlite3.Connection, figure_id: int, value: float, at: datetime) -> None:
    """Keep a value in all three grains; a later one of the same slot takes its place."""
    db.executemany(_WRITE, [(figure_id, grain, key(grain, at), value, value, value) for grain in Grain])


def key(grain: Grain, at: datetime) -> str:
    """The slot a moment (with its zone) falls into; days are the city's, the others UTC."""
    if grain is Grain.DAY:
        return clock.local(at).date().isoformat()
    if grain is Grain.HOUR:
        return at.replace(minute=0, second=0, microsecond=0).isoformat()
    return at.replace(minute=at.minute // SLOT * SLOT, second=0, microsecond=0).isoformat()


def series(db: sqlite3.Connection, figure_id: int, grain: Grain, since: datetime | None = None) -> list[sqlite3.Row]:
    """Rows of `at value low high`, the oldest first, at most the last 2,000."""
    start = key(grain, since) if since else ""
    rows = db.execute(
        "SELECT at, value, low, high FROM history WHERE figure_id = ? AND grain = ? AND at >= ? "
        "ORDER BY at DESC LIMIT ?",
        (figure_id, grain, start, MOST_POINTS),
    ).fetchall()
    return rows[::-1]


def days(db: sqlite3.Connection, since: str, until: str = "9999") -> dict[int, list[tuple[str, float]]]:
    """For every figure its daily values from day to day, (day, value) in order."""
    found: dict[int, list[tuple[str, float]]] = {}
    rows = db.execute(
        "SELECT figure_id, at, value FROM history WHERE grain = 'day' AND at BETWEEN ? AND ? ORDER BY figure_id, at",
        (since, until),
    )
    for row in rows:
        found.setdefault(row["figure_id"], []).append((row["at"], row["value"]))
    return found


def value_before(points: Iterable[tuple[str, float]], day: str) -> float | None:
    """The value at the end of `day`, or of the last day before it that has one."""
    past = [value for at, value in points if at <= day]
    return past[-1] if past else None


def prune(db: sqlite3.Connection, now: datetime) -> int:
    """Forget what is older than its grain is kept; returns how many points went."""
    return sum(
        db.execute("DELETE FROM history WHERE grain = ? AND at < ?", (grain, key(grain, now - kept))).rowcount
        for grain, kept in KEPT.items()
    )
