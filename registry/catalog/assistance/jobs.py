"""What was solved long ago is closed by the clock."""

from __future__ import annotations

from sqlalchemy import select

from registry.catalog.assistance import rules, service
from registry.catalog.assistance.models import AssistanceRequest
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work


@jobs.every("assistance.close_solved", "17 19 * * *")
def close_solved() -> None:
    """One by one, in the programme's scope."""
    due = select(AssistanceRequest.id).where(
        AssistanceRequest.state == rules.SOLVED, AssistanceRequest.solved_at < now() - rules.REOPENS
    )
    for request_id in db.session.scalars(due).all():
        with unit_of_work():
            service.expire(db.session.get_one(AssistanceRequest, request_id))
