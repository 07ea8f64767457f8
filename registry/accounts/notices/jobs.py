"""By the clock: mail that waited for its time, and the end of what was told long ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from registry.accounts.models import User
from registry.accounts.notices import letters
from registry.accounts.notices.models import Notification
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work

KEPT = timedelta(days=180)
MOST = 100
"""Notices in one mail; the page has them all."""


@jobs.every("accounts.send_notices", "*/5 * * * *")
def send_due() -> None:
    """Whose day's notices are due gets them in one mail, and so does who was told more of a thread than one mail."""
    due = select(Notification.user_id).where(Notification.mail_at <= now()).distinct()
    for user_id in db.session.scalars(due).all():
        with unit_of_work():
            _send_to(user_id)


@jobs.every("accounts.forget_notices", "23 18 * * *")
def forget() -> None:
    """What was told more than `KEPT` ago, read or not."""
    with unit_of_work() as session:
        session.execute(delete(Notification).where(Notification.at < now() - KEPT))


def _send_to(user_id: int) -> None:
    """What the person has read in the app meanwhile is not written again."""
    wanted = select(Notification).where(Notification.user_id == user_id, Notification.mail_at <= now())
    due = list(db.session.scalars(wanted.order_by(Notification.id).with_for_update(skip_locked=True)))
    news = [one for one in due if one.read_at is None][-MOST:]
    for one in due:
        one.mail_at = None
    person = db.session.get_one(User, user_id)
    if not news or not person.active:
        return
    for one in news:
        one.mailed_at = now()
    letters.send(person, news)
