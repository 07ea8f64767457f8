"""Requests found, filtered and counted. Whoever calls says whose: in the asking city's scope or the programme's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from registry.accounts.models import User
from registry.catalog.assistance import rules
from registry.catalog.assistance.models import AssistanceMessage, AssistanceNote, AssistanceRequest
from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.tenants.models import City

MAX_WORDS = 80
RUNNING, ENDED, MINE = "running", "ended", "mine"
SHOWN = (RUNNING, ENDED, *rules.STATES)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. ``state`` is one of `SHOWN` or "", ``app`` a slug; ``mine``: assigned to who asks."""

    words: str = ""
    state: str = ""
    urgency: str = ""
    app: str = ""
    mine: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Wanted:
        state, urgency = str(given.get("state", "")), str(given.get("urgency", ""))
        return cls(
            words=str(given.get("q", "")).replace("\0", "").strip()[:MAX_WORDS],
            state=state if state in SHOWN else "",
            urgency=urgency if urgency in rules.URGENCIES else "",
            app=str(given.get("app", "")).replace("\0", "")[:80],
            mine=str(given.get("mine", "")) in ("1", "True"),
        )


@dataclass(frozen=True)
class Figures:
    """Of the last 365 days. ``waiting`` for the helpers now, ``oldest`` since when; medians in time, None without."""

    waiting: int
    oldest: datetime | None
    asked: int
    solved: int
    first_answer: timedelta | None
    until_solved: timedelta | None


def whose(side: str, city: City) -> ColumnElement[bool]:
    """The condition of every question: those this city asked, or those it is to answer."""
    held = AssistanceRequest.tenant_id if side == rules.CITY else AssistanceRequest.helper_id
    return held == city.id


def wanted(side: str, city: City, asked: Wanted, me: User | None = None) -> Select[AssistanceRequest]:
    """Those whose turn it is on ``side`` first, the longest waiting first; then others that run, then ended ones."""
    found = select(AssistanceRequest).where(whose(side, city)).options(
        joinedload(AssistanceRequest.app), joinedload(AssistanceRequest.city), joinedload(AssistanceRequest.assignee)
    )  # fmt: skip
    for condition in _conditions(asked, me):
        found = found.where(condition)
    ours = (rules.WAITS_CITY,) if side == rules.CITY else rules.FOR_HELPER
    runs = AssistanceRequest.state.in_(rules.RUNNING)
    turn = case((AssistanceRequest.state.in_(ours), 0), (runs, 1), else_=2)
    return found.order_by(turn, case((runs, AssistanceRequest.waiting_since)), AssistanceRequest.id.desc())


def _conditions(asked: Wanted, me: User | None) -> list[ColumnElement[bool]]:
    states = {RUNNING: rules.RUNNING, ENDED: rules.ENDED}.get(asked.state, (asked.state,))
    found: list[ColumnElement[bool]] = [AssistanceRequest.state.in_(states)] if asked.state else []
    if asked.urgency:
        found.append(AssistanceRequest.urgency == asked.urgency)
    if asked.app:
        found.append(AssistanceRequest.app_id.in_(select(App.id).where(App.slug == asked.app)))
    if asked.mine and me is not None:
        found.append(AssistanceRequest.assignee_id == me.id)
    return [*found, _has(asked.words)] if asked.words else found


def _has(words: str) -> ColumnElement[bool]:
    """In the title, in what was said, in the app's or the city's name; or the number itself."""
    number = words.removeprefix("#")
    if number.isdecimal() and len(number) < 18:
        return AssistanceRequest.id == int(number)
    said = exists().where(
        AssistanceMessage.tenant_id == AssistanceRequest.tenant_id,
        AssistanceMessage.request_id == AssistanceRequest.id,
        AssistanceMessage.text.icontains(words, autoescape=True),
    )  # fmt: skip
    apps = select(App.id).where(App.name.icontains(words, autoescape=True))
    cities = select(City.id).where(City.name.icontains(words, autoescape=True))
    return or_(
        AssistanceRequest.title.icontains(words, autoescape=True), said, AssistanceRequest.app_id.in_(apps),
        AssistanceRequest.tenant_id.in_(cities),
    )  # fmt: skip


def find(side: str, city: City, request_id: int) -> AssistanceRequest:
    """Raises NotFoundError for one that is not this city's on this side."""
    asked = select(AssistanceRequest).where(AssistanceRequest.id == request_id, whose(side, city))
    found = db.session.scalar(asked) if 0 < request_id < 2**63 else None
    if found is None:
        raise NotFoundError(_("There is no such request for assistance."))
    return found


def messages(request: AssistanceRequest) -> list[AssistanceMessage]:
    """Oldest first."""
    asked = select(AssistanceMessage).where(
        AssistanceMessage.tenant_id == request.tenant_id, AssistanceMessage.request_id == request.id
    )
    return list(db.session.scalars(asked.order_by(AssistanceMessage.id)))


def notes(request: AssistanceRequest) -> list[AssistanceNote]:
    """Oldest first. Only for a session of the helpers: the city's own sees none."""
    asked = select(AssistanceNote).where(
        AssistanceNote.tenant_id == request.helper_id, AssistanceNote.request_id == request.id
    )
    return list(db.session.scalars(asked.order_by(AssistanceNote.id)))


def waiting_for(city: City) -> tuple[int, datetime | None]:
    """How many wait for this city's help, and since when the first. In the programme's scope."""
    asked = select(func.count(), func.min(AssistanceRequest.waiting_since)).where(*waiting(city.id))
    count, oldest = db.session.execute(asked).one()
    return count, oldest


def waiting(helper_id: int) -> tuple[ColumnElement[bool], ...]:
    """Conditions of those that wait for this city's help."""
    return AssistanceRequest.helper_id == helper_id, AssistanceRequest.state.in_(rules.FOR_HELPER)


def figures(city: City) -> Figures:
    """Of all that this city helps with. In the programme's scope."""
    since = now() - YEAR
    one = AssistanceRequest
    asked = select(
        func.count().filter(one.opened_at > since), func.count().filter(one.solved_at > since),
        _median(one.answered_at).filter(one.opened_at > since), _median(one.solved_at).filter(one.opened_at > since),
    ).where(one.helper_id == city.id)  # fmt: skip
    opened, solved, first, until = db.session.execute(asked).one()
    count, oldest = waiting_for(city)
    return Figures(count, oldest, opened, solved, first, until)


def _median(moment: Any) -> Any:
    return func.percentile_cont(0.5).within_group(moment - AssistanceRequest.opened_at)
