"""The figures everybody may see, and the same for the command centre. Each is one pass over one index."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure

# Duplicates, refused and withdrawn reports are no cases of their own and count nowhere.
_CASES = "report.state IN ('new', 'accepted', 'assigned', 'answered')"
# Named, for without statistics SQLite takes an index by state and reads every report.
_INDEX = "report INDEXED BY report_figures"
KPI_DAYS = 30

Tenths = Counter[int]
"""How many answers took how many tenths of a day."""


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


@dataclass(frozen=True)
class Line:
    """The figures of one office or category; `late` are past their deadline now."""

    id: int
    name: str
    name_en: str
    received: int
    solved: int
    late: int
    median_days: float | None


def since(days: int, now: datetime | None = None) -> str:
    """The start of the last `days` days as stored moments are written; 0 means from the beginning."""
    return ((now or datetime.now(UTC)) - timedelta(days=days)).isoformat(timespec="seconds") if days else ""


def overall(db: sqlite3.Connection, start: str, today: date) -> Figures:
    """The city's figures for reports received since `start`."""
    row = db.execute(
        f"""SELECT count(*) AS received, sum(state = 'answered') AS solved, avg(rating) AS rating,
        sum(state IN ('accepted', 'assigned') AND deadline < ?) AS overdue
        FROM {_INDEX} WHERE created_at >= ? AND {_CASES}""",  # noqa: S608 fixed text
        (today.isoformat(), start),
    ).fetchone()
    return Figures(
        received=row["received"],
        solved=row["solved"] or 0,
        overdue=row["overdue"] or 0,
        median_days=median(_tenths(db, start, "NULL").get(None, Counter())),
        rating=round(row["rating"], 1) if row["rating"] is not None else None,
    )


def per_office(db: sqlite3.Connection, start: str, today: date) -> list[Line]:
    """The busiest office first; reports no office has yet are in none."""
    return _lines(db, start, today, "office_id", "SELECT id, name, '' AS name_en FROM office")


def per_category(db: sqlite3.Connection, start: str, today: date) -> list[Line]:
    """The busiest category first."""
    return _lines(db, start, today, "category_id", "SELECT id, name, name_en FROM category")


def per_week(db: sqlite3.Connection, today: date, weeks: int = 12) -> list[tuple[date, int]]:
    """Reports received per week, by its Monday (UTC), the last `weeks` weeks, empty weeks included."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    counts = dict.fromkeys((first + timedelta(weeks=step) for step in range(weeks)), 0)
    rows = db.execute(
        f"SELECT substr(created_at, 1, 10) AS day, count(*) AS n FROM {_INDEX} "  # noqa: S608 fixed text
        f"WHERE created_at >= ? AND {_CASES} GROUP BY day",
        (first.isoformat(),),
    )
    for row in rows:
        day = date.fromisoformat(row["day"])
        week = day - timedelta(days=day.weekday())
        if week in counts:
            counts[week] += row["n"]
    return list(counts.items())


def told(db: sqlite3.Connection) -> list[Figure]:
    """For the command centre: the last 30 days, and what lies on the desks now."""
    found = overall(db, since(KPI_DAYS), clock.today())
    waiting, working, late = _desk(db, clock.today())
    figures = [
        Figure("lapor.diterima", found.received, "laporan", "Laporan masuk 30 hari", "Reports in 30 days"),
        Figure("lapor.menunggu", waiting, "laporan", "Menunggu diperiksa", "Waiting for a check", good="down"),
        Figure("lapor.dikerjakan", working, "laporan", "Belum dijawab", "Not answered yet", good="down"),
        Figure("lapor.terlambat", late, "laporan", "Lewat tenggat", "Past the deadline", good="down"),
    ]
    if found.share is not None:
        figures.append(
            Figure("lapor.selesai", found.share, "%", "Selesai dari 30 hari", "Solved of 30 days", good="up")
        )
    if found.median_days is not None:
        figures.append(
            Figure("lapor.hari", found.median_days, "hari", "Median hari sampai jawaban", "Median days", good="down")
        )
    if found.rating is not None:
        figures.append(Figure("lapor.nilai", found.rating, "dari 5", "Nilai dari pelapor", "Rating", good="up"))
    return figures


def median(tenths: Mapping[int, int]) -> float | None:
    """The median in days of answers counted by tenths of a day."""
    count = sum(tenths.values())
    if not count:
        return None
    middle = ((count - 1) // 2, count // 2)
    found, seen = [], 0
    for tenth in sorted(tenths):
        before, seen = seen, seen + tenths[tenth]
        found += [tenth for place in middle if before <= place < seen]
    return round(sum(found) / 20, 1)


def _lines(db: sqlite3.Connection, start: str, today: date, column: str, names: str) -> list[Line]:
    """`column` and `names` are literals of this module."""
    known = {row["id"]: row for row in db.execute(names)}
    tenths = _tenths(db, start, column)
    rows = db.execute(
        f"""SELECT {column} AS id, count(*) AS received, sum(state = 'answered') AS solved,
        sum(state IN ('accepted', 'assigned') AND deadline < ?) AS late
        FROM {_INDEX} WHERE created_at >= ? AND {_CASES} AND {column} IS NOT NULL GROUP BY {column}""",  # noqa: S608
        (today.isoformat(), start),
    ).fetchall()
    lines = [
        Line(
            row["id"],
            known[row["id"]]["name"],
            known[row["id"]]["name_en"],
            row["received"],
            row["solved"],
            row["late"] or 0,
            median(tenths.get(row["id"], Counter())),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.received, line.name))


def _tenths(db: sqlite3.Connection, start: str, column: str) -> dict[int | None, Tenths]:
    rows = db.execute(
        f"SELECT {column} AS of, tenths, count(*) AS n FROM {_INDEX} "  # noqa: S608 literals of this module
        "WHERE created_at >= ? AND state = 'answered' GROUP BY 1, 2",
        (start,),
    )
    found: dict[int | None, Tenths] = {}
    for row in rows:
        found.setdefault(row["of"], Counter())[row["tenths"]] += row["n"]
    return found


def _desk(db: sqlite3.Connection, today: date) -> tuple[int, int, int]:
    """How many reports wait for a check, are being worked on, and of these are past their deadline."""
    counts = {
        row["state"]: row["n"]
        for row in db.execute(
            "SELECT state, count(*) AS n FROM report WHERE state IN ('new', 'accepted', 'assigned') GROUP BY state"
        )
    }
    late = db.execute(
        "SELECT count(*) FROM report INDEXED BY report_deadline "
        "WHERE state IN ('accepted', 'assigned') AND deadline < ?",
        (today.isoformat(),),
    ).fetchone()[0]
    return counts.get("new", 0), counts.get("accepted", 0) + counts.get("assigned", 0), late
