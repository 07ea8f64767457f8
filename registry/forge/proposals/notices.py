"""Both sides hear of a proposal by mail: at once of a decision, of the rest at most once an hour per proposal.

What could not be told at once waits and goes together (`registry.forge.proposals.jobs`). Each person reads it in his
own language.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.core import mail
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.logs import logger
from registry.forge.proposals import reading, rules, words
from registry.forge.proposals.models import Proposal, Remark
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership

QUIET = timedelta(hours=1)
MAX_TOLD, MAX_QUOTED = 20, 2_000
"""Remarks in one message, and characters of each; the page has them all."""


def tell(proposal: Proposal, side: str) -> None:
    """Tell the other side what ``side`` said that was not told yet, in the open unit of work."""
    said = (Remark.proposal_id == proposal.id, Remark.side == side)
    told = list(db.session.scalars(select(Remark).where(*said, Remark.told_at.is_(None)).order_by(Remark.id)))
    if not told:
        return
    last = db.session.scalar(select(func.max(Remark.told_at)).where(*said))
    if last is not None and last > now() - QUIET and not any(one.kind in rules.URGENT for one in told):
        return
    for person in _people(proposal, side):
        _write(person, proposal, told)
    for one in told:
        one.told_at = now()


def waiting() -> list[tuple[int, str]]:
    """Proposals, and the side that said something that was not told yet."""
    found = select(Remark.proposal_id, Remark.side).where(Remark.told_at.is_(None)).distinct()
    return [(row[0], row[1]) for row in db.session.execute(found)]


def _people(proposal: Proposal, side: str) -> list[User]:
    """Of the side that did not speak: who decides, or who offered it, else who may offer for that city."""
    wanted = select(User).join(Membership, Membership.user_id == User.id).join(City, City.id == Membership.city_id)
    wanted = wanted.where(User.active).order_by(User.id).distinct().limit(mail.MAX_RECIPIENTS)
    if side == rules.CITY:
        roles = policy.PERMISSIONS["app.publish"]
        return list(db.session.scalars(wanted.where(City.publisher, Membership.role.in_(roles))))
    theirs = wanted.where(City.id == proposal.city_id, Membership.role.in_(policy.PERMISSIONS["fork.push"]))
    people = list(db.session.scalars(theirs))
    return [one for one in people if one.id == proposal.author_id] or people


def _write(person: User, proposal: Proposal, told: list[Remark]) -> None:
    with force_locale(person.language or "id"):
        subject = f"[{proposal.app.name[:60]}] {proposal.title[:100]} (#{proposal.id})"
        parts = [_told(one) for one in told[:MAX_TOLD]]
        closing = _("You are written to because this proposal concerns you: %(place)s",
                    place=reading.address(proposal))  # fmt: skip
        try:
            mail.send([person.email], subject, "\n\n".join([*parts, closing]) + "\n")
        except InvalidError as refusal:  # the remark itself stays on the pages
            logger.warning("proposal not mailed", reason=refusal.message)


def _told(remark: Remark) -> str:
    """What others wrote is marked line by line, so that none of it passes for ours."""
    opening = words.kind_text(remark.kind, remark.city.name)
    if remark.path:
        opening += f" ({remark.path}:{remark.line})"
    text = remark.text if len(remark.text) <= MAX_QUOTED else remark.text[:MAX_QUOTED] + "…"
    if remark.kind == rules.OPENED:
        text = remark.proposal.title
    return "\n".join([opening, *(f"> {line}" for line in text.splitlines())])
