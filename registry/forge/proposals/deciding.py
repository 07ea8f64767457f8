"""Decisions: merge, squash, decline, withdraw, reopen. Of two at the same moment one wins and the other is told so.

Main is moved by compare and swap: objects first, then what main will name is written to the table, then the reference
moves, then the table says so. Who is killed in between leaves a sound repository, and a row from which the next one
who looks at the proposal sees whether main was moved (`reconcile`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.catalog.trust import proving
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git, pushes, storage, writing
from registry.forge.following import merging
from registry.forge.looking import look_repository
from registry.forge.proposals import bringing, reading, remarks, rules, words
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import Proposal
from registry.forge.pushes import Change
from registry.forge.signatures import own
from registry.forge.writing import Author
from registry.tenants.models import City

MAIN_REF = "refs/heads/main"
ROW = {"of": Proposal}
"""The app's and the city's rows, which are read along, are not held up."""

MAX_COMMITS = 1_000
"""Commits of a proposal whose authors are named when they become one."""


class TestsError(ConflictError):
    """Its own tests stand against merging it; ``code`` is that of `rules.tests_problem`."""

    def __init__(self, code: str) -> None:
        super().__init__(words.act_problem(code))
        self.code = code


def merge(proposal: Proposal, speaker: Speaker, way: str, seen: str, untested: bool = False) -> Proposal:
    """Take in what was looked at: ``seen`` is the head then. ``way`` is `rules.MERGE` or `rules.SQUASH`.

    ``untested``: the maintainer says that he merges what nobody can test now. Opens its own units of work; the proposal
    is `registry.forge.proposals.service.refreshed`. Raises ConflictError when it cannot be merged, was decided, or
    either side moved; TestsError; InvalidError with findings for what could not be deployed.
    """
    _demand(way, proposal, speaker)
    problem = rules.merge_problem(proposal.fit, seen, proposal.head)
    if problem:
        raise ConflictError(words.act_problem(problem))
    upstream = storage.here().upstream(proposal.app.slug)
    without_tests = _demand_sound(proposal, upstream, untested)
    number = proposal.id
    with _alone(upstream):
        made = _commit(proposal, speaker, way)
        _intend(number, way, made, speaker, without_tests)
        _move(number, upstream, made)
        return _settle(number)


def reconcile(proposal: Proposal) -> None:
    """Put right what somebody who was killed while deciding left behind; nothing while he is still at it."""
    upstream = storage.here().upstream(proposal.app.slug)
    number = proposal.id
    try:
        with _alone(upstream, wait=False):
            found = db.session.get_one(Proposal, number, populate_existing=True)
            if found.state != rules.DECIDING:
                return
            if _contains(upstream, found.result):
                _settle(number)
            else:
                _give_up(number)
    except BlockingIOError:
        return


def close(proposal: Proposal, speaker: Speaker, act: str, reason: str = "") -> None:
    """Decline (with a reason), withdraw or reopen; inside a unit of work. Raises ConflictError, InvalidError."""
    locked = db.session.get_one(Proposal, proposal.id, with_for_update=ROW, populate_existing=True)
    _demand(act, locked, speaker)
    words.demand(text=rules.text_problem(reason, rules.MAX_REASON, needed=act == rules.DECLINE))
    state = {rules.DECLINE: rules.DECLINED, rules.WITHDRAW: rules.WITHDRAWN, rules.REOPEN: rules.OPEN}[act]
    if act == rules.REOPEN:
        _demand_free(locked)
    locked.state = state
    locked.decided_by = None if act == rules.REOPEN else speaker.user.id
    locked.decided_at = None if act == rules.REOPEN else now()
    kind = rules.REOPENED if act == rules.REOPEN else state
    remarks.note(locked, speaker, kind, reason.replace("\r\n", "\n").strip(), locked.head)
    audit.record(f"proposal.{act}", _subject(locked), speaker.city.id, reason=reason[:500])


@contextmanager
def _alone(upstream: Path, wait: bool = True) -> Iterator[None]:
    """One decision of an app at a time, beside the lock upkeep takes. It goes with the process that holds it."""
    with storage.in_use(upstream), storage.locked(upstream / "refs", wait):
        yield


def _demand(act: str, proposal: Proposal, speaker: Speaker) -> None:
    problem = rules.act_problem(act, proposal.state, speaker.side)
    if problem == "other-side":
        raise ForbiddenError(words.act_problem(problem))
    if problem:
        raise ConflictError(words.act_problem(problem))


def _demand_free(proposal: Proposal) -> None:
    same = (Proposal.app_id == proposal.app_id, Proposal.city_id == proposal.city_id, Proposal.id != proposal.id)
    taken = db.session.query(Proposal).filter(*same, Proposal.branch == proposal.branch,
                                              Proposal.state.in_(rules.UNDECIDED)).count()  # fmt: skip
    if taken:
        raise ConflictError(_("Another proposal offers this branch by now."))


def _demand_sound(proposal: Proposal, upstream: Path, untested: bool) -> bool:
    """Whether it is merged though its tests have not passed, as the maintainer wants it."""
    look = look_repository(proposal.app.publisher, upstream, proposal.trial)
    errors = [one for one in look.findings if one.level == "error"]
    if errors:
        raise InvalidError(_("What comes of it could not be deployed. The city must correct it first."), errors)
    if not look.has_tests:
        return False
    state = look.proved.state.value if look.proved else ""
    problem = rules.tests_problem(state, proving.host_is_there(), untested)
    if problem:
        raise TestsError(problem)
    return state != "passed"


def _commit(proposal: Proposal, speaker: Speaker, way: str) -> str:
    """The commit that takes it in, whole in the upstream, named by nothing yet."""
    place = storage.here()
    upstream = place.upstream(proposal.app.slug)
    host = storage.settings().registry_host
    city, target = proposal.city.name, proposal.target
    decider = Author(speaker.user.name, f"{speaker.user.id}.{speaker.city.slug}@{host}", now())
    author, others = decider, []
    if way == rules.SQUASH:
        author = _contributor(proposal, host)
        others = list(_co_authors(upstream, proposal, author))
    parents = (target,) if way == rules.SQUASH else (target, proposal.head)
    message = rules.message(proposal.title, proposal.id, city, reading.address(proposal), others)
    tree = writing.tree_of(upstream, proposal.trial)
    with place.scratch() as scratch:
        work = merging.workplace(upstream, scratch, (place.pool(proposal.app.slug),))
        return merging.prepare(work, tree, parents, message, author, bringing.registry_author(), own.signed)


def _contributor(proposal: Proposal, host: str) -> Author:
    """Who offered it; the address is one of the registry's and not the person's own."""
    user, city = proposal.author, proposal.city
    if user is None:
        return Author(city.name, f"git@{host}", now())
    return Author(user.name, f"{user.id}.{city.slug}@{host}", now())


def _co_authors(upstream: Path, proposal: Proposal, author: Author) -> Iterable[str]:
    """The other authors of the commits that become one, as they called themselves."""
    told = git.run(
        upstream, "log", "-z", f"--max-count={MAX_COMMITS}", "--no-merges", "--no-show-signature",
        "--format=%an%x1f%ae", proposal.head, f"^{proposal.target}", "--",
    ).decode("utf-8", "replace")  # fmt: skip
    named = {author.name, "Lumbung"}
    for line in dict.fromkeys(told.split("\0")):
        name, _sep, email = line.partition("\x1f")
        plain = (name + email).isprintable() and not {"<", ">"} & set(line)
        if name and name not in named and plain:
            yield f"{name} <{email}>"


def _intend(number: int, way: str, made: str, speaker: Speaker, untested: bool) -> None:
    user_id = speaker.user.id
    with unit_of_work():
        found = db.session.get_one(Proposal, number, with_for_update=ROW, populate_existing=True)
        if found.state != rules.OPEN:
            raise ConflictError(words.act_problem("decided"))
        found.state, found.way, found.result, found.decided_by = rules.DECIDING, way, made, user_id
        if untested:
            text = _("It is merged untested: nobody can run its tests at present.")
            remarks.note(found, speaker, rules.COMMENT, text, found.head)


def _move(number: int, upstream: Path, made: str) -> None:
    target = db.session.get_one(Proposal, number).target
    try:
        writing.update_refs(upstream, {MAIN_REF: (made, target)})
    except git.GitError as error:
        _give_up(number)
        raise ConflictError(_("The original's main moved just now: look at the proposal again.")) from error


def _give_up(number: int) -> None:
    with unit_of_work():
        found = db.session.get_one(Proposal, number, with_for_update=ROW)
        found.state, found.way, found.result, found.decided_by = rules.OPEN, "", "", None


def _settle(number: int) -> Proposal:
    """Main names it: feed the pool, and let the tables and the audit log say so."""
    found = db.session.get_one(Proposal, number)
    place = storage.here()
    storage.feed_pool(place, found.app.slug, place.upstream(found.app.slug))
    with unit_of_work():
        found = db.session.get_one(Proposal, number, with_for_update=ROW, populate_existing=True)
        found.state, found.decided_at = rules.MERGED, now()
        publisher = db.session.get_one(City, found.app.publisher_id)
        user = db.session.get(User, found.decided_by) if found.decided_by else None
        if user is not None:
            remarks.note(found, Speaker(rules.PUBLISHER, publisher, user), rules.MERGED, head=found.head)
        pushes.record("upstream", publisher, found.app, [Change(MAIN_REF, found.target, found.result)])
        audit.record(f"proposal.{found.way}", _subject(found), found.city_id, commit=found.result)
    return db.session.get_one(Proposal, number)


def _contains(upstream: Path, commit: str) -> bool:
    try:
        git.run(upstream, "merge-base", "--is-ancestor", commit, MAIN_REF)
    except git.GitError:
        return False
    return True


def _subject(proposal: Proposal) -> str:
    return f"{proposal.app.slug}#{proposal.id} {proposal.city.slug}"
