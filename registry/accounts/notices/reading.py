"""What a person was told, asked and marked by nobody else: every question here names whose notices are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import has_request_context, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select, update

from registry.accounts.models import User
from registry.accounts.notices import places
from registry.accounts.notices.kinds import GROUPS, KINDS
from registry.accounts.notices.models import Notification
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError

PER_PAGE = 20
NOWHERE = 0
UNREAD = "lumbung.unread"
COUNTED = 100
"""Of more unread ones nobody needs the number."""


@dataclass(frozen=True)
class Filter:
    """ "" and False: everything. ``city`` is a slug."""

    group: str = ""
    city: str = ""
    unread: bool = False


def wanted(person: User, chosen: Filter) -> Select[Notification]:
    """The person's own, newest first."""
    found = select(Notification).where(Notification.user_id == person.id).order_by(Notification.id.desc())
    if chosen.group:
        found = found.where(Notification.kind.in_(kinds_of(chosen.group)))
    if chosen.city:
        found = found.where(Notification.city_id == (places.id_of(chosen.city) or NOWHERE))
    return found.where(Notification.read_at.is_(None)) if chosen.unread else found


def page(person: User, chosen: Filter) -> Pagination:
    return db.paginate(wanted(person, chosen), per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def after(person: User, chosen: Filter, last_id: int | None, limit: int) -> Sequence[Notification]:
    """Up to one more than ``limit``, older than the one with ``last_id``."""
    found = wanted(person, chosen)
    if last_id is not None:
        found = found.where(Notification.id < last_id)
    return db.session.scalars(found.limit(limit + 1)).all()


def one_of(person: User, notification_id: int) -> Notification:
    """Raises NotFoundError for another person's too."""
    own = (Notification.id == notification_id, Notification.user_id == person.id)
    found = db.session.scalar(select(Notification).where(*own))
    if found is None:
        raise NotFoundError(_("You have no such notification. Those older than 180 days are gone."))
    return found


def mark(notification: Notification, read: bool = True) -> None:
    notification.read_at = (notification.read_at or now()) if read else None


def mark_all(person: User, chosen: Filter) -> int:
    """All that the filter shows; answers how many were unread."""
    ids = wanted(person, chosen).where(Notification.read_at.is_(None)).order_by(None)
    own = Notification.id.in_(ids.with_only_columns(Notification.id))
    done = db.session.execute(update(Notification).where(own).values(read_at=now()).returning(Notification.id))
    return len(done.all())


def unread() -> int:
    """Of the person who asks, up to `COUNTED`; asked once per request, and of visitors never."""
    if not has_request_context() or not current_user.is_authenticated:
        return 0
    if UNREAD not in request.environ:
        own = (Notification.user_id == current_user.id, Notification.read_at.is_(None))
        some = select(Notification.id).where(*own).limit(COUNTED).subquery()
        request.environ[UNREAD] = db.session.scalar(select(func.count()).select_from(some))
    return int(request.environ[UNREAD] or 0)


def cities_of(person: User) -> dict[str, str]:
    """Slug and name of the cities this person was told something about, by name."""
    own = select(Notification.city_id).where(Notification.user_id == person.id, Notification.city_id.is_not(None))
    ids = [one for one in db.session.scalars(own.distinct()) if one is not None]
    named, slugs = places.names(ids), places.slugs(ids)
    return dict(sorted(((slugs[one], named[one]) for one in ids if one in named), key=lambda pair: pair[1]))


def kinds_of(group: str) -> list[str]:
    """None of them for a group there is not."""
    return [code for code, kind in KINDS.items() if kind.group == group] if group in GROUPS else []
