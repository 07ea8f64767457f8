"""The register of dispositions: lists, one with its trail, what is late, what is to be reminded of."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lumbung_plugin import clock, transaction, workdays

from pusatkendali import dispositions, rules
from pusatkendali.models import Act, Actor, State, Told

PAGE = 20
TABS = ("open", "late", "reported", "closed", "all")
_TAB = {
    "open": "state IN ('given', 'working', 'returned')",
    "late": "state IN ('given', 'working', 'returned') AND due < :today",
    "reported": "state = 'reported'",
    "closed": "state IN ('accepted', 'withdrawn')",
    "all": "1",
}
_ROWS = (
    "SELECT register.*, alert.figure_id AS figure_id, "
    "(SELECT count(*) FROM duty WHERE disposition_id = register.id AND part = 'partner') AS partners, "
    "(SELECT count(*) FROM duty WHERE disposition_id = register.id AND part = 'partner' AND done_at IS NULL) "
    "AS waiting "
    "FROM register LEFT JOIN alert ON alert.id = register.alert_id "
)
_OWED = "duty.done_at IS NULL AND state IN ('given', 'working', 'returned')"
_OFFICE = "(:office IS NULL OR :office IN (SELECT office_id FROM duty WHERE disposition_id = register.id))"
SYSTEM = Actor("", leader=True)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One office to remind; `email` is empty when none is known."""

    number: str
    title: str
    office: str
    email: str
    due: date
    late: bool


def page(
    db: sqlite3.Connection, tab: str, office_id: int | None, q: str = "", skip: int = 0
) -> tuple[list[sqlite3.Row], int | None]:
    """A page of the register, what is due first (closed: the newest first), and what the next page skips.

    `office_id` narrows it to one office; `skip` counts the rows of the pages before.
    """
    order = "register.id DESC" if tab in ("closed", "all") else "due, urgent DESC, register.id"
    rows = db.execute(
        f"{_ROWS} WHERE {_TAB[tab]} AND {_OFFICE} "
        "AND (:q = '' OR instr(lower(register.title || ' ' || number || ' ' || instruction), lower(:q))) "
        f"ORDER BY {order} LIMIT :n OFFSET :skip",
        {"today": clock.today().isoformat(), "office": office_id, "q": q, "n": PAGE + 1, "skip": skip},
    ).fetchall()
    return rows[:PAGE], skip + PAGE if len(rows) > PAGE else None


def counts(db: sqlite3.Connection, office_id: int | None) -> dict[str, int]:
    """How many lie under each tab."""
    sums = ", ".join(f"count(*) FILTER (WHERE {condition}) AS '{tab}'" for tab, condition in _TAB.items())
    row = db.execute(
        f"SELECT {sums} FROM register WHERE {_OFFICE}",  # noqa: S608 own texts
        {"today": clock.today().isoformat(), "office": office_id},
    ).fetchone()
    return dict(row)


def one(db: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(f"{_ROWS} WHERE number = ?", (number,)).fetchone()
    return row


def everything(db: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    """The whole register, the oldest first, one by one."""
    yield from db.execute(f"{_ROWS} ORDER BY register.id")


def steps(db: sqlite3.Connection, disposition_id: int) -> list[sqlite3.Row]:
    """The trail, the oldest first."""
    return db.execute(
        "SELECT step.*, office.name AS office FROM step LEFT JOIN office ON office.id = step.office_id "
        "WHERE disposition_id = ? ORDER BY step.id",
        (disposition_id,),
    ).fetchall()


def of_alert(db: sqlite3.Connection, alert_id: int) -> list[sqlite3.Row]:
    return db.execute(f"{_ROWS} WHERE alert_id = ? ORDER BY register.id", (alert_id,)).fetchall()


def duties(db: sqlite3.Connection, disposition_id: int) -> list[sqlite3.Row]:
    """Who works on it, the lead first: rows of `office part done_at email`."""
    return db.execute(
        "SELECT duty.*, office.name AS office, contact.email FROM duty JOIN office ON office.id = duty.office_id "
        "LEFT JOIN contact ON contact.office_id = duty.office_id "
        "WHERE disposition_id = ? ORDER BY part, office.name",
        (disposition_id,),
    ).fetchall()


def by_office(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """For each office that leads or owes a part: `office open late reported`."""
    return db.execute(
        f"SELECT office.name AS office, duty.office_id, count(*) FILTER (WHERE {_OWED}) AS open, "  # noqa: S608
        f"count(*) FILTER (WHERE {_OWED} AND due < :today) AS late, "
        "count(*) FILTER (WHERE state = 'reported' AND part = 'lead') AS reported "
        "FROM disposition JOIN duty ON duty.disposition_id = disposition.id JOIN office ON office.id = duty.office_id "
        "WHERE state NOT IN ('accepted', 'withdrawn') GROUP BY duty.office_id HAVING open + reported > 0 "
        "ORDER BY late DESC, open DESC, office.name",
        {"today": clock.today().isoformat()},
    ).fetchall()


def remind(db: sqlite3.Connection, today: date) -> list[Reminder]:
    """Write down today's reminders and return them; running it again the same day reminds nobody."""
    soon = workdays.add_working_days(today, 1)
    with transaction(db):
        rows = db.execute(f"{_ROWS} WHERE {_TAB['open']}").fetchall()
        due = [row for row in rows if _is_due(row, today, soon)]
        for row in due:
            db.execute("UPDATE disposition SET reminded_on = ? WHERE id = ?", (today.isoformat(), row["id"]))
            dispositions.record(db, row["id"], Act.REMIND, SYSTEM, Told())
        return [one for row in due for one in _reminders(db, row, today)]


def forget(db: sqlite3.Connection, years: int) -> list[str]:
    """Delete what was closed longer than `years` ago; returns the files that went with it."""
    before = (clock.now() - timedelta(days=366 * years)).isoformat()
    closed = "SELECT id FROM disposition WHERE closed_at < ?"
    with transaction(db):
        rows = db.execute(
            f"SELECT file FROM step WHERE file IS NOT NULL AND disposition_id IN ({closed})",  # noqa: S608
            (before,),
        ).fetchall()
        db.execute("DELETE FROM disposition WHERE closed_at < ?", (before,))
    return [row["file"] for row in rows]


def _is_due(row: sqlite3.Row, today: date, soon: date) -> bool:
    reminded = date.fromisoformat(row["reminded_on"]) if row["reminded_on"] else None
    return rules.reminder(State(row["state"]), date.fromisoformat(row["due"]), reminded, today, soon)


def _reminders(db: sqlite3.Connection, row: sqlite3.Row, today: date) -> list[Reminder]:
    """One for each office that still owes its part."""
    due = date.fromisoformat(row["due"])
    return [
        Reminder(row["number"], row["title"], duty["office"], duty["email"] or "", due, due < today)
        for duty in duties(db, row["id"])
        if not duty["done_at"]
    ]
