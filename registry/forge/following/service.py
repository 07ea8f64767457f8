"""Bringing a fork up to what it follows: begun by somebody, decided file by file where needed, done by the worker.

All but `settings_of` and `under_way` are called inside a unit of work, in the city's scope.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from registry.core import audit, jobs
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, ForbiddenError, InvalidError, NotFoundError
from registry.core.jobs import Job
from registry.forge.following import distances, rules
from registry.forge.following.conflicts import Conflict
from registry.forge.following.distances import Target
from registry.forge.following.models import (
    MAIN,
    OPEN,
    RELEASES,
    STOPPED,
    UNDER_WAY,
    Choice,
    Following,
    Sync,
)
from registry.forge.following.preview import Preview, looked
from registry.forge.following.results import choices_of, holds
from registry.forge.keeping import service as keeping
from registry.forge.models import Fork
from registry.tenants.models import City

TASK = "forge.sync"
UNSEEN = ("", "")
MAX_CHOICES = 400
MAX_KEPT_TEXT = 4 * 2**20
"""Characters of all edited files of one sync together."""


@dataclass(frozen=True)
class Settings:
    """``channel`` is `RELEASES` or `MAIN`; ``auto``: take a release by itself while nothing of it is the city's own."""

    channel: str = RELEASES
    auto: bool = False


def settings_of(fork: Fork) -> Settings:
    row = db.session.scalar(select(Following).where(Following.fork_id == fork.id))
    return Settings(row.channel, row.auto) if row else Settings()


def set_settings(city: City, fork: Fork, wanted: Settings) -> None:
    """Raises InvalidError for a channel nobody knows, or main followed without anybody looking."""
    if wanted.channel not in (RELEASES, MAIN):
        message = _("A fork follows releases or main.")
        raise InvalidError(message, [Finding("channel", message)])
    if wanted.auto and wanted.channel != RELEASES:
        message = _("Only releases are taken by themselves, never what is still being worked on.")
        raise InvalidError(message, [Finding("auto", message)])
    if settings_of(fork) == wanted:
        return
    values = {"channel": wanted.channel, "auto": wanted.auto}
    made = insert(Following).values(tenant_id=city.id, fork_id=fork.id, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "fork_id"], set_=values))
    audit.record("fork.follow", _name(city, fork), tenant_id=city.id, **values)


def target_of(fork: Fork) -> Target:
    """What the fork is brought up to. Raises NotFoundError when there is nothing yet."""
    found = distances.target_of(fork.app, settings_of(fork).channel)
    if found is None:
        raise NotFoundError(_("%(app)s has nothing to follow yet.", app=fork.app.name))
    return found


def under_way(fork: Fork) -> Sync | None:
    wanted = select(Sync).where(Sync.fork_id == fork.id, Sync.state.in_(UNDER_WAY))
    return db.session.scalar(wanted)


def get_under_way(fork: Fork) -> Sync:
    """Raises NotFoundError."""
    found = under_way(fork)
    if found is None:
        raise NotFoundError(_("No sync of this fork is under way."))
    return found


def is_stale(sync: Sync, found: Preview) -> bool:
    """Whether either side moved since it was begun: what was decided may not fit any more."""
    return (sync.ours, sync.theirs) != (found.head, found.target.commit)


def begin(
    city: City, fork: Fork, user_id: int | None, seen: tuple[str, str] = UNSEEN, act: str = "", by_itself: bool = False
) -> Sync:
    """Begin to bring the fork up to what it follows: at once by a job, or, with conflicts, to be decided first.

    ``seen`` are the two commits somebody looked at ("" = whatever they are now); ``act`` may be `rules.DISCARD` or
    `rules.TIDY`. Raises ConflictError when they moved, when another sync is under way or when there is nothing to do.
    """
    _demand_part(city)
    keeping.demand_room(city)
    with looked(city, fork, target_of(fork)) as found:
        if seen != UNSEEN and seen != (found.head, found.target.commit):
            raise ConflictError(_("The fork or its original moved since you looked: look again."))
        way = act or found.way
        _demand_sense(fork, found, way)
        sync = Sync(
            tenant_id=city.id, fork_id=fork.id, way=way, ours=found.head, theirs=found.target.commit,
            label=found.target.label, started_by=user_id, starter=audit.actor().name, by_itself=by_itself,
        )  # fmt: skip
    _add(fork, sync)
    if way != rules.CONFLICTS:
        _enqueue(city, fork, sync)
    return sync


def discard(city: City, fork: Fork, user_id: int | None, typed: str) -> Sync:
    """Give up the city's own changes; they stay in a safety branch. ``typed`` is the app's short name, to be sure."""
    if typed.strip() != fork.app.slug:
        message = _("Type %(name)s to give up your own changes.", name=fork.app.slug)
        raise InvalidError(message, [Finding("confirm", message)])
    return begin(city, fork, user_id, act=rules.DISCARD)


