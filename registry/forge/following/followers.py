"""Who follows an app, for its maintainers: which city is how far behind, and when it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.catalog.rules import version_key
from registry.core.db import db
from registry.forge.following import distances, rules
from registry.forge.following.distances import Distance
from registry.forge.following.models import Following, News, SecurityRelease
from registry.forge.models import Fork
from registry.forge.service import LEAVING

ALL, BEHIND, UNSAFE = "all", "behind", "unsafe"
STATES = (ALL, BEHIND, UNSAFE)


@dataclass(frozen=True)
class Follower:
    """A city's fork. ``version`` is the release it was made from or last brought up to; ``unsafe`` the newest release
    that closes a hole it has not got ("" = none); ``told_at`` when its city was last told of a release it lacks,
    ``mailed_at`` when the mail of that was sent.
    """

    city: str
    name: str
    version: str
    distance: Distance | None
    auto: bool
    unsafe: str
    told_at: datetime | None
    mailed_at: datetime | None

    def is_in(self, state: str) -> bool:
        behind = self.distance is not None and self.distance.behind > 0
        return {BEHIND: behind, UNSAFE: bool(self.unsafe)}.get(state, True)


def of(app: App) -> list[Follower]:
    """By the city's name. Needs the programme's scope, within a unit of work."""
    forks = list(db.session.scalars(select(Fork).where(Fork.app_id == app.id, ~LEAVING)))
    far = distances.count([(fork.city, fork) for fork in forks])
    auto = set(db.session.scalars(select(Following.fork_id).where(Following.auto)))
    told, holes = _told(app), _holes(app)
    rows = [_row(fork, far[fork.id], fork.id in auto, told.get(fork.id), holes) for fork in forks]
    return sorted(rows, key=lambda row: row.name)


def chosen(rows: Sequence[Follower], state: str, words: str = "") -> list[Follower]:
    wanted = words.casefold().split()
    return [row for row in rows if row.is_in(state) and all(word in row.name.casefold() for word in wanted)]


def _row(fork: Fork, far: Distance | None, auto: bool, news: News | None, holes: Sequence[str]) -> Follower:
    version = fork.base_release.version
    unsafe = [hole for hole in holes if rules.concerns(version, hole)]
    due = news if news is not None and rules.concerns(version, news.release.version) else None
    told_at, mailed_at = (due.told_at, due.mailed_at) if due else (None, None)
    return Follower(
        fork.city.slug, fork.city.name, version, far, auto, unsafe[-1] if unsafe else "", told_at, mailed_at
    )


def _told(app: App) -> dict[int, News]:
    """The newest notice of each fork."""
    wanted = select(News).join(Fork, Fork.id == News.fork_id).where(Fork.app_id == app.id).order_by(News.id)
    return {one.fork_id: one for one in db.session.scalars(wanted)}


def _holes(app: App) -> list[str]:
    """Versions that closed one, lowest first."""
    wanted = select(Release.version).join(SecurityRelease, SecurityRelease.release_id == Release.id)
    found = db.session.scalars(wanted.where(Release.app_id == app.id, Release.yanked_at.is_(None)))
    return sorted(found, key=version_key)
