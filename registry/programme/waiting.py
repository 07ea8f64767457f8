"""What waits for the maintainers, in numbers with the page each leads to. The session is in the programme's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from registry.catalog.assistance import rules as assistance
from registry.catalog.assistance.models import AssistanceRequest
from registry.catalog.voices.models import Question
from registry.core.db import db
from registry.forge.proposals import rules as proposals
from registry.forge.proposals.models import Proposal, VariantRequest
from registry.programme.partners import STEPS_OF_PUBLISHER, Partner
from registry.tenants.joining.models import CityApplication


@dataclass(frozen=True)
class Waiting:
    """``kind`` is a stable code; ``oldest`` when the first of them came."""

    kind: str
    count: int
    endpoint: str
    oldest: datetime | None = None


def for_publisher(found: Sequence[Partner]) -> list[Waiting]:
    """Only what there is, the longest waiting first."""
    told = [
        _counted("applications", "joining.queue", select(func.count(), func.min(CityApplication.changed_at))
                 .where(CityApplication.state == "waiting")),
        _counted("proposals", "forge.proposals_queue", select(func.count(), func.min(Proposal.updated_at))
                 .where(Proposal.state.in_(proposals.UNDECIDED), Proposal.waits_for == proposals.PUBLISHER)),
        _counted("variants", "forge.variant_requests", select(func.count(), func.min(VariantRequest.created_at))
                 .where(VariantRequest.state == proposals.ASKED)),
        _counted("questions", "voices.waiting", select(func.count(), func.min(Question.created_at))
                 .where(*Question.waiting())),
        _counted("assistance", "assistance.overview", select(func.count(), func.min(AssistanceRequest.waiting_since))
                 .where(AssistanceRequest.state.in_(assistance.FOR_HELPER),
                        AssistanceRequest.helper.has(publisher=True))),
        Waiting("signatures", sum(one.step in STEPS_OF_PUBLISHER for one in found), "agreements.programme"),
    ]  # fmt: skip
    return sorted((one for one in told if one.count), key=lambda one: (one.oldest is None, one.oldest or datetime.min))


def _counted(kind: str, endpoint: str, wanted: Select[int, datetime]) -> Waiting:
    count, oldest = db.session.execute(wanted).one()
    return Waiting(kind, count, endpoint, oldest)
