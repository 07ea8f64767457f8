"""What a proposal would come to, looked over: its commits, and the inspection of the merged tree."""

from __future__ import annotations

from registry.forge import storage
from registry.forge.browsing.turns import turn
from registry.forge.looking import Look, look_repository
from registry.forge.proposals.models import Proposal
from registry.forge.trees import Commit, missing

MAX_COMMITS = 200


def commits(proposal: Proposal) -> list[Commit]:
    """Newest first; those the original had not when they parted."""
    since = proposal.base or proposal.target
    if not (proposal.head and since):
        return []
    return missing(storage.here().upstream(proposal.app.slug), proposal.head, since, MAX_COMMITS)


def look(proposal: Proposal) -> Look | None:
    """None where it cannot be merged. Nothing of it is run. Raises UnavailableError when no turn is free."""
    if not proposal.trial:
        return None
    with turn():
        return look_repository(proposal.app.publisher, storage.here().upstream(proposal.app.slug), proposal.trial)
