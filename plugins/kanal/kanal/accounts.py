"""The official accounts: who has which, who answers for it, when it was last checked."""

import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lumbung_plugin import clock, offices, person

from kanal.config import chosen
from kanal.platforms import PLATFORMS
from kanal.rules import Due, due

NOBODY = 0
"""An office nobody has: for staff whose office is not known."""
MOST = 3_000
SELECT = "SELECT account.*, office.name AS office FROM known_account AS account JOIN office ON office.id = office_id"
FIELDS = ("office_id", "platform", "handle", "url", "purpose", "answerable", "deputy", "active")


def listed(db: sqlite3.Connection, office: int | None = None, also_closed: bool = False,
           wanted: str = "") -> list[sqlite3.Row]:  # fmt: skip
    """Accounts by office and platform. `wanted` is looked for in handles, offices and purposes."""
    query = f"{SELECT} WHERE (? IS NULL OR office_id = ?) AND (? OR account.active)"
    given: list[object] = [office, office, also_closed]
    for word in wanted.split()[:5]:
        query += " AND instr(lower(handle || ' ' || office.name || ' ' || purpose), ?)"
        given.append(word.lower().removeprefix("@"))
    return db.execute(f"{query} ORDER BY office.name, platform, handle", given).fetchall()


def found(db: sqlite3.Connection, account_id: int, office: int | None = None) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        f"{SELECT} WHERE account.id = ? AND (? IS NULL OR office_id = ?)", (account_id, office, office)
    ).fetchone()
    return row


def of_handle(db: sqlite3.Connection, platform: str, handle: str) -> sqlite3.Row | None:
    """The official account of that handle, closed ones too."""
    row: sqlite3.Row | None = db.execute(
        f"{SELECT} WHERE platform = ? AND handle = ?", (platform, handle.lower())
    ).fetchone()
    return row


def without(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Offices in use that have no account."""
    return db.execute(
        "SELECT * FROM office WHERE active = 1"
        " AND NOT EXISTS (SELECT 1 FROM account WHERE office_id = office.id AND account.active) ORDER BY name"
    ).fetchall()


def save(db: sqlite3.Connection, values: Mapping[str, Any], account_id: int | None = None) -> int | None:
    """Add or change an account; None: the handle is listed already. What is changed has to be verified anew."""
    given = [values[name] for name in FIELDS]
    try:
        if account_id is None:
            marks = ", ".join("?" * len(FIELDS))
            return db.execute(f"INSERT INTO account ({', '.join(FIELDS)}) VALUES ({marks})", given).lastrowid  # noqa: S608
        before = found(db, account_id)
        changes = ", ".join(f"{name} = ?" for name in FIELDS)
        db.execute(f"UPDATE account SET {changes} WHERE id = ?", (*given, account_id))  # noqa: S608 - fixed names
        if before and (before["platform"], before["handle"]) != (values["platform"], values["handle"]):
            db.execute("UPDATE checkup SET valid = 0 WHERE account_id = ?", (account_id,))
    except sqlite3.IntegrityError:
        return None
    return account_id


def verify(db: sqlite3.Connection, account_id: int, how: str, who: str) -> None:
    """Keep how the account was shown to be the office's own."""
    _keep(db, account_id, "good", how=how, who=who)


def check(db: sqlite3.Connection, account_id: int, who: str, problem: str = "") -> None:
    """Looked at today: still there, still the office's own; or what is wrong (a key of `words.PROBLEMS`)."""
    _keep(db, account_id, "problem" if problem else "good", problem=problem, who=who)


def history(db: sqlite3.Connection, account_id: int, most: int = 50) -> list[sqlite3.Row]:
    """All checks of an account, newest first; those of an earlier handle have `valid` 0."""
    return db.execute(
        "SELECT * FROM checkup WHERE account_id = ? ORDER BY day DESC, id DESC LIMIT ?", (account_id, most)
    ).fetchall()


def _keep(
    db: sqlite3.Connection, account_id: int, outcome: str, how: str = "", problem: str = "", who: str = ""
) -> None:
    db.execute("INSERT INTO checkup (account_id, day, outcome, how, problem, who) VALUES (?, ?, ?, ?, ?, ?)",
               (account_id, clock.today().isoformat(), outcome, how, problem, who))  # fmt: skip


def standing(row: sqlite3.Row) -> Due:
    """How the account's next check stands."""
    checked = date.fromisoformat(row["checked_on"]) if row["checked_on"] else None
    return due(checked, clock.today(), int(chosen()["check_days"]))


def overdue(db: sqlite3.Connection, office: int | None = None) -> list[sqlite3.Row]:
    """Accounts with a problem, then those whose check is due, those never checked first."""
    before = (clock.today() - timedelta(days=int(chosen()["check_days"]))).isoformat()
    return db.execute(
        f"{SELECT} WHERE (? IS NULL OR office_id = ?) AND account.active"
        " AND (checked_on IS NULL OR checked_on < ? OR outcome = 'problem')"
        " ORDER BY outcome = 'problem' DESC, checked_on, office.name",
        (office, office, before),
    ).fetchall()


def staff_office(db: sqlite3.Connection) -> int | None:
    """The office whose matters the present member of staff sees; None is all of them.

    Administrators and operators of no office see all; an operator of an office that is not known here sees nothing.
    """
    who = person()
    if who is None or who.may("administrator") or not (who.opd or who.opd_id):
        return None if who else NOBODY
    offices.listing(db)
    return offices.of(db, who) or NOBODY


def platform_name(code: str) -> str:
    return PLATFORMS[code].name if code in PLATFORMS else code
