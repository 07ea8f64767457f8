"""What a proposal may be and who decides what of it. Pure: values in, a refusal's code or a value out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.forge.rules import is_ref_name

OPEN, DECIDING, MERGED, DECLINED, WITHDRAWN = "open", "deciding", "merged", "declined", "withdrawn"
STATES = (OPEN, MERGED, DECLINED, WITHDRAWN)
UNDECIDED = (OPEN, DECIDING)
"""`DECIDING`: somebody is moving main; whether he has, the repository tells."""

PUBLISHER, CITY = "publisher", "city"
"""The two sides."""

CLEAN, CONFLICTS, UNRELATED, CONTAINED, EMPTY = "clean", "conflicts", "unrelated", "contained", "empty"
"""How what is offered stands to main. `CONTAINED`: main has all of its commits; `EMPTY`: nothing is left of it but the
city's nameplate."""

OPENED, PUSHED, EDITED, REOPENED = "opened", "pushed", "edited", "reopened"
COMMENT, APPROVE, CHANGES = "comment", "approve", "changes"
REVIEWS = (APPROVE, CHANGES, COMMENT)
KINDS = (OPENED, PUSHED, EDITED, REOPENED, COMMENT, APPROVE, CHANGES, MERGED, DECLINED, WITHDRAWN)
URGENT = (MERGED, DECLINED)
"""Told at once, whatever was told before."""

MERGE, SQUASH, DECLINE, WITHDRAW, REOPEN = "merge", "squash", "decline", "withdraw", "reopen"
WAYS = (MERGE, SQUASH)
ACTS = (MERGE, SQUASH, DECLINE, WITHDRAW, REOPEN)

FAILED, UNDER_WAY, UNTESTED, UNCONFIRMED = "tests-failed", "tests-under-way", "untested", "unconfirmed"
"""Why its own tests keep it from being merged."""

ASKED, APPROVED, REFUSED = "asked", "approved", "refused"
"""States of a city's request to publish its fork as a variant."""

OLD, NEW = "old", "new"
LINE_SIDES = (OLD, NEW)

MAX_TITLE, MAX_TEXT, MAX_COMMENT, MAX_REASON = 200, 20_000, 10_000, 2_000
MAX_REMARKS, MAX_OPEN = 500, 20
"""Remarks on one proposal; open proposals of one fork."""

MAX_NAME, MAX_WHY = 80, 2_000
MAX_LINE_TEXT, MAX_PATH = 400, 4_000
MAX_CO_AUTHORS = 20


@dataclass(frozen=True)
class Spoken:
    """A review as the rules see it; ``head`` is the commit that was looked at."""

    kind: str
    author: int | None
    head: str


def title_problem(title: str) -> str | None:
    if not title.strip():
        return "empty"
    if len(title) > MAX_TITLE:
        return "long"
    return None if title.isprintable() else "unprintable"


def text_problem(text: str, most: int, needed: bool = False) -> str | None:
    """``most`` counts bytes."""
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return "unprintable"
    if needed and not text.strip():
        return "empty"
    return "long" if len(text.encode()) > most else None


def branch_problem(branch: str, known: Collection[str]) -> str | None:
    return None if is_ref_name(branch) and branch in known else "branch"


def act_problem(act: str, state: str, side: str) -> str | None:
    """Why ``side`` cannot do ``act`` to a proposal in ``state``."""
    if act == REOPEN:
        if state not in (DECLINED, WITHDRAWN):
            return "not-closed"
        return None if side == (PUBLISHER if state == DECLINED else CITY) else "other-side"
    if side != (CITY if act == WITHDRAW else PUBLISHER):
        return "other-side"
    return {OPEN: None, DECIDING: "deciding"}.get(state, "decided")


def merge_problem(fit: str, seen: str, head: str) -> str | None:
    """Why what somebody looked at (``seen``, the head then) cannot be merged now."""
    if seen != head:
        return "moved"
    return None if fit == CLEAN else fit or "moved"


def tests_problem(state: str, host_is_there: bool, confirmed: bool) -> str | None:
    """Why what brings tests cannot be merged now; ``state`` is that of their newest run (`ProvingState`, "": none).

    Without a host nobody can run them, and a run that broke off says neither yes nor no: then a maintainer may say
    that he merges untested. Tests that failed are never overruled.
    """
    if state == "failed":
        return FAILED
    if state == "passed" or (confirmed and (state == "broken" or not host_is_there)):
        return None
    if not host_is_there or state == "broken":
        return UNCONFIRMED
    return UNDER_WAY if state else UNTESTED


def verdicts(reviews: Sequence[Spoken]) -> dict[int, Spoken]:
    """By reviewer the last thing that says yes or no, oldest first in ``reviews``; comments change nothing."""
    return {one.author: one for one in reviews if one.author is not None and one.kind in (APPROVE, CHANGES)}


def standing(reviews: Sequence[Spoken], head: str) -> tuple[int, int, int]:
    """How many approve of ``head``, ask for changes, and approved of a commit that is not offered any more."""
    last = verdicts(reviews).values()
    approving = [one for one in last if one.kind == APPROVE]
    fresh = sum(one.head == head for one in approving)
    return fresh, sum(one.kind == CHANGES for one in last), len(approving) - fresh


def message(title: str, number: int, city: str, address: str, co_authors: Sequence[str] = ()) -> str:
    """Of the commit that takes a proposal in: git's form, 72 letters first, trailers last."""
    subject = title if len(title) <= MAX_TITLE else title[:MAX_TITLE]
    trailers = [f"Proposal: {address}", *(f"Co-authored-by: {one}" for one in co_authors[:MAX_CO_AUTHORS])]
    return "\n".join([f"{subject} (#{number})", "", f"{city}", "", *trailers])
