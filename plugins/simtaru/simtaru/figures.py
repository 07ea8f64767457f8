"""Figures of the plan and of the service: for the administrator's page, and as KPIs for the city and siblings."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from lumbung_plugin import kpi, now, today

from simtaru import rules, store
from simtaru.rules import Stage

DAYS = 30


@dataclass(frozen=True, slots=True)
class Service:
    """The last 30 days: statements issued, waiting and late ones now, median days from request to statement."""

    issued: int
    refused: int
    waiting: int
    late: int
    days: float | None


def service(db: sqlite3.Connection) -> Service:
    since = (now() - timedelta(days=DAYS)).isoformat()
    closed = db.execute("SELECT stage, created_at, closed_at FROM request WHERE closed_at > ?", (since,)).fetchall()
    waited = [_days(row["created_at"], row["closed_at"]) for row in closed if row["stage"] != Stage.WITHDRAWN]
    waiting, late = db.execute(
        "SELECT count(*), coalesce(sum(due_on < ?), 0) FROM request WHERE stage = 'new'", (today().isoformat(),)
    ).fetchone()
    return Service(
        sum(row["stage"] in (Stage.ISSUED, Stage.WITHDRAWN) for row in closed),
        sum(row["stage"] == Stage.REFUSED for row in closed),
        waiting,
        late,
        round(median(waited), 1) if waited else None,
    )


def lookups_by_class(db: sqlite3.Connection, days: int = DAYS) -> list[tuple[str, int]]:
    """Which classes people looked up, the most asked for first; "" is outside of the plan."""
    since = (today() - timedelta(days=days)).isoformat()
    query = "SELECT code, sum(times) AS n FROM lookup WHERE day > ? GROUP BY code ORDER BY n DESC, code"
    return [(row["code"], row["n"]) for row in db.execute(query, (since,))]


def lookups_by_day(db: sqlite3.Connection, days: int = DAYS) -> list[tuple[date, int]]:
    """Each of the last days, those without any too."""
    first = today() - timedelta(days=days - 1)
    query = "SELECT day, sum(times) AS n FROM lookup WHERE day >= ? GROUP BY day"
    found = {row["day"]: row["n"] for row in db.execute(query, (first.isoformat(),))}
    listed = [first + timedelta(days=ahead) for ahead in range(days)]
    return [(day, found.get(day.isoformat(), 0)) for day in listed]


def green(db: sqlite3.Connection) -> float | None:
    """Per cent of the plan in force that is open green space."""
    plan = store.in_force(db)
    return rules.green_share({area.code: area.area for area in store.areas(db, plan["id"])}) if plan else None


def figures(db: sqlite3.Connection) -> list[kpi.Figure]:
    """What the city and siblings see; no place and no person among it."""
    told, share = service(db), green(db)
    asked = sum(times for _, times in lookups_by_class(db))
    found = [
        _figure("lookups", asked, "pencarian", "Pencarian zona, 30 hari", "Zone look-ups, 30 days", "up"),
        _figure("statements", told.issued, "surat", "Keterangan terbit, 30 hari", "Statements issued, 30 days", "up"),
        _figure("waiting", told.waiting, "permohonan", "Permohonan menunggu", "Requests waiting", "down"),
        _figure("late", told.late, "permohonan", "Permohonan lewat tenggat", "Requests past the deadline", "down"),
    ]
    if told.days is not None:
        found.append(
            _figure("days", told.days, "hari", "Median hari sampai dijawab", "Median days to an answer", "down")
        )
    if share is not None:
        words = ("Ruang terbuka hijau dalam rencana", "Open green space in the plan")
        found.append(_figure("green", share, "%", *words, "up"))
    return found


def _figure(name: str, value: float, unit: str, label: str, label_en: str, good: kpi.Good) -> kpi.Figure:
    return kpi.Figure(f"simtaru.{name}", value, unit, label, label_en, good=good)


def _days(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 86_400
