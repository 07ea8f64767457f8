"""Both sides hear of a proposal by mail: at once of a decision, of the rest at most once an hour per proposal.

What could not be told at once waits and goes together (`registry.forge.proposals.jobs`). Each person reads it in his
own language.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.accounts.notices import service as people
from registry.accounts.notices.rules import Notice, quoted
from registry.core import mail
from registry.core.clock import now
from registry.core.db import db
from registry.forge.proposals import rules, words
from registry.forge.proposals.models import Proposal, Remark
from registry.tenants import rules as policy
from registry.tenants.answering import deciding
from registry.tenants.models import Membership

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
    people.tell(_people(proposal, side), lambda: _notice(proposal, told))
    for one in told:
        one.told_at = now()


def waiting() -> list[tuple[int, str]]:
    """Proposals, and the side that said something that was not told yet."""
    found = select(Remark.proposal_id, Remark.side).where(Remark.told_at.is_(None)).distinct()
    return [(row[0], row[1]) for row in db.session.execute(found)]


def _people(proposal: Proposal, side: str) -> list[User]:
    """Of the side that did not speak: who decides, or who offered it, else who may offer for that city."""
    if side == rules.CITY:
        return deciding("app.publish")
    wanted = (
        select(User).join(Membership, Membership.user_id == User.id).where(User.active).order_by(User.id).distinct()
    )
    roles = Membership.role.in_(policy.PERMISSIONS["fork.push"])
    theirs = wanted.where(Membership.city_id == proposal.city_id, roles).limit(mail.MAX_RECIPIENTS)
    found = list(db.session.scalars(theirs))
    return [one for one in found if one.id == proposal.author_id] or found


def _notice(proposal: Proposal, told: list[Remark]) -> Notice:
    subject = f"[{proposal.app.name[:60]}] {proposal.title[:100]} (#{proposal.id})"
    parts = [part for one in told[:MAX_TOLD] for part in _told(one)]
    place = f"/apps/{proposal.app.slug}/proposals/{proposal.id}"
    return Notice("proposal.said", subject, parts, place, _("Open the proposal"), proposal.city_id)


def _told(remark: Remark) -> list[str]:
    """What others wrote is marked line by line, so that none of it passes for ours."""
    opening = words.kind_text(remark.kind, remark.city.name)
    if remark.path:
        opening += f" ({remark.path}:{remark.line})"
    text = remark.text if len(remark.text) <= MAX_QUOTED else remark.text[:MAX_QUOTED] + "…"
    if remark.kind == rules.OPENED:
        text = remark.proposal.title
    return [opening, quoted(text)]
