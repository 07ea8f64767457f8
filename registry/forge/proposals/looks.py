"""What a proposal would come to, looked over: its commits, and the inspection of the merged tree."""

from __future__ import annotations

from registry.catalog.trust import proving
from registry.catalog.trust.proved import Result
from registry.forge import git, storage, writing
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


def tests(proposal: Proposal) -> Result | None:
    """How the newest run of the merged tree's own tests went; None where it cannot be merged, or nobody ran them."""
    if not proposal.trial:
        return None
    try:
        tree = writing.tree_of(storage.here().upstream(proposal.app.slug), proposal.trial)
    except git.GitError:  # the page is shown though the repository cannot be read
        return None
    return proving.result_of(tree)


def look(proposal: Proposal) -> Look | None:
    """None where it cannot be merged. Nothing of it is run. Raises UnavailableError when no turn is free."""
    if not proposal.trial:
        return None
    with turn():
        return look_repository(proposal.app.publisher, storage.here().upstream(proposal.app.slug), proposal.trial)
