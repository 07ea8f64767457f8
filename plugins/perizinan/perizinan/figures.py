"""How permits go: per type for everybody, in a few numbers for the city and its command centre."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from lumbung_plugin import kpi, today

from perizinan import rules
from perizinan.rules import Punctuality

YEAR, QUARTER, MONTH = 365, 90, 30


@dataclass(frozen=True)
class OfType:
    """A type's figures of a period."""

    row: sqlite3.Row
    received: int
    issued: int
    refused: int
    running: int
    punctuality: Punctuality


def of_types(db: sqlite3.Connection, days: int = YEAR) -> list[OfType]:
    """Every open type's figures of the last `days` days."""
    since = today() - timedelta(days=days)
    types = db.execute("SELECT * FROM permit_type WHERE active = 1 ORDER BY name").fetchall()
    return [_of_type(db, row, since) for row in types]


def together(db: sqlite3.Connection, days: int = YEAR) -> Punctuality:
    """How fast, and how often in time, over all types."""
    return rules.punctuality(_cases(db, today() - timedelta(days=days)))


def by_month(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """Applications received in each of the last twelve months, as (`2026-11`, number)."""
    first = today().replace(day=1)
    months = []
    for _ in range(12):
        months.append(first.isoformat()[:7])
        first = (first - timedelta(days=1)).replace(day=1)
    query = "SELECT substr(sent_on, 1, 7) AS month, count(*) AS n FROM application WHERE sent_on >= ? GROUP BY 1"
    found = {row["month"]: row["n"] for row in db.execute(query, (f"{months[-1]}-01",))}
    return [(month, found.get(month, 0)) for month in reversed(months)]


def figures(db: sqlite3.Connection) -> list[kpi.Figure]:
    """What siblings and the city read: eight numbers, nobody's data."""
    day = today()
    in_time = rules.punctuality(_cases(db, day - timedelta(days=QUARTER)))
    month = (day - timedelta(days=MONTH)).isoformat()
    now = _present(db, day)
    received = db.execute("SELECT count(*) FROM application WHERE sent_on >= ?", (month,)).fetchone()[0]
    issued = db.execute("SELECT count(*) FROM permit WHERE issued_on >= ?", (month,)).fetchone()[0]
    found = [
        kpi.Figure("perizinan.diterima", received, "permohonan", "Diterima 30 hari", "Received in 30 days"),
        kpi.Figure("perizinan.terbit", issued, "izin", "Terbit 30 hari", "Issued in 30 days"),
        kpi.Figure("perizinan.berjalan", now["running"], "permohonan", "Sedang diproses", "Being handled"),
        kpi.Figure("perizinan.perbaikan", now["waiting"], "permohonan", "Menunggu perbaikan", "Being corrected"),
        kpi.Figure("perizinan.terlambat", now["late"], "permohonan", "Lewat janji", "Past the promise", good="down"),
        kpi.Figure("perizinan.berlaku", now["valid"], "izin", "Izin berlaku", "Valid permits"),
    ]
    if in_time.share is not None and in_time.median_days is not None:
        share, days = in_time.share, in_time.median_days
        found += [
            kpi.Figure("perizinan.tepat_waktu", share, "%", "Tepat waktu 90 hari", "In time, 90 days", good="up"),
            kpi.Figure(
                "perizinan.median_hari", days, "hari kerja", "Median lama proses", "Median duration", good="down"
            ),
        ]
    return found


def _present(db: sqlite3.Connection, day: date) -> dict[str, int]:
    row = db.execute(
        "SELECT coalesce(sum(state IN ('checking', 'correction', 'surveying', 'deciding')), 0) AS running,"
        " coalesce(sum(state = 'correction'), 0) AS waiting,"
        " coalesce(sum(state IN ('checking', 'surveying', 'deciding') AND deadline < ?), 0) AS late FROM application",
        (day.isoformat(),),
    ).fetchone()
    valid = db.execute(
        "SELECT count(*) FROM permit WHERE revoked_on IS NULL AND (valid_until IS NULL OR valid_until >= ?)",
        (day.isoformat(),),
    ).fetchone()[0]
    return {"running": row["running"], "waiting": row["waiting"], "late": row["late"], "valid": valid}


def _of_type(db: sqlite3.Connection, row: sqlite3.Row, since: date) -> OfType:
    counted = db.execute(
        "SELECT count(*) AS received, coalesce(sum(state = 'issued'), 0) AS issued,"
        " coalesce(sum(state = 'refused'), 0) AS refused,"
        " coalesce(sum(state IN ('checking', 'correction', 'surveying', 'deciding')), 0) AS running"
        " FROM application WHERE type_id = ? AND sent_on >= ?",
        (row["id"], since.isoformat()),
    ).fetchone()
    cases = _cases(db, since, row["id"])
    return OfType(
        row, *(counted[key] for key in ("received", "issued", "refused", "running")), rules.punctuality(cases)
    )


def _cases(db: sqlite3.Connection, since: date, type_id: int | None = None) -> list[tuple[int, bool]]:
    rows = db.execute(
        "SELECT used_days, in_time FROM application WHERE used_days IS NOT NULL AND closed_at >= ?"
        " AND (? IS NULL OR type_id = ?)",
        (since.isoformat(), type_id, type_id),
    )
    return [(row["used_days"], bool(row["in_time"])) for row in rows]