def decide(fork: Fork, sync: Sync, conflict: Conflict, side: str, content: str = "") -> None:
    """Keep what somebody decided about one conflict. Raises InvalidError."""
    _demand_open(sync)
    text = content if side == rules.EDITED else ""
    problem = _choice_problem(conflict, side, text)
    if problem:
        raise InvalidError(problem, [Finding(conflict.path, problem)])
    known = choices_of(sync)
    others = [one for path, one in known.items() if path != conflict.path]
    if len(others) >= MAX_CHOICES or sum(len(one.content) for one in others) + len(text) > MAX_KEPT_TEXT:
        raise InvalidError(_("This is too much for the browser: merge on your own machine and push."))
    choice = known.get(conflict.path)
    if choice is None:
        choice = Choice(tenant_id=sync.tenant_id, sync_id=sync.id, path=conflict.path)
        db.session.add(choice)
    choice.side, choice.content, choice.state = side, text, conflict.state
    choice.chosen_by = audit.actor().name
    db.session.flush()


def _choice_problem(conflict: Conflict, side: str, text: str) -> str:
    if side not in rules.SIDES:
        return _("Choose yours, theirs or an edited text.")
    if side != rules.EDITED:
        return ""
    if not conflict.may_edit:
        return _("This cannot be edited here: choose one side.")
    return {
        None: "",
        "too-long": _("At most %(n)d kB can be edited here.", n=rules.MAX_EDITED // 1024),
        "not-text": _("The text holds characters that no text file has."),
        "markers": _("Lines that begin with <<<<<<< or >>>>>>> are still there: decide and take them out."),
    }[rules.edited_problem(text)]


def finish(city: City, fork: Fork, sync: Sync) -> Job:
    """All is decided: the worker makes the commit. Raises ConflictError while something is open or it is done already.

    Asked again for one that a worker was lost with, it goes on where that stopped.
    """
    _demand_part(city)
    if sync.state == OPEN:
        with looked(city, fork, target_of(fork)) as found:
            if is_stale(sync, found):
                raise ConflictError(_("The fork or its original moved since this was begun: renew it first."))
            choices = choices_of(sync)
            still = [one.path for one in found.conflicts if not holds(one, choices.get(one.path))]
        if still:
            message = _("%(n)d files are still to be decided.", n=len(still))
            raise ConflictError(message, [Finding(path, _("Not decided yet.")) for path in still[:50]])
    _demand_no_job(sync)
    return _enqueue(city, fork, sync)


def renew(city: City, fork: Fork, sync: Sync) -> list[str]:
    """Go on from where both sides are now. Answers with the files whose decision does not hold any more."""
    _demand_open(sync)
    with looked(city, fork, target_of(fork)) as found:
        _demand_sense(fork, found, found.way)
        sync.ours, sync.theirs, sync.label = found.head, found.target.commit, found.target.label
        sync.way = found.way
        fitting = {one.path for one in found.conflicts if holds(one, choices_of(sync).get(one.path))}
    gone = sorted(choices_of(sync).keys() - fitting)
    db.session.execute(delete(Choice).where(Choice.sync_id == sync.id, Choice.path.in_(gone)))
    return gone


def stop(city: City, fork: Fork, sync: Sync) -> None:
    """Nothing is to come of it; the fork is as it was. Raises ConflictError while the worker is at it."""
    _demand_open(sync)
    sync.state = STOPPED
    audit.record("fork.sync-stop", _name(city, fork), tenant_id=city.id, to=sync.label)


def _add(fork: Fork, sync: Sync) -> None:
    """One sync of a fork at a time; one whose job is over without anything to decide makes room."""
    old = under_way(fork)
    if old is not None and old.state == OPEN and old.way != rules.CONFLICTS and not _works(old):
        old.state = STOPPED
        db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(sync)
    except IntegrityError as error:
        raise ConflictError(_("A sync of this fork is under way already: finish or stop it first.")) from error


def _enqueue(city: City, fork: Fork, sync: Sync) -> Job:
    subject = f"{fork.app.slug}.{city.slug}"
    job = jobs.enqueue(TASK, "sync", subject, city.id, lane=f"{TASK}:{fork.id}", sync_id=sync.id)
    sync.job_id = job.id
    return job


def _works(sync: Sync) -> bool:
    job = db.session.get(Job, sync.job_id) if sync.job_id else None
    return job is not None and not job.finished


def _demand_no_job(sync: Sync) -> None:
    if _works(sync):
        raise ConflictError(_("The worker is at it already."))


def _demand_open(sync: Sync) -> None:
    _demand_no_job(sync)
    if sync.state != OPEN:
        raise ConflictError(_("This sync is being done: it can no longer be changed."))


def _demand_part(city: City) -> None:
    if city.state != "admitted":
        raise ForbiddenError(_("%(city)s does not take part at present; its forks are read-only.", city=city.name))


def _demand_sense(fork: Fork, found: Preview, way: str) -> None:
    if way == rules.CURRENT:
        raise ConflictError(_("The fork of %(app)s has everything of %(label)s already.", app=fork.app.name,
                              label=found.target.label))  # fmt: skip
    if way == rules.UNRELATED:
        raise ConflictError(_("This fork and its original have no common history: they cannot be joined."))
    if way == rules.TIDY and not found.tidy:
        raise ConflictError(_("There is nothing to tidy: the fork has changes of its own."))
    if way == rules.DISCARD and found.unchanged and found.base and not found.behind:
        raise ConflictError(_("The fork has no changes of its own to give up."))


def _name(city: City, fork: Fork) -> str:
    return f"{city.slug}/{fork.app.slug}"
