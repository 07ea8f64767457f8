"""Alerts: raised and ended by what siblings tell, read by the leader's office."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from lumbung_plugin import clock, transaction

from pusatkendali import journal, limits
from pusatkendali.limits import Standing, Threshold, Turn
from pusatkendali.models import Actor, Refusal, Side

MOST_THRESHOLDS = 200
PAGE = 25
_ROWS = (
    "SELECT alert.*, figure.label_id, figure.label_en, figure.unit, figure.app, figure.value AS present "
    "FROM alert JOIN figure ON figure.id = alert.figure_id "
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A threshold as the administrator writes it."""

    side: Side
    bound: float
    clear: float
    minutes: int
    note: str
    active: bool = True


def watch(db: sqlite3.Connection, figure_id: int, value: float, now: datetime) -> None:
    """Hold a new value against the thresholds of its figure, in the caller's transaction."""
    rows = db.execute("SELECT * FROM threshold WHERE figure_id = ? AND active = 1", (figure_id,)).fetchall()
    for row in rows:
        _watch(db, row, value, now)


def _watch(db: sqlite3.Connection, row: sqlite3.Row, value: float, now: datetime) -> None:
    alert = db.execute("SELECT * FROM alert WHERE threshold_id = ? AND ended_at IS NULL", (row["id"],)).fetchone()
    threshold = Threshold(Side(row["side"]), row["bound"], row["clear"], row["minutes"])
    since = datetime.fromisoformat(row["since"]) if row["since"] else None
    standing, turn = limits.judge(threshold, Standing(since, alert is not None), value, now)
    if standing.since != since:
        moment = standing.since.isoformat() if standing.since else None
        db.execute("UPDATE threshold SET since = ? WHERE id = ?", (moment, row["id"]))
    if turn is Turn.RAISE:
        db.execute(
            "INSERT INTO alert (threshold_id, figure_id, side, bound, note, value, worst, raised_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row["id"], row["figure_id"], row["side"], row["bound"], row["note"], value, value, now.isoformat()),
        )
    elif turn is Turn.END:
        _end(db, row["id"], now, value)
    elif alert:
        worst = limits.worse(threshold, alert["worst"], value)
        db.execute("UPDATE alert SET worst = ? WHERE id = ?", (worst, alert["id"]))


def _end(db: sqlite3.Connection, threshold_id: int, now: datetime, value: float | None) -> None:
    db.execute(
        "UPDATE alert SET ended_at = ?, end_value = ? WHERE threshold_id = ? AND ended_at IS NULL",
        (now.isoformat(), value, threshold_id),
    )


def read(db: sqlite3.Connection, alert_id: int, actor: Actor, note: str) -> Refusal | None:
    """Someone of the leader's office has taken notice."""
    with transaction(db):
        alert = one(db, alert_id)
        if alert is None:
            return Refusal.UNKNOWN_ALERT
        if alert["read_at"]:
            return Refusal.ALREADY_READ
        db.execute(
            "UPDATE alert SET read_at = ?, read_by = ?, read_note = ? WHERE id = ?",
            (clock.now().isoformat(), actor.name, note, alert_id),
        )
        journal.write(db, actor, "alert-read", f"{alert['label_id']}: {note}".rstrip(": "))
    return None


def one(db: sqlite3.Connection, alert_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(f"{_ROWS} WHERE alert.id = ?", (alert_id,)).fetchone()
    return row


def standing(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Alerts that are not over: those nobody has read first, then the newest."""
    return db.execute(
        f"{_ROWS} WHERE ended_at IS NULL ORDER BY read_at IS NOT NULL, raised_at DESC LIMIT 200"
    ).fetchall()


def past(db: sqlite3.Connection, before: int | None = None) -> tuple[list[sqlite3.Row], int | None]:
    """A page of alerts that are over, the newest first, and the key of the next page."""
    rows = db.execute(
        f"{_ROWS} WHERE ended_at IS NOT NULL AND (:before IS NULL OR alert.id < :before) "
        "ORDER BY alert.id DESC LIMIT :n",
        {"before": before, "n": PAGE + 1},
    ).fetchall()
    return rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else None


def of_figure(db: sqlite3.Connection, figure_id: int) -> list[sqlite3.Row]:
    """The last twenty alerts of one figure."""
    return db.execute(f"{_ROWS} WHERE alert.figure_id = ? ORDER BY alert.id DESC LIMIT 20", (figure_id,)).fetchall()


def thresholds(db: sqlite3.Connection, figure_id: int | None = None) -> list[sqlite3.Row]:
    """Thresholds with their figure's words, of one figure or of all."""
    return db.execute(
        "SELECT threshold.*, figure.label_id, figure.label_en, figure.unit, figure.value AS present, figure.app, "
        "EXISTS (SELECT 1 FROM alert WHERE threshold_id = threshold.id AND ended_at IS NULL) AS alerting "
        "FROM threshold JOIN figure ON figure.id = threshold.figure_id "
        "WHERE ? IS NULL OR figure_id = ? ORDER BY figure.label_id, threshold.id",
        (figure_id, figure_id),
    ).fetchall()


def save(db: sqlite3.Connection, figure_id: int, threshold_id: int | None, wish: Wish, actor: Actor) -> Refusal | None:
    """Write a threshold. A changed one begins anew; what it has raised ends when it no longer holds."""
    if not Threshold(wish.side, wish.bound, wish.clear, wish.minutes).is_sound:
        return Refusal.CLEAR_BEYOND
    with transaction(db):
        if threshold_id is None and _count(db) >= MOST_THRESHOLDS:
            return Refusal.TOO_MANY
        values = (wish.side, wish.bound, wish.clear, wish.minutes, wish.note, int(wish.active))
        if threshold_id is None:
            db.execute(
                "INSERT INTO threshold (side, bound, clear, minutes, note, active, figure_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, figure_id),
            )
        else:
            db.execute(
                "UPDATE threshold SET side = ?, bound = ?, clear = ?, minutes = ?, note = ?, active = ?, since = NULL "
                "WHERE id = ? AND figure_id = ?",
                (*values, threshold_id, figure_id),
            )
            _end(db, threshold_id, clock.now(), None)
        figure = db.execute("SELECT label_id, value FROM figure WHERE id = ?", (figure_id,)).fetchone()
        watch(db, figure_id, figure["value"], clock.now())
        journal.write(db, actor, "threshold-saved", f"{figure['label_id']}: {wish.side} {wish.bound:g}")
    return None


def remove(db: sqlite3.Connection, threshold_id: int, actor: Actor) -> None:
    """Take a threshold away; its alerts stay as history."""
    with transaction(db):
        found = [row for row in thresholds(db) if row["id"] == threshold_id]
        for row in found:
            _end(db, threshold_id, clock.now(), None)
            db.execute("DELETE FROM threshold WHERE id = ?", (threshold_id,))
            journal.write(db, actor, "threshold-removed", f"{row['label_id']}: {row['side']} {row['bound']:g}")


def _count(db: sqlite3.Connection) -> int:
    found: int = db.execute("SELECT count(*) FROM threshold").fetchone()[0]
    return found
