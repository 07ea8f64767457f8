"""The figures everybody may see, and the same for the command centre."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

# Duplicates and refused reports are no cases of their own and count nowhere.
_CASES = "report.state NOT IN ('rejected', 'duplicate')"


@dataclass(frozen=True)
class Figures:
    """`median_days` counts from receipt to answer, `None` without answers; `share` is solved per hundred."""

    received: int
    solved: int
    overdue: int
    median_days: float | None
    rating: float | None

    @property
    def share(self) -> int | None:
        return round(100 * self.solved / self.received) if self.received else None


def since(days: int, now: datetime | None = None) -> str:
    """The start of the last `days` days as stored moments are written; 0 means from the beginning."""
    return ((now or datetime.now(UTC)) - timedelta(days=days)).isoformat(timespec="seconds") if days else ""


def overall(db: sqlite3.Connection, start: str, today: date) -> Figures:
    """The city's figures for reports received since `start`."""
    row = db.execute(
        f"""SELECT count(*) AS received, sum(state = 'answered') AS solved, avg(rating) AS rating,
        sum(state IN ('accepted', 'assigned') AND deadline < ?) AS overdue
        FROM report WHERE created_at >= ? AND {_CASES}""",  # noqa: S608 fixed text
        (today.isoformat(), start),
    ).fetchone()
    return Figures(
        received=row["received"],
        solved=row["solved"] or 0,
        overdue=row["overdue"] or 0,
        median_days=_median(_durations(db, start).get(None, [])),
        rating=round(row["rating"], 1) if row["rating"] is not None else None,
    )


def per_office(db: sqlite3.Connection, start: str) -> list[dict[str, object]]:
    """Per OPD: id, name, received, solved, median_days; the busiest first."""
    durations = _durations(db, start)
    rows = db.execute(
        f"""SELECT opd.id, opd.name, count(*) AS received, sum(report.state = 'answered') AS solved
        FROM report JOIN opd ON opd.id = report.opd_id WHERE report.created_at >= ? AND {_CASES}
        GROUP BY opd.id ORDER BY received DESC, opd.name""",  # noqa: S608 fixed text
        (start,),
    ).fetchall()
    return [{**dict(row), "median_days": _median(durations.get(row["id"], []))} for row in rows]


def per_category(db: sqlite3.Connection, start: str) -> list[sqlite3.Row]:
    """Per category: id, name, name_en, received; the busiest first."""
    return db.execute(
        f"""SELECT category.id, category.name, category.name_en, count(*) AS received
        FROM report JOIN category ON category.id = report.category_id
        WHERE report.created_at >= ? AND {_CASES}
        GROUP BY category.id ORDER BY received DESC, category.id""",  # noqa: S608 fixed text
        (start,),
    ).fetchall()


def per_week(db: sqlite3.Connection, today: date, weeks: int = 12) -> list[tuple[date, int]]:
    """Reports received per week, by its Monday (UTC), the last `weeks` weeks, empty weeks included."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    counts = dict.fromkeys((first + timedelta(weeks=step) for step in range(weeks)), 0)
    rows = db.execute(
        f"SELECT date(created_at) AS day, count(*) AS n FROM report WHERE created_at >= ? AND {_CASES} GROUP BY day",  # noqa: S608 fixed
        (first.isoformat(),),
    )
    for row in rows:
        day = date.fromisoformat(row["day"])
        week = day - timedelta(days=day.weekday())
        if week in counts:
            counts[week] += row["n"]
    return list(counts.items())


def _durations(db: sqlite3.Connection, start: str) -> dict[int | None, list[float]]:
    """Days from receipt to answer, per OPD id; all of them under `None`."""
    rows = db.execute(
        "SELECT opd_id, julianday(answered_at) - julianday(created_at) AS days FROM report "
        "WHERE state = 'answered' AND created_at >= ?",
        (start,),
    )
    found: dict[int | None, list[float]] = {None: []}
    for row in rows:
        found[None].append(row["days"])
        if row["opd_id"] is not None:
            found.setdefault(row["opd_id"], []).append(row["days"])
    return found


def _median(days: list[float]) -> float | None:
    return round(median(days), 1) if days else None
