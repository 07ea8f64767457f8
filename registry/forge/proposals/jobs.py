"""The worker's part of proposals: what could not be told at once, and decisions whose process was lost."""

from __future__ import annotations

from sqlalchemy import select

from registry.core.db import db
from registry.core.jobs import every
from registry.core.uow import unit_of_work
from registry.forge.proposals import deciding, notices, rules
from registry.forge.proposals.models import Proposal


@every("forge.proposals", "*/10 * * * *")
def tell() -> None:
    """Proposal by proposal."""
    for number in db.session.scalars(select(Proposal.id).where(Proposal.state == rules.DECIDING)).all():
        deciding.reconcile(db.session.get_one(Proposal, number))
    for number, side in notices.waiting():
        with unit_of_work():
            notices.tell(db.session.get_one(Proposal, number), side)
