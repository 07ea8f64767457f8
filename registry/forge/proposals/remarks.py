"""What is said about a proposal: as a whole, about one line, or as a maintainer's review. Inside a unit of work."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, ForbiddenError, InvalidError, TooManyError
from registry.forge import storage
from registry.forge.browsing.diffs import diff
from registry.forge.browsing.patches import Diff, Line, lines_of
from registry.forge.browsing.turns import turn
from registry.forge.proposals import notices, rules, words
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import Proposal, Remark

AGAIN = 24 * 3_600


@dataclass(frozen=True)
class Spot:
    """A line of the diff: its number on one of `rules.LINE_SIDES`."""

    path: str
    line_side: str
    line: int


def changes(proposal: Proposal) -> Diff:
    """What is offered, without the city's nameplate. Waits for its turn. Raises UnavailableError."""
    if not proposal.offer:
        return Diff(())
    with turn():
        return diff(storage.here().upstream(proposal.app.slug), proposal.base, proposal.offer)


def say(proposal: Proposal, speaker: Speaker, kind: str, text: str, spot: Spot | None = None, seen: str = "") -> Remark:
    """A comment of either side, or a maintainer's review (`rules.REVIEWS`) of the commit ``seen``.

    Raises InvalidError for a line that is not in the diff, ConflictError for a review of what is not offered any more.
    """
    if kind not in rules.REVIEWS:
        raise InvalidError(_("Approve, ask for changes, or comment."), [Finding("kind", _("Not known."))])
    _demand_right(proposal, speaker, kind, seen)
    words.demand(text=rules.text_problem(text, rules.MAX_COMMENT, needed=kind != rules.APPROVE))
    _demand_few(proposal)
    line = _line(proposal, spot) if spot else None
    remark = note(proposal, speaker, kind, text.replace("\r\n", "\n").strip(), proposal.head)
    if spot is not None and line is not None:
        remark.path, remark.line, remark.line_side = spot.path, spot.line, spot.line_side
        remark.line_text = line.text[: rules.MAX_LINE_TEXT]
    audit.record(f"proposal.{kind}", f"{proposal.app.slug}#{proposal.id}", speaker.city.id)
    return remark


def note(proposal: Proposal, speaker: Speaker, kind: str, text: str = "", head: str = "") -> Remark:
    """Write it down, see whose turn it is now, and tell the other side."""
    remark = Remark(
        proposal_id=proposal.id, kind=kind, side=speaker.side, city_id=speaker.city.id, author_id=speaker.user.id,
        text=text, head=head,
    )  # fmt: skip
    db.session.add(remark)
    answered = speaker.side == rules.PUBLISHER and kind != rules.APPROVE
    proposal.waits_for = rules.CITY if answered else rules.PUBLISHER
    db.session.flush()
    notices.tell(proposal, speaker.side)
    return remark


def note_push(proposal: Proposal, head: str) -> None:
    """The city pushed to what it offers, several times in a row told as one; the audit log knows who pushed what."""
    last = db.session.scalar(
        select(Remark).where(Remark.proposal_id == proposal.id).order_by(Remark.id.desc()).limit(1)
    )
    if last is None or last.kind != rules.PUSHED:
        last = Remark(proposal_id=proposal.id, kind=rules.PUSHED, side=rules.CITY, city_id=proposal.city_id)
        db.session.add(last)
    last.head, last.created_at = head, now()
    proposal.waits_for = rules.PUBLISHER


def is_current(remark: Remark, lines: dict[tuple[str, str, int], str]) -> bool:
    """Whether the line a remark is about still stands there; ``lines`` are `known_lines` of the diff."""
    return lines.get((remark.path, remark.line_side, remark.line or 0)) == remark.line_text


def known_lines(found: Diff) -> dict[tuple[str, str, int], str]:
    """The text of every line of a diff by path, side and number, as far as remarks keep it."""
    known = {}
    for file, line in lines_of(found):
        for side, number in ((rules.OLD, line.old), (rules.NEW, line.new)):
            if number is not None:
                known[(file.path, side, number)] = line.text[: rules.MAX_LINE_TEXT]
    return known


def _demand_right(proposal: Proposal, speaker: Speaker, kind: str, seen: str) -> None:
    if kind == rules.COMMENT:
        return
    if speaker.side != rules.PUBLISHER:
        raise ForbiddenError(_("Only maintainers of the publisher review."))
    if not proposal.is_open:
        raise ConflictError(words.act_problem("decided"))
    if seen != proposal.head:
        raise ConflictError(words.act_problem("moved"))


def _demand_few(proposal: Proposal) -> None:
    said = (Remark.proposal_id == proposal.id, Remark.kind.in_(rules.REVIEWS))
    count = db.session.scalar(select(func.count()).select_from(Remark).where(*said)) or 0
    if count >= rules.MAX_REMARKS:
        raise TooManyError(_("This proposal has %(n)d remarks: no more are taken.", n=count), AGAIN)


def _line(proposal: Proposal, spot: Spot) -> Line:
    for file, line in lines_of(changes(proposal)):
        number = line.old if spot.line_side == rules.OLD else line.new
        if file.path == spot.path and number == spot.line and spot.line_side in rules.LINE_SIDES:
            return line
    message = _("This line is not in the changes any more: look at them again.")
    raise InvalidError(message, [Finding("line", message)])
