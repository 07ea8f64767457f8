"""Mentions as they are kept: taken in once by their id, decided by people, forgotten after a time."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from lumbung_plugin import clock

from kanal import accounts
from kanal.incoming import Mention
from kanal.rules import OPEN, State

PER_PAGE = 25
MOST_KEPT = 200_000
SELECT = (
    "SELECT mention.*, office.name AS office, account.handle AS account FROM mention"
    " LEFT JOIN office ON office.id = mention.office_id LEFT JOIN account ON account.id = account_id"
)


def take(db: sqlite3.Connection, found: Sequence[Mention], source: str) -> int:
    """Keep those not known by their id; returns how many were new. To be called in a transaction."""
    new = 0
    for one in found:
        account = accounts.of_handle(db, one.platform, one.account) if one.account else None
        added = db.execute(
            "INSERT OR IGNORE INTO mention (platform, external, account_id, office_id, author, text, url, at,"
            " received_at, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (one.platform, one.external, account["id"] if account else None, account["office_id"] if account else None,
             one.author, one.text, one.url, one.at, clock.now().isoformat(), source),
        )  # fmt: skip
        new += added.rowcount
    return new


def full(db: sqlite3.Connection) -> bool:
    """Whether no more can be kept until older ones are forgotten."""
    return bool(db.execute("SELECT count(*) FROM mention").fetchone()[0] >= MOST_KEPT)


def found(db: sqlite3.Connection, mention_id: int, office: int | None) -> sqlite3.Row | None:
    """A mention that member of staff may see: of the own office, or of none yet."""
    row: sqlite3.Row | None = db.execute(
        f"{SELECT} WHERE mention.id = ? AND (? IS NULL OR mention.office_id = ? OR mention.office_id IS NULL)",
        (mention_id, office, office),
    ).fetchone()
    return row


def listed(db: sqlite3.Connection, state: str, office: int | None, platform: str | None = None,
           after: int | None = None) -> list[sqlite3.Row]:  # fmt: skip
    """Mentions in a state, newest first; one more than fits on a page."""
    return db.execute(
        f"{SELECT} WHERE state = ? AND (? IS NULL OR mention.office_id = ? OR mention.office_id IS NULL)"
        " AND (? IS NULL OR mention.platform = ?) AND (? IS NULL OR mention.id < ?) ORDER BY mention.id DESC LIMIT ?",
        (state, office, office, platform, platform, after, after, PER_PAGE + 1),
    ).fetchall()


def counts(db: sqlite3.Connection, office: int | None) -> dict[str, int]:
    """How many mentions are in each state."""
    rows = db.execute("SELECT state, count(*) FROM mention WHERE ? IS NULL OR office_id = ? OR office_id IS NULL"
                      " GROUP BY state", (office, office))  # fmt: skip
    return {row[0]: row[1] for row in rows}


def assign(db: sqlite3.Connection, mention_id: int, office_id: int | None) -> None:
    """Give it to an office."""
    db.execute("UPDATE mention SET office_id = ? WHERE id = ?", (office_id, mention_id))


def decide(db: sqlite3.Connection, mention_id: int, state: State, who: str, reason: str = "", answer: str = "") -> None:
    """Move a mention; whether it may go there has been asked before (`rules.may`). Going back forgets the decision."""
    open_again = state in OPEN
    db.execute(
        "UPDATE mention SET state = ?, reason = ?, answer = ?, decided_at = ?, decided_by = ?, next_try = NULL,"
        " tries = 0, trouble = '' WHERE id = ?",
        (state, reason, answer or None, None if open_again else clock.now().isoformat(), who, mention_id),
    )


def queue(db: sqlite3.Connection, mention_id: int, draft: Mapping[str, Any], who: str) -> None:
    """Keep what lapor is to be told, and that it is due now."""
    db.execute(
        "UPDATE mention SET state = 'sending', draft = ?, decided_by = ?, decided_at = NULL, reason = '', tries = 0,"
        " trouble = '', next_try = ? WHERE id = ?",
        (json.dumps(dict(draft)), who, clock.now().isoformat(), mention_id),
    )


def due(db: sqlite3.Connection, most: int = 50) -> list[sqlite3.Row]:
    """What waits to be sent and is due, oldest first."""
    return db.execute(
        f"{SELECT} WHERE state = 'sending' AND next_try <= ? ORDER BY next_try LIMIT ?",
        (clock.now().isoformat(), most),
    ).fetchall()


def unfinished(db: sqlite3.Connection, before: str, most: int = 30) -> list[sqlite3.Row]:
    """Reports whose state was last asked for before a moment and that are not finished."""
    return db.execute(
        f"{SELECT} WHERE state = 'reported' AND report_state NOT IN ('answered', 'rejected', 'duplicate')"
        " AND (report_seen IS NULL OR report_seen < ?) ORDER BY report_seen LIMIT ?",
        (before, most),
    ).fetchall()
