"""Figures everybody may see: kilograms, rupiah, groups, households. Nobody's passbook can be told from them."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from lumbung_plugin import kpi, today

from masdarling.catalogue import HOUSEHOLDS
from masdarling.rules import Standing, months, ranked

EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Total:
    """What was saved in a period: grams, rupiah credited and paid out, households that saved."""

    grams: int
    credited: int
    paid: int
    savers: int


def total(db: sqlite3.Connection, first: date = EVER, last: date | None = None, rt_id: int | None = None) -> Total:
    """The whole city's, or one RT's. What was reversed does not count."""
    end = (last or today()).isoformat()
    row = db.execute(
        "SELECT coalesce(sum(CASE WHEN 'withdrawal' IN (kind, undone) THEN 0 ELSE amount END), 0) AS credited,"
        " coalesce(sum(CASE WHEN 'withdrawal' IN (kind, undone) THEN -amount ELSE 0 END), 0) AS paid,"
        " coalesce(sum((SELECT sum(grams) FROM line WHERE line.entry_id = booked.id)), 0) AS grams,"
        " count(DISTINCT CASE WHEN kind = 'deposit' THEN customer_id END) AS savers FROM"
        " (SELECT entry.*, wrong.kind AS undone FROM entry LEFT JOIN entry AS wrong ON wrong.id = entry.reverses)"
        " AS booked JOIN customer ON customer.id = customer_id"
        " WHERE day BETWEEN ? AND ? AND (? IS NULL OR rt_id = ?)",
        (first.isoformat(), end, rt_id, rt_id),
    ).fetchone()
    return Total(row["grams"], row["credited"], row["paid"], row["savers"])


def standings(
    db: sqlite3.Connection, first: date, last: date, kelurahan_id: int | None = None, each: bool = False
) -> list[Standing]:
    """The ranking of the active groups in a period, by weight or per household as they were counted by its end."""
    rows = db.execute(
        f"SELECT rt.id, rt.name, kelurahan.name AS kelurahan, {HOUSEHOLDS} AS households,"  # noqa: S608 - a constant
        " coalesce(sum(line.grams), 0) AS grams,"
        " count(DISTINCT CASE WHEN entry.kind = 'deposit' THEN customer.id END) AS savers FROM rt"
        " JOIN kelurahan ON kelurahan.id = rt.kelurahan_id LEFT JOIN customer ON customer.rt_id = rt.id"
        " LEFT JOIN entry ON entry.customer_id = customer.id AND entry.day BETWEEN :first AND :day"
        " LEFT JOIN line ON line.entry_id = entry.id"
        " WHERE rt.active = 1 AND (:only IS NULL OR kelurahan.id = :only) GROUP BY rt.id",
        {"first": first.isoformat(), "day": last.isoformat(), "only": kelurahan_id},
    ).fetchall()
    found = [
        Standing(row["id"], row["name"], row["kelurahan"], row["grams"], row["savers"], row["households"])
        for row in rows
    ]
    return ranked(found, each)


def by_month(db: sqlite3.Connection, last: date, count: int = 12, rt_id: int | None = None) -> list[tuple[str, int]]:
    """Grams of each of the last months, as (YYYY-MM, grams); months without any are there too."""
    first = (last.replace(day=1) - timedelta(days=31 * (count - 1))).replace(day=1)
    found = {
        row["month"]: row["grams"]
        for row in db.execute(
            "SELECT substr(day, 1, 7) AS month, sum(grams) AS grams FROM line JOIN entry ON entry.id = entry_id"
            " JOIN customer ON customer.id = customer_id WHERE day >= ? AND (? IS NULL OR rt_id = ?) GROUP BY month",
            (first.isoformat(), rt_id, rt_id),
        )
    }
    return [(month, found.get(month, 0)) for month in months(first, last)[-count:]]


def by_kind(db: sqlite3.Connection, first: date, rt_id: int | None = None) -> list[sqlite3.Row]:
    """Grams of each kind since a day, the heaviest first."""
    return db.execute(
        "SELECT kind.name, kind.name_en, sum(line.grams) AS grams FROM line JOIN kind ON kind.id = kind_id"
        " JOIN entry ON entry.id = entry_id JOIN customer ON customer.id = customer_id"
        " WHERE day >= ? AND (? IS NULL OR rt_id = ?) GROUP BY kind.id HAVING sum(line.grams) > 0 ORDER BY grams DESC",
        (first.isoformat(), rt_id, rt_id),
    ).fetchall()


def reach(db: sqlite3.Connection) -> dict[str, int]:
    """Running and all kelurahan, active groups and the households in them."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM kelurahan) AS everywhere,"  # noqa: S608 - a constant
        " (SELECT count(*) FROM kelurahan WHERE reach = 'running') AS running, count(*) AS groups,"
        f" coalesce(sum({HOUSEHOLDS}), 0) AS households FROM rt WHERE active = 1",
        {"day": today().isoformat()},
    ).fetchone()
    return dict(row)


def told(db: sqlite3.Connection) -> list[kpi.Figure]:
    """For the command centre and siblings: this month and as it stands, sums only."""
    day = today()
    month, ever, spread = total(db, day.replace(day=1), day), total(db), reach(db)
    share = round(100 * month.savers / spread["households"], 1) if spread["households"] else 0
    return [
        kpi.Figure("masdarling.kilogram", round(month.grams / 1000, 1), "kg", "Sampah ditabung bulan ini",
                   "Waste saved this month", good="up"),
        kpi.Figure("masdarling.rupiah", month.credited, "rupiah", "Nilai tabungan bulan ini",
                   "Savings credited this month", good="up"),
        kpi.Figure("masdarling.saldo", ever.credited - ever.paid, "rupiah", "Saldo seluruh nasabah",
                   "Balance of all passbooks"),
        kpi.Figure("masdarling.kelompok", spread["groups"], "RT", "RT yang ikut", "RT taking part", good="up"),
        kpi.Figure("masdarling.kelurahan", spread["running"], "kelurahan", "Kelurahan yang berjalan",
                   "Kelurahan running", good="up"),
        kpi.Figure("masdarling.partisipasi", share, "persen", "Rumah tangga yang menabung bulan ini",
                   "Households that saved this month", good="up"),
    ]  # fmt: skip
