"""Mail that nobody took: what a server refused for good, and what no server took in all our tries.

Kept for `KEPT`, for the operator and for the person whose address it was; never the message's words, nor an address in
full.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from registry.core import clock, jobs
from registry.core.db import Base, db
from registry.core.uow import unit_of_work

KEPT = timedelta(days=30)
SHOWN = 50
_FORGET = sql(
    "delete from procrastinate_jobs j where j.task_name = 'core.mail' and j.status = 'failed'"
    " and not exists (select 1 from procrastinate_events e where e.job_id = j.id and e.at > :old)"
)
_FAILED = sql(
    "select j.args->>'recipient' as recipient, max(e.at) as at from procrastinate_jobs j"
    " join procrastinate_events e on e.job_id = j.id where j.task_name = 'core.mail' and j.status = 'failed'"
    " group by j.id order by at desc limit :most"
)


class Refusal(Base):
    """A server said that it will never take a message for this address."""

    __tablename__ = "mail_refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    address_digest: Mapped[str] = mapped_column(Text, index=True)
    recipient: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    code: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


@dataclass(frozen=True)
class Undelivered:
    """``recipient`` with only the first letter of its name; ``code`` is the server's, None when none ever answered."""

    recipient: str
    at: datetime
    code: int | None
    reason: str


def digest(address: str) -> str:
    """By which a person's own refusals are found again."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def note(address: str, recipient: str, code: int, reason: str, city_id: int | None) -> None:
    """Remember a refusal, in an own unit of work."""
    shown = "".join(letter if letter.isprintable() else " " for letter in reason)[:300]
    with unit_of_work() as session:
        session.add(
            Refusal(address_digest=digest(address), recipient=recipient, code=code, reason=shown, city_id=city_id)
        )


def of_address(address: str) -> Refusal | None:
    """The last refusal of mail to this very address."""
    wanted = select(Refusal).where(Refusal.address_digest == digest(address)).order_by(Refusal.id.desc())
    return db.session.scalar(wanted.limit(1))


def listed() -> list[Undelivered]:
    """The newest first, at most `SHOWN`."""
    refused = db.session.scalars(select(Refusal).order_by(Refusal.id.desc()).limit(SHOWN))
    found = [Undelivered(one.recipient, one.at, one.code, one.reason) for one in refused]
    for row in db.session.execute(_FAILED, {"most": SHOWN}):
        found.append(Undelivered(row.recipient, row.at, None, ""))
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


@jobs.every("core.forget_mail", "7 18 * * *")
def forget() -> None:
    old = {"old": clock.now() - KEPT}
    with unit_of_work() as session:
        session.execute(_FORGET, old)
        session.execute(sql("delete from mail_refusals where at < :old"), old)
