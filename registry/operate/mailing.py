"""How mail stands on this installation, for the operator: read without the web application."""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import psycopg

from registry.config import Settings
from registry.operate.line import OK, WARN, Line

LATELY, LATE = timedelta(days=7), timedelta(hours=1)
_COUNTS = """
select (select count(*) from mail_refusals where at > %(lately)s),
       (select count(*) from procrastinate_jobs where task_name = 'core.mail' and status = 'failed'),
       (select count(*) from procrastinate_jobs j where task_name = 'core.mail' and status = 'todo' and exists
         (select from procrastinate_events e where e.job_id = j.id and e.type = 'deferred' and e.at < %(late)s))"""


def standing(settings: Settings) -> Iterator[Line]:
    """What was not delivered lately. Nothing when the database does not answer: others say so."""
    moment = datetime.now(UTC)
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            facts = {"lately": moment - LATELY, "late": moment - LATE}
            refused, failed, late = connection.execute(_COUNTS, facts).fetchone() or (0, 0, 0)
    except psycopg.Error:
        return
    if not (refused or failed or late):
        yield Line(OK, "undelivered", "no mail was refused this week and none waits for more than an hour")
        return
    text = f"{refused} refused this week, {failed} given up, {late} waiting for more than an hour"
    yield Line(WARN, "undelivered", f"{text}: 'lumbung mail try ADDRESS', and Mail on the programme's pages")


def kept(settings: Settings) -> list[Path]:
    """Messages that lie in the data folder because no server is named, newest first."""
    return sorted((settings.data / "mail").glob("*.eml"), reverse=True)


def read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[return-value,arg-type]


def part(message: EmailMessage, kind: str) -> str:
    """The ``plain`` or ``html`` part, "" when there is none."""
    found = message.get_body((kind,))
    return str(found.get_content()) if found is not None else ""
