"""A city's own view: what waits for whom, and what it could use. The session is in the city's scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from registry.catalog.assistance import rules as assistance
from registry.catalog.assistance.models import AssistanceRequest
from registry.catalog.choosing import rules as choosing
from registry.catalog.choosing import service as shortlists
from registry.catalog.models import Adoption, App, Release
from registry.catalog.voices.models import Question
from registry.connect import reading as connect
from registry.connect.rules import ASKED
from registry.core.db import db
from registry.forge.proposals import reading as proposals
from registry.forge.proposals import rules as proposed
from registry.forge.service import forks_of
from registry.tenants.agreements import reading as agreements
from registry.tenants.agreements.words import step_text
from registry.tenants.handovers import rules as handed
from registry.tenants.handovers import service as handovers
from registry.tenants.models import City

OURS, PUBLISHERS = "ours", "publishers"
SUGGESTED = 3


@dataclass(frozen=True)
class Wait:
    """``side`` is who has to act, `OURS` or `PUBLISHERS`; ``address`` the page where it is done."""

    side: str
    text: str
    address: str


@dataclass(frozen=True)
class Suggestion:
    """An app the city has not taken; ``planned`` says that its own plan names it."""

    app: App
    running: int
    planned: bool


def waits(city: City) -> list[Wait]:
    """What the city has to do first, then what the publisher has to."""
    found = [*_agreement(city), *_handovers(city), *_proposals(city), *_wishes(city), *_questions(city),
             *_assistance(city)]  # fmt: skip
    return sorted(found, key=lambda one: one.side != OURS)


def could_use(city: City) -> list[Suggestion]:
    """Of the apps with a release: those in the city's plan first, then those most other cities run."""
    taken = {fork.app_id for fork in forks_of(city)}
    planned = {item.app_id for item in shortlists.shortlist(city) if item.decision == choosing.ADOPT}
    refused = {item.app_id for item in shortlists.shortlist(city) if item.decision == choosing.NOT}
    running = func.count(Adoption.city_id).filter(Adoption.running)
    wanted = (
        select(App, running)
        .outerjoin(Adoption, Adoption.app_id == App.id)
        .where(App.id.not_in(taken | refused), App.deprecated_at.is_(None), App.publisher_id != city.id)
        .where(select(Release).where(Release.app_id == App.id, Release.yanked_at.is_(None)).exists())
        .group_by(App.id)
        .order_by(App.id.in_(planned).desc(), running.desc(), App.name)
    )
    rows = db.session.execute(wanted.limit(SUGGESTED)).unique()
    return [Suggestion(app, count, app.id in planned) for app, count in rows]


def _agreement(city: City) -> Iterator[Wait]:
    step = agreements.next_step(city)
    if step in ("adopt", "wait-admission", "declined"):
        return
    side = PUBLISHERS if step.startswith("publisher-") else OURS
    yield Wait(side, step_text(step)[0], url_for("agreements.overview", city=city.slug))


def _handovers(city: City) -> Iterator[Wait]:
    address = url_for("handovers.overview", city=city.slug)
    open_ones = [one for one in handovers.of_city(city.id) if handovers.state_of(one) == handed.DRAWN]
    ours = sum(one.partner_signed_on is None for one in open_ones)
    theirs = sum(one.publisher_signed_on is None for one in open_ones)
    for side, count in ((OURS, ours), (PUBLISHERS, theirs)):
        if count:
            told = ngettext("%(num)d handover is not signed yet", "%(num)d handovers are not signed yet", count)
            yield Wait(side, told, address)


def _proposals(city: City) -> Iterator[Wait]:
    wanted = proposals.wanted(proposed.OPEN, city=city)
    for one in db.session.scalars(wanted).unique():
        side = PUBLISHERS if one.waits_for == proposed.PUBLISHER else OURS
        told = _("Proposal for %(app)s: %(title)s", app=one.app.name, title=one.title)
        yield Wait(side, told, url_for("forge.proposal", app=one.app.slug, number=one.id))


def _wishes(city: City) -> Iterator[Wait]:
    plugins = {one.plugin for one in connect.city_connections(city) if one.wanted and one.state == ASKED}
    for plugin in sorted(plugins):
        told = _("%(plugin)s asks for a connection", plugin=plugin)
        yield Wait(OURS, told, url_for("connect.connections", city=city.slug, name=plugin))


def _questions(city: City) -> Iterator[Wait]:
    wanted = select(Question).where(Question.city_id == city.id, *Question.waiting())
    for one in db.session.scalars(wanted.order_by(Question.id)).unique():
        yield Wait(PUBLISHERS, _("Question about %(app)s", app=one.app.name),
                   url_for("catalog.show_app", app=one.app.slug, _anchor="questions"))  # fmt: skip


def _assistance(city: City) -> Iterator[Wait]:
    wanted = select(AssistanceRequest).where(
        AssistanceRequest.tenant_id == city.id, AssistanceRequest.state.in_(assistance.RUNNING)
    )
    for one in db.session.scalars(wanted.order_by(AssistanceRequest.waiting_since)):
        side = OURS if one.state == assistance.WAITS_CITY else PUBLISHERS
        yield Wait(side, _("Assistance #%(n)d: %(title)s", n=one.id, title=one.title),
                   url_for("assistance.one", place="asks", city=city.slug, request_id=one.id))  # fmt: skip
