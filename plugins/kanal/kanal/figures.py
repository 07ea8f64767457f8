"""Figures for the city and its command centre, and how fast each office responds: counts only."""

import sqlite3
from datetime import datetime, timedelta

from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure

from kanal import accounts
from kanal.config import chosen
from kanal.rules import Speed, speed

DAYS = 30


def speeds(db: sqlite3.Connection, days: int = DAYS, office: int | None = None) -> list[tuple[str, int, Speed]]:
    """(office, still waiting, speed) of mentions that arrived in the last days; spam does not count."""
    since = (clock.now() - timedelta(days=days)).isoformat()
    waits: dict[str, list[timedelta]] = {}
    waiting: dict[str, int] = {}
    for row in db.execute(
        "SELECT coalesce(office.name, '') AS office, state, received_at, decided_at FROM mention"
        " LEFT JOIN office ON office.id = office_id WHERE received_at > ? AND state NOT IN ('spam', 'irrelevant')"
        " AND (? IS NULL OR office_id = ?)",
        (since, office, office),
    ):
        name = row["office"]
        waits.setdefault(name, [])
        if row["decided_at"]:
            waits[name].append(_between(row["received_at"], row["decided_at"]))
        else:
            waiting[name] = waiting.get(name, 0) + 1
    limit = int(chosen()["answer_hours"])
    return [(name, waiting.get(name, 0), speed(found, limit)) for name, found in sorted(waits.items())]


def together(db: sqlite3.Connection, days: int = DAYS) -> Speed:
    """The same for the whole city."""
    since = (clock.now() - timedelta(days=days)).isoformat()
    rows = db.execute("SELECT received_at, decided_at FROM mention WHERE received_at > ? AND decided_at IS NOT NULL"
                      " AND state IN ('answered', 'reported')", (since,))  # fmt: skip
    return speed([_between(row["received_at"], row["decided_at"]) for row in rows], int(chosen()["answer_hours"]))


def count(db: sqlite3.Connection) -> list[Figure]:
    """The present state."""
    found = together(db)
    told = [
        _figure(db, "akun", "akun", "Akun resmi", "Official accounts",
                "SELECT count(*) FROM account WHERE active", "up"),
        Figure("kanal.unit-tanpa-akun", len(accounts.without(db)), "unit", "Unit tanpa akun",
               "Units without an account", good="down"),
        _figure(db, "bermasalah", "akun", "Akun bermasalah", "Accounts with a problem",
                "SELECT count(*) FROM known_account WHERE active AND outcome = 'problem'", "down"),
        Figure("kanal.pemeriksaan", len(accounts.overdue(db)), "akun", "Akun perlu diperiksa",
               "Accounts due for a check", good="down"),
        _figure(db, "menunggu", "sebutan", "Sebutan belum ditanggapi", "Mentions not responded to",
                "SELECT count(*) FROM mention WHERE state = 'new'", "down"),
        _figure(db, "tertahan", "sebutan", "Belum diterima Lapor", "Not yet taken by Lapor",
                "SELECT count(*) FROM mention WHERE state = 'sending'", "down"),
        _figure(db, "diteruskan", "laporan", "Sebutan menjadi laporan", "Mentions turned into reports",
                "SELECT count(*) FROM mention WHERE state = 'reported'", "up"),
        _figure(db, "palsu", "akun", "Laporan akun palsu menunggu", "Reports of fakes waiting",
                "SELECT count(*) FROM fake WHERE state = 'waiting'", "down"),
    ]  # fmt: skip
    if found.hours is not None:
        told.append(Figure("kanal.median-jam", found.hours, "jam", "Median waktu tanggap, 30 hari",
                           "Median hours to respond, 30 days", good="down"))  # fmt: skip
    return told


def _figure(db: sqlite3.Connection, name: str, unit: str, label: str, label_en: str, query: str, good: str) -> Figure:
    return Figure(f"kanal.{name}", int(db.execute(query).fetchone()[0]), unit, label, label_en,
                  good="up" if good == "up" else "down")  # fmt: skip


def _between(start: str, end: str) -> timedelta:
    return datetime.fromisoformat(end) - datetime.fromisoformat(start)
