"""The command centre's own figures: how well the city is heard, and how its offices answer."""

import sqlite3
from datetime import timedelta

from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure

SINCE = timedelta(days=90)


def figures(db: sqlite3.Connection) -> list[Figure]:
    """Counts of now; the share and the median are of what was closed in the last 90 days."""
    return [*_hearing(db), *_alerts(db), *_dispositions(db)]


def _hearing(db: sqlite3.Connection) -> list[Figure]:
    row = db.execute(
        "SELECT count(*) FILTER (WHERE state = 'shown') AS heard, "
        "(SELECT count(*) FROM figure WHERE hidden = 0) AS shown FROM source"
    ).fetchone()
    return [
        Figure("pusatkendali.sumber", row["heard"], "aplikasi", "Aplikasi terhubung", "Apps connected", good="up"),
        Figure("pusatkendali.angka", row["shown"], "angka", "Angka di papan", "Figures on the board"),
    ]


def _alerts(db: sqlite3.Connection) -> list[Figure]:
    row = db.execute(
        "SELECT count(*) AS standing, count(*) FILTER (WHERE read_at IS NULL) AS unread "
        "FROM alert WHERE ended_at IS NULL"
    ).fetchone()
    return [
        Figure(
            "pusatkendali.peringatan", row["standing"], "peringatan", "Peringatan aktif", "Alerts standing", good="down"
        ),
        Figure(
            "pusatkendali.belum_dibaca", row["unread"], "peringatan", "Peringatan belum dibaca", "Alerts unread",
            good="down",
        ),
    ]  # fmt: skip


def _dispositions(db: sqlite3.Connection) -> list[Figure]:
    open_, late = db.execute(
        "SELECT count(*), count(*) FILTER (WHERE due < ?) FROM disposition "
        "WHERE state IN ('given', 'working', 'returned')",
        (clock.today().isoformat(),),
    ).fetchone()
    rows = db.execute(
        "SELECT julianday(reported_at) - julianday(given_at) AS days, date(reported_at) <= due AS timely "
        "FROM disposition WHERE state = 'accepted' AND reported_at IS NOT NULL AND closed_at >= ? ORDER BY days",
        ((clock.now() - SINCE).isoformat(),),
    ).fetchall()
    owed = db.execute(
        "SELECT count(*) FROM duty JOIN disposition ON disposition.id = disposition_id "
        "WHERE part = 'partner' AND done_at IS NULL AND state IN ('given', 'working', 'returned')"
    ).fetchone()[0]
    counted = [
        Figure("pusatkendali.disposisi", open_, "disposisi", "Disposisi berjalan", "Dispositions open"),
        Figure("pusatkendali.terlambat", late, "disposisi", "Disposisi terlambat", "Dispositions late", good="down"),
        Figure("pusatkendali.mitra", owed, "bagian", "Bagian mitra belum selesai", "Partners' parts open", good="down"),
    ]
    if not rows:
        return counted
    share = round(100 * sum(row["timely"] for row in rows) / len(rows), 1)
    days = round(rows[len(rows) // 2]["days"], 1)
    return [
        *counted,
        Figure("pusatkendali.tepat_waktu", share, "%", "Disposisi tepat waktu", "Dispositions in time", good="up"),
        Figure("pusatkendali.hari", days, "hari", "Median hari menjawab", "Median days to answer", good="down"),
    ]
