"""What the city and its command centre see of the budget. Of the newest version; no person in any of it."""

import sqlite3

from lumbung_plugin.kpi import Figure

from anggaran import sums, years

RUPIAH, ACTIVITIES = "Rp", "kegiatan"


def figures(db: sqlite3.Connection) -> list[Figure]:
    """Six figures of the newest version; nothing before the first one is opened."""
    newest = next(iter(years.versions(db)), None)
    if newest is None:
        return []
    total = sums.total(db, newest["id"])
    of_year = sums.by_version(db, newest["year_id"])
    scored, waiting = db.execute(
        "SELECT (SELECT count(*) FROM item WHERE version_id = :id AND state = 'submitted' AND score IS NOT NULL),"
        " (SELECT count(*) FROM decision JOIN item ON item.id = item_id"
        " WHERE version_id = :id AND decision.state = 'waiting')",
        {"id": newest["id"]},
    ).fetchone()
    standing = total.n - total.struck
    return [
        Figure("anggaran.pagu", total.amount, RUPIAH, "Pagu berjalan", "Budget as it stands"),
        Figure("anggaran.kegiatan", standing, ACTIVITIES, "Sub kegiatan berjalan", "Sub-activities that stand"),
        Figure("anggaran.dicoret", sum(row["struck"] for row in of_year), ACTIVITIES,
               "Dicoret tahun anggaran ini", "Struck out this budget year"),
        Figure("anggaran.dihemat", sum(row["saved"] for row in of_year), RUPIAH,
               "Dihemat tahun anggaran ini", "Saved this budget year", good="up"),
        Figure("anggaran.dinilai", round(100 * scored / standing, 1) if standing else 0, "%",
               "Sub kegiatan yang sudah dinilai", "Sub-activities scored", good="up"),
        Figure("anggaran.menunggu", waiting, "putusan", "Putusan menunggu orang kedua",
               "Decisions waiting for a second person", good="down"),
    ]  # fmt: skip
