"""Releases as news: the newest first, and first again when they are withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import contains_eager

from registry.catalog.models import App, Release
from registry.core import paging
from registry.core.db import db
from registry.core.errors import Finding, InvalidError

PAGE = 50


@dataclass(frozen=True)
class News:
    """A page; ``older`` is the cursor of the next one, "" on the last."""

    releases: Sequence[Release]
    older: str


def changed_at(release: Release) -> datetime:
    return max(release.published_at, release.yanked_at) if release.yanked_at else release.published_at


def news(app: App | None = None, before: str = "") -> News:
    """Of all apps or of one; ``before`` is a page's ``older``. Raises InvalidError for a cursor we never gave."""
    moment = func.greatest(Release.published_at, Release.yanked_at)
    wanted = select(Release).join(Release.app).options(contains_eager(Release.app))
    if app is not None:
        wanted = wanted.where(Release.app_id == app.id)
    if before:
        wanted = wanted.where(tuple_(moment, Release.id) < tuple_(*_position(before)))
    found = list(db.session.scalars(wanted.order_by(moment.desc(), Release.id.desc()).limit(PAGE + 1)))
    kept = found[:PAGE]
    last = f"{changed_at(kept[-1]).astimezone(UTC).isoformat()} {kept[-1].id}" if len(found) > PAGE else ""
    return News(kept, paging.cursor(last) if last else "")


def _position(before: str) -> tuple[datetime, int]:
    moment, _space, number = paging.read_cursor(before).partition(" ")
    try:
        at, known = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not 0 <= known < 2**63:
            raise ValueError
    except ValueError:
        message = _("This is no cursor: give the next of the page before, as it came.")
        raise InvalidError(message, [Finding("query.before", message)]) from None
    return at, known
