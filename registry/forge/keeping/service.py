"""How much room a city's forks have left: asked before anything is taken in, told on pages and in the API.

What a fork weighs is its own objects, what it borrows costs nothing. Whoever calls has entered the city's scope, or
the programme's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from registry.catalog.labels import size as size_told
from registry.catalog.models import App
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import TooLargeError
from registry.forge import storage
from registry.forge.keeping.measuring import Figures, measure
from registry.forge.keeping.models import FORK, ForkQuota, RepositoryState
from registry.forge.models import Fork
from registry.tenants.models import City


class QuotaError(TooLargeError):
    """The city's forks weigh as much as they may."""

    code = "quota"


@dataclass(frozen=True)
class Room:
    """What a city's forks weigh together, in bytes. ``limit`` is None when there is none."""

    used: int
    limit: int | None
    own_limit: bool = False
    """Whether maintainers set it for this city."""

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def percent(self) -> int:
        """Of the limit, at most 100; 0 when there is none."""
        return min(100, self.used * 100 // self.limit) if self.limit else 0


def room_of(city: City) -> Room:
    """By the weights on record (`note_change`)."""
    weights = select(func.coalesce(func.sum(RepositoryState.bytes), 0))
    mine = weights.where(RepositoryState.tenant_id == city.id, RepositoryState.kind == FORK)
    own = db.session.scalar(select(ForkQuota.bytes).where(ForkQuota.tenant_id == city.id))
    limit = storage.settings().fork_quota if own is None else own
    return Room(int(db.session.scalar(mine) or 0), limit or None, own is not None)


def room_left(city: City) -> int | None:
    """Bytes that the city's forks may still grow by; None when nothing limits them."""
    return room_of(city).left


def demand_room(city: City, bytes: int = 0) -> None:
    """Raises QuotaError, in words for whoever pushes, edits or syncs, when the forks may not grow by ``bytes``.

    Before it refuses, the forks are measured again, so that nobody is refused for what is gone already.
    """
    if _fits(room_of(city), bytes):
        return
    room = _measured_again(city)
    if not _fits(room, bytes):
        raise QuotaError(
            _(
                "The forks of %(city)s weigh %(used)s and may weigh %(limit)s. Delete branches or forks that nobody "
                "needs, or ask the programme's maintainers for more room.",
                city=city.name, used=size_told(room.used), limit=size_told(room.limit or 0),
            )
        )  # fmt: skip


def note_change(city: City, app: App) -> None:
    """The city's fork of ``app`` was written to: weigh it. Within a unit of work."""
    repository = storage.here().fork(city.slug, app.slug)
    if repository.exists():
        note_figures(city.id, app.id, FORK, measure(repository))


def note_figures(city_id: int, app_id: int, kind: str, figures: Figures) -> RepositoryState:
    """Keep on record how a repository was found. Within a unit of work."""
    state = state_of(city_id, app_id, kind)
    state.bytes, state.packs, state.loose = figures.bytes, len(figures.packs), figures.loose
    state.whole, state.measured_at = kind == FORK and not figures.borrows, now()
    db.session.flush()
    return state


def state_of(city_id: int, app_id: int, kind: str) -> RepositoryState:
    """The record of a repository, made when there was none. Within a unit of work; two may make it at once."""
    key = {"tenant_id": city_id, "app_id": app_id, "kind": kind}
    wanted = select(RepositoryState).filter_by(**key)
    found = db.session.scalar(wanted)
    if found is None:
        db.session.execute(insert(RepositoryState).values(**key).on_conflict_do_nothing())
        found = db.session.scalars(wanted).one()
    return found


def set_quota(city: City, bytes: int | None) -> None:
    """Let the city's forks weigh this much (0: any); None gives it the installation's setting again."""
    own = db.session.scalar(select(ForkQuota).where(ForkQuota.tenant_id == city.id))
    if bytes is None:
        if own is not None:
            db.session.delete(own)
    elif own is None:
        db.session.add(ForkQuota(tenant_id=city.id, bytes=bytes))
    else:
        own.bytes = bytes
    db.session.flush()
    audit.record("fork.quota", city.slug, tenant_id=city.id, bytes=bytes)


def _fits(room: Room, bytes: int) -> bool:
    return room.left is None or (room.left > 0 and bytes <= room.left)


def _measured_again(city: City) -> Room:
    """Not kept: whoever asks may be in no unit of work."""
    place = storage.here()
    apps = db.session.scalars(select(App.slug).join(Fork, Fork.app_id == App.id).where(Fork.tenant_id == city.id))
    told = room_of(city)
    return Room(sum(_weight(place.fork(city.slug, slug)) for slug in apps), told.limit, told.own_limit)


def _weight(repository: Path) -> int:
    return measure(repository).bytes if (repository / "objects").is_dir() else 0
