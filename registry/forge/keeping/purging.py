"""The worker's part of removing forks: a word to the city's admins in time, then the end. Safe to run again."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.notices.service import Notice
from registry.core.clock import now
from registry.core.db import db
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import storage
from registry.forge.keeping import removing
from registry.forge.keeping.models import ForkRemoval
from registry.forge.keeping.removing import WARN_DAYS
from registry.tenants.answering import tell_city


def warn() -> None:
    """Tell the admins of each fork that goes within `WARN_DAYS`, once. Needs the programme's scope."""
    soon = select(ForkRemoval).where(
        ForkRemoval.due_at < now() + timedelta(days=WARN_DAYS), ForkRemoval.warned_at.is_(None)
    )
    with unit_of_work():
        for removal in db.session.scalars(soon):
            removal.warned_at = now()
            _mail(removal)


def purge() -> None:
    """Take away for good what is due. A fork that a plugin still hangs on waits until that is purged, too."""
    due = select(ForkRemoval.id).where(ForkRemoval.due_at <= now()).order_by(ForkRemoval.id)
    for number in list(db.session.scalars(due)):
        removal = db.session.get_one(ForkRemoval, number)
        city, app = removal.fork.city, removal.fork.app
        left = removing.uses(city, removal.fork)
        if left and not removal.purging:
            logger.info("a removed fork waits for its plugins", fork=f"{city.slug}/{app.slug}", plugins=len(left))
            continue
        names = city.slug, app.slug
        with unit_of_work():
            removal.purging = True
        removing.take_files(storage.here(), *names, number)
        with unit_of_work():
            removing.forget(db.session.get_one(ForkRemoval, number))


def _mail(removal: ForkRemoval) -> None:
    city, app = removal.fork.city, removal.fork.app

    def notice() -> Notice:
        day = format_date(removal.due_at)
        text = _(
            "%(who)s removed the fork of %(app)s of %(city)s. On %(day)s its branches, tags and commits are deleted "
            "for good. Until then one click brings it back.",
            who=removal.asked_by, app=app.name, city=city.name, day=day,
        )  # fmt: skip
        subject = _("The fork of %(app)s goes for good on %(day)s", app=app.name, day=day)
        return Notice("fork.going", subject, [text], f"/console/{city.slug}/forks", _("Open the forks"), city.id)

    tell_city(city, notice)
