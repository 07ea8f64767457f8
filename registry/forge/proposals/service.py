"""Offering a branch of a fork to its upstream, and keeping what is known of it current.

All but `refreshed` are called inside a unit of work.
"""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.catalog.models import App
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, ForbiddenError, InvalidError, TooManyError, UnavailableError
from registry.core.logs import logger
from registry.core.uow import after_rollback, unit_of_work
from registry.forge import git, storage
from registry.forge.browsing import refs
from registry.forge.browsing.turns import turn
from registry.forge.following.distances import tip, upstream_main
from registry.forge.models import Fork
from registry.forge.proposals import bringing, deciding, remarks, rules, words
from registry.forge.proposals.bringing import Standing
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import Proposal
from registry.tenants.models import City

MAIN = "main"
AGAIN = 3_600
"""Seconds after which it is worth trying again when a fork has as many open proposals as it may."""


def branches_of(city: City, fork: Fork) -> list[str]:
    """Branches that can be offered, main first."""
    names = [one.name for one in refs.branches(storage.here().fork(city.slug, fork.app.slug), 200) if one.opens]
    return sorted(names, key=lambda name: (name != MAIN, name))


def open_proposal(city: City, fork: Fork, user: User, branch: str, title: str, text: str) -> Proposal:
    """Offer ``branch``. Everybody may read it from now on. Raises InvalidError, ConflictError, ForbiddenError."""
    if city.state != "admitted":
        raise ForbiddenError(_("%(city)s does not take part at present.", city=city.name))
    words.demand(
        title=rules.title_problem(title), text=rules.text_problem(text, rules.MAX_TEXT),
        branch=rules.branch_problem(branch, branches_of(city, fork)),
    )  # fmt: skip
    _demand_few(city, fork.app)
    proposal = Proposal(
        app_id=fork.app_id, city_id=city.id, author_id=user.id, title=title.strip(), text=_lines(text), branch=branch
    )
    _add(proposal)
    db.session.refresh(proposal)
    after_rollback(_forgetting(fork.app, proposal.id))
    _bring(proposal)
    _demand_something(proposal)
    remarks.note(proposal, Speaker(rules.CITY, city, user), rules.OPENED, head=proposal.head)
    audit.record("proposal.open", subject(proposal), city.id, branch=branch, head=proposal.head)
    return proposal


def edit(proposal: Proposal, speaker: Speaker, title: str, text: str) -> None:
    """Other words for the same change, by the city. Raises InvalidError, ConflictError once it is decided."""
    problem = rules.act_problem(rules.WITHDRAW, proposal.state, speaker.side)
    if problem:
        raise ConflictError(words.act_problem(problem))
    words.demand(title=rules.title_problem(title), text=rules.text_problem(text, rules.MAX_TEXT))
    if (proposal.title, proposal.text) == (title.strip(), _lines(text)):
        return
    audit.record("proposal.edit", subject(proposal), speaker.city.id, before=proposal.title)
    proposal.title, proposal.text = title.strip(), _lines(text)


def refreshed(proposal: Proposal) -> Proposal:
    """The proposal as it is now: what a lost worker left is put right, and it is held against main as that is now.

    Opens its own unit of work where something moved; asks no git where nothing did. Without a turn, or with a
    repository that cannot be read, it is answered as it was last known.
    """
    number = proposal.id
    if proposal.state == rules.DECIDING:
        deciding.reconcile(proposal)
    proposal = db.session.get_one(Proposal, number)
    if proposal.state != rules.OPEN or not _moved(proposal):
        return proposal
    try:
        with turn(), unit_of_work():
            locked = db.session.get(
                Proposal, number, with_for_update={"skip_locked": True, "of": Proposal}, populate_existing=True
            )
            if locked is not None and locked.state == rules.OPEN:
                _bring(locked)
    except (UnavailableError, git.GitError) as error:
        logger.warning("proposal not held against main", proposal=number, reason=str(error)[-300:])
    return db.session.get_one(Proposal, number)


def subject(proposal: Proposal) -> str:
    """What the audit log calls it."""
    return f"{proposal.app.slug}#{proposal.id} {proposal.city.slug}"


def _moved(proposal: Proposal) -> bool:
    return (_source(proposal), upstream_main(proposal.app)) != (proposal.head, proposal.target)


def _source(proposal: Proposal) -> str:
    """What the branch names now; the commit that was offered last where the branch, the fork or the city is gone."""
    fork = storage.here().fork(proposal.city.slug, proposal.app.slug)
    found = tip(fork, f"refs/heads/{proposal.branch}") if proposal.city.state == "admitted" else ""
    return found or proposal.head


def _bring(proposal: Proposal) -> None:
    """Raises GitError."""
    head = proposal.head
    if _source(proposal) != head:
        head = bringing.bring(proposal.app, proposal.city, proposal.branch, proposal.id)
    found = bringing.stand(proposal.app, proposal.id, head, upstream_main(proposal.app))
    if proposal.head and proposal.head != found.head:
        remarks.note_push(proposal, found.head)
    _write(proposal, found)


def _write(proposal: Proposal, found: Standing) -> None:
    proposal.head, proposal.target, proposal.base = found.head, found.target, found.base
    proposal.offer, proposal.trial, proposal.fit = found.offer, found.trial, found.fit
    proposal.conflicts, proposal.counts = list(found.conflicts), dict(found.counts or {})
    if found.fit == rules.CONFLICTS:
        proposal.waits_for = rules.CITY
    db.session.flush()


def _add(proposal: Proposal) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(proposal)
    except IntegrityError as error:
        raise ConflictError(_("This branch is offered already: what you push to it becomes part of it.")) from error


def _demand_few(city: City, app: App) -> None:
    of_fork = (Proposal.city_id == city.id, Proposal.app_id == app.id, Proposal.state.in_(rules.UNDECIDED))
    count = db.session.scalar(select(func.count()).select_from(Proposal).where(*of_fork)) or 0
    if count >= rules.MAX_OPEN:
        raise TooManyError(_("%(n)d proposals of this fork are open already. Wait for some to be decided, or withdraw "
                             "one.", n=count), AGAIN)  # fmt: skip


def _demand_something(proposal: Proposal) -> None:
    if proposal.fit in (rules.CONTAINED, rules.EMPTY, rules.UNRELATED):
        message = words.fit_text(proposal.fit)
        raise InvalidError(message, [Finding("branch", message)])


def _forgetting(app: App, number: int) -> Callable[[], None]:
    def forget() -> None:
        try:
            bringing.forget(app, number)
        except git.GitError as error:
            logger.warning("refs of a proposal left behind", number=number, reason=str(error)[-300:])

    return forget


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
