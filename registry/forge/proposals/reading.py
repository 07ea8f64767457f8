"""Proposals as lists and pages see them: of an app, of a city, of whoever decides."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from registry.catalog.models import App
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.forge import storage
from registry.forge.proposals import rules
from registry.forge.proposals.models import Proposal, Remark
from registry.tenants.models import City

WAITING, CLOSED, ALL = "waiting", "closed", "all"
LISTS = (rules.OPEN, rules.MERGED, CLOSED, ALL)
QUEUE = (WAITING, rules.CITY, ALL)
MAX_WORDS, MAX_LISTED = 80, 1_000


@dataclass(frozen=True)
class Credit:
    """A city that improved an app: how many proposals were taken, and the newest."""

    city: City
    count: int
    newest: Proposal


def get(app: App, number: int) -> Proposal:
    """Raises NotFoundError."""
    found = db.session.get(Proposal, number) if 0 < number < 2**63 else None
    if found is None or found.app_id != app.id:
        raise NotFoundError(_("%(app)s has no proposal %(number)s.", app=app.name, number=number))
    return found


def wanted(state: str, words: str = "", app: App | None = None, city: City | None = None) -> Select[Proposal]:
    """Newest first; ``state`` is one of `LISTS`, ``words`` a part of the title or of the app's or the city's name."""
    found = select(Proposal).join(App, App.id == Proposal.app_id).join(City, City.id == Proposal.city_id)
    if app is not None:
        found = found.where(Proposal.app_id == app.id)
    if city is not None:
        found = found.where(Proposal.city_id == city.id)
    states = {rules.OPEN: rules.UNDECIDED, rules.MERGED: (rules.MERGED,), CLOSED: (rules.DECLINED, rules.WITHDRAWN)}
    if state in states:
        found = found.where(Proposal.state.in_(states[state]))
    return _with_words(found, words).order_by(Proposal.id.desc())


def queue(state: str, words: str = "") -> Select[Proposal]:
    """Open ones of all apps for who decides, those that wait longest first; ``state`` is one of `QUEUE`."""
    found = select(Proposal).join(App, App.id == Proposal.app_id).join(City, City.id == Proposal.city_id)
    found = found.where(Proposal.state.in_(rules.UNDECIDED))
    side = {WAITING: rules.PUBLISHER, rules.CITY: rules.CITY}.get(state)
    if side:
        found = found.where(Proposal.waits_for == side)
    return _with_words(found, words).order_by(Proposal.updated_at, Proposal.id)


def _with_words(found: Select[Proposal], words: str) -> Select[Proposal]:
    if not (words := words.replace("\0", "")):
        return found
    columns = (Proposal.title, App.name, City.name)
    return found.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))


def listed(found: Select[Proposal]) -> list[Proposal]:
    """The first of them."""
    return list(db.session.scalars(found.limit(MAX_LISTED)).unique())


def counts(app: App) -> dict[str, int]:
    """How many of the app are in each of `LISTS`."""
    told = select(Proposal.state, func.count()).where(Proposal.app_id == app.id).group_by(Proposal.state)
    by_state: dict[str, int] = {state: count for state, count in db.session.execute(told)}
    opened = sum(by_state.get(one, 0) for one in rules.UNDECIDED)
    closed = by_state.get(rules.DECLINED, 0) + by_state.get(rules.WITHDRAWN, 0)
    return {rules.OPEN: opened, rules.MERGED: by_state.get(rules.MERGED, 0), CLOSED: closed,
            ALL: sum(by_state.values())}  # fmt: skip


def remarks_of(proposal: Proposal) -> list[Remark]:
    """Oldest first."""
    told = select(Remark).where(Remark.proposal_id == proposal.id).order_by(Remark.id)
    return list(db.session.scalars(told.limit(rules.MAX_REMARKS * 2)))


def spoken(remarks: list[Remark]) -> list[rules.Spoken]:
    """The reviews among them, of the side that decides."""
    own = [one for one in remarks if one.side == rules.PUBLISHER and one.kind in rules.REVIEWS]
    return [rules.Spoken(one.kind, one.author_id, one.head) for one in own]


def credits_of(app: App) -> list[Credit]:
    """Cities whose proposals were taken, the newest first."""
    taken = select(Proposal).where(Proposal.app_id == app.id, Proposal.state == rules.MERGED)
    found: dict[int, list[Proposal]] = {}
    for one in db.session.scalars(taken.order_by(Proposal.decided_at.desc()).limit(MAX_LISTED)):
        found.setdefault(one.city_id, []).append(one)
    return [Credit(rows[0].city, len(rows), rows[0]) for rows in found.values()]


def address(proposal: Proposal) -> str:
    """Where people read it."""
    return f"{storage.settings().origin}/apps/{proposal.app.slug}/proposals/{proposal.id}"
