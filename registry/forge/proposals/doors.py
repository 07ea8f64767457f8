"""Who acts on a proposal, and for which side: the door of its pages and resources."""

from __future__ import annotations

from dataclasses import dataclass

from registry.accounts.access import person
from registry.accounts.models import User
from registry.catalog import service as catalog
from registry.core.db import db
from registry.forge import service as forks
from registry.forge.models import Fork
from registry.forge.proposals import reading, rules
from registry.forge.proposals.models import Proposal
from registry.tenants import rules as policy
from registry.tenants.access import enter_city, enter_programme, may, memberships
from registry.tenants.models import City

OFFER, DECIDE = "fork.push", "app.publish"


@dataclass(frozen=True)
class Speaker:
    """A person on one of the two sides; ``city`` is the one spoken for."""

    side: str
    city: City
    user: User


def offering(city: str, app: str) -> tuple[City, Fork, User]:
    """For who may push to the fork. Raises SignInNeededError, NotFoundError, ForbiddenError."""
    entered = enter_city(city, OFFER)
    return entered, forks.fork_of(entered, app), person()


def side_of(proposal: Proposal) -> str:
    """The side of the person who asks, "" for everybody else; the programme's maintainers decide, of variants, too."""
    if any(one.city.publisher and policy.allows(DECIDE, {one.role}) for one in memberships()):
        return rules.PUBLISHER
    return rules.CITY if may(OFFER, proposal.city) else ""


def entered(app: str, number: int, side: str = "") -> tuple[Proposal, Speaker]:
    """For who is on ``side``, or on either. Raises SignInNeededError, NotFoundError, ForbiddenError."""
    user = person()
    found = reading.get(catalog.get_app(app), number)
    side = side or side_of(found) or rules.PUBLISHER
    slug = found.city.slug
    spoken_for = enter_programme(DECIDE) if side == rules.PUBLISHER else enter_city(slug, OFFER)
    return db.session.get_one(Proposal, found.id), Speaker(side, spoken_for, user)
