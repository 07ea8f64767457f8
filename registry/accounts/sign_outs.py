"""The end of what a person holds in plugins: tokens given before a moment are refused from then on.

Sandboxes ask nobody, so the plugin host tells them: it hears of a new row by NOTIFY and writes it where their shims
look (`registry.host.signed_out`). The registry itself asks here before it renews a token.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select

from registry.accounts.models import SignOut
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import wake_host

KEPT = timedelta(hours=24)
"""Longer than any token can be renewed (`registry.hosting.entry.STAY`)."""


def record(user_id: int, city_id: int | None = None) -> None:
    """End this person's tokens for the plugins of a city, or of every city; the host hears of it at the commit."""
    db.session.execute(delete(SignOut).where(SignOut.at < now() - KEPT))
    db.session.add(SignOut(user_id=user_id, city_id=city_id))
    db.session.flush()
    wake_host("sign-out")


def last(user_id: int, city_id: int) -> datetime | None:
    """When this person last signed out of the plugins of a city; None when that is long ago."""
    return db.session.scalar(select(func.max(SignOut.at)).where(SignOut.user_id == user_id, _about(city_id)))


def _about(city_id: int) -> ColumnElement[bool]:
    return or_(SignOut.city_id.is_(None), SignOut.city_id == city_id)
