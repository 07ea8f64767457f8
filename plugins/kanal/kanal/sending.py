"""Turning mentions into reports of lapor. Lapor may be absent, off, not allowed, slow or strange: nothing is lost."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from lumbung_plugin import clock, siblings, transaction
from lumbung_plugin.outside import OutsideError

from kanal import mentions, rules
from kanal.accounts import platform_name
from kanal.platforms import web_address

APP, CAPABILITY = "lapor", "reports.create"
SECONDS = 3.0
LOOK_AGAIN = timedelta(minutes=30)
LONGEST = 200


class Outcome(StrEnum):
    """What became of one attempt."""

    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Sent:
    """The outcome; `trouble` is a code (`not-granted`, `sibling-off`, …) or, when refused, lapor's own words."""

    outcome: Outcome
    trouble: str = ""


def send(db: sqlite3.Connection, row: sqlite3.Row) -> Sent:
    """One attempt for a mention that waits. Asks outside of any transaction; lapor tells repeated references."""
    try:
        reply = siblings.ask(APP, CAPABILITY, method="POST", data=_told(row), seconds=SECONDS)
    except OutsideError as error:
        return _later(db, row, error.code)
    answer = _json(reply)
    if reply.status in (200, 201):
        number, url = _text(answer.get("number"), 40), web_address(_text(answer.get("url"), 500))
        if number and url:
            return _taken(db, row, number, url)
    if reply.status == 422 and isinstance(answer.get("errors"), dict):
        return _refused(db, row, "; ".join(f"{field}: {words}" for field, words in answer["errors"].items()))
    return _later(db, row, "too-many" if reply.status == 429 else "sibling-unclear")


def retry(db: sqlite3.Connection) -> int:
    """Try all that is due; stops at the first that does not get through. Returns how many got in."""
    taken = 0
    for row in mentions.due(db):
        sent = send(db, row)
        taken += sent.outcome is Outcome.TAKEN
        if sent.outcome is Outcome.LATER:
            break
    return taken


def look(db: sqlite3.Connection) -> None:
    """Ask how reports stand that are not finished; ends at the first trouble, the next time goes on."""
    for row in mentions.unfinished(db, (clock.now() - LOOK_AGAIN).isoformat()):
        if not follow(db, row):
            break


def follow(db: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Ask lapor how one report stands; False when it does not tell."""
    try:
        reply = siblings.ask(APP, CAPABILITY, str(row["report_number"]), seconds=SECONDS)
    except OutsideError:
        return False
    answer = _json(reply)
    state, label = _text(answer.get("state"), 40), answer.get("state_label")
    words = [_text(label.get(key), 80) for key in ("id", "en")] if isinstance(label, dict) else ["", ""]
    if reply.status not in (200, 404):
        return False
    with transaction(db):
        db.execute(
            "UPDATE mention SET report_state = ?, report_label = ?, report_label_en = ?, report_seen = ? WHERE id = ?",
            (state or "gone", *words, clock.now().isoformat(), row["id"]),
        )
    return True


def _told(row: sqlite3.Row) -> dict[str, Any]:
    """What lapor is told: the operator's draft, where it was said, and an id that makes repeating harmless."""
    draft = json.loads(row["draft"] or "{}")
    told = {key: value for key, value in draft.items() if value}
    return told | {
        "source": "kanal", "source_name": platform_name(row["platform"]), "source_url": row["url"],
        "reference": f"{row['platform']}:{row['external']}",
    }  # fmt: skip


def _taken(db: sqlite3.Connection, row: sqlite3.Row, number: str, url: str) -> Sent:
    with transaction(db):
        db.execute(
            "UPDATE mention SET state = 'reported', report_number = ?, report_url = ?, decided_at = ?, draft = NULL,"
            " next_try = NULL, trouble = '' WHERE id = ?",
            (number, url, clock.now().isoformat(), row["id"]),
        )
    return Sent(Outcome.TAKEN)


def _refused(db: sqlite3.Connection, row: sqlite3.Row, words: str) -> Sent:
    """Back to the operator, with what lapor says; the draft stays."""
    with transaction(db):
        db.execute("UPDATE mention SET state = 'new', next_try = NULL, trouble = ? WHERE id = ?",
                   (words[:LONGEST], row["id"]))  # fmt: skip
    return Sent(Outcome.REFUSED, words[:LONGEST])


def _later(db: sqlite3.Connection, row: sqlite3.Row, code: str) -> Sent:
    tries = row["tries"] + 1
    again = rules.next_try(tries, clock.now())
    with transaction(db):
        db.execute("UPDATE mention SET tries = ?, next_try = ?, trouble = ? WHERE id = ? AND state = 'sending'",
                   (tries, again.isoformat() if again else None, code[:LONGEST], row["id"]))  # fmt: skip
    return Sent(Outcome.LATER, code)


def _json(reply: Any) -> dict[str, Any]:
    try:
        found = reply.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(told: Any, longest: int) -> str:
    return told[:longest] if isinstance(told, str) and told.isprintable() else ""
