"""The figures everybody may see, and the same for the command centre: one pass over one index counts a whole page."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure

# Duplicates, refused and withdrawn reports are no cases of their own and count nowhere.
_CASES = "report.state IN ('new', 'accepted', 'assigned', 'answered')"
# Named, for without statistics SQLite takes an index by state and reads every report. The second lies in the order of
# the groups, so that nothing is sorted.
_BY_DAY = "report INDEXED BY report_days"
_BY_GROUP = "report INDEXED BY report_groups"
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


@dataclass(frozen=True)
class Group:
    """Reports alike in `category_id`, `office_id` (none yet: `None`) and in how long they took: tenths of a day until
    the answer, `None` without one. `stars` is the sum of `ratings` ratings."""

    category_id: int
    office_id: int | None
    tenths: int | None
    solved: bool
    count: int
    late: int
    stars: int
    ratings: int


def groups(db: sqlite3.Connection, start: str, today: date) -> list[Group]:
    """All cases received since `start`, grouped; whatever a page tells of them is added up from these."""
    rows = db.execute(
        f"""SELECT category_id, office_id, tenths, state = 'answered', count(*),
        count(CASE WHEN state <> 'answered' AND deadline < ? THEN 1 END), sum(rating), count(rating)
        FROM {_BY_GROUP} WHERE created_at >= ? AND {_CASES} GROUP BY state, category_id, office_id, tenths""",  # noqa: S608
        (today.isoformat(), start),
    )
    return [
        Group(category, office, tenths if solved else None, bool(solved), count, late, stars or 0, ratings)
        for category, office, tenths, solved, count, late, stars, ratings in rows
    ]


def overall(found: Sequence[Group]) -> Figures:
    """The figures of the city."""
    ratings = sum(group.ratings for group in found)
    return Figures(
        received=sum(group.count for group in found),
        solved=sum(group.count for group in found if group.solved),
        overdue=sum(group.late for group in found),
        median_days=median(_tenths(found)),
        rating=round(sum(group.stars for group in found) / ratings, 1) if ratings else None,
    )


def per_office(db: sqlite3.Connection, found: Sequence[Group]) -> list[Line]:
    """The busiest office first; reports no office has yet are in none."""
    parts: dict[int, list[Group]] = {}
    for group in found:
        if group.office_id is not None:
            parts.setdefault(group.office_id, []).append(group)
    return _lines(parts, db.execute("SELECT id, name, '' AS name_en FROM office"))


def per_category(db: sqlite3.Connection, found: Sequence[Group]) -> list[Line]:
    """The busiest category first."""
    parts: dict[int, list[Group]] = {}
    for group in found:
        parts.setdefault(group.category_id, []).append(group)
    return _lines(parts, db.execute("SELECT id, name, name_en FROM category"))


def per_week(db: sqlite3.Connection, today: date, weeks: int = 12) -> list[tuple[date, int]]:
    """Reports received per week, by its Monday (UTC), the last `weeks` weeks, empty weeks included."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    counts = dict.fromkeys((first + timedelta(weeks=step) for step in range(weeks)), 0)
    rows = db.execute(
        f"SELECT substr(created_at, 1, 10) AS day, count(*) AS n FROM {_BY_DAY} "  # noqa: S608 fixed text
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
    found = overall(groups(db, since(KPI_DAYS), clock.today()))
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


def _lines(parts: Mapping[int, Sequence[Group]], names: Iterable[sqlite3.Row]) -> list[Line]:
    known = {row["id"]: row for row in names}
    lines = []
    for key, found in parts.items():
        told = overall(found)
        name = known[key]
        lines.append(
            Line(key, name["name"], name["name_en"], told.received, told.solved, told.overdue, told.median_days)
        )
    return sorted(lines, key=lambda line: (-line.received, line.name))


def _tenths(found: Iterable[Group]) -> Tenths:
    counted: Tenths = Counter()
    for group in found:
        if group.tenths is not None:
            counted[group.tenths] += group.count
    return counted


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
