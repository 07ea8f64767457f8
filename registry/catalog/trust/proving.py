"""Asking for a bundle's own tests to be run, and what came of it. Run by the host (`registry.host.provings`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError

from registry.catalog.trust.models import OPEN, Proving
from registry.catalog.trust.proved import Content, Result
from registry.core import jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError, TooManyError
from registry.hosting.plain import ProvingState
from registry.tenants.models import City

TASK: Final = "hosting.prove"
"""Builds what the tests run in, two rooms above, and hands over to the host."""

HOST_LATE = timedelta(seconds=30)
LOST_AFTER = timedelta(hours=1)
MOST_OPEN, AGAIN = 5, 60
"""Of one city, and the seconds after which it is worth asking again."""
KEPT = 5
"""Runs of one tree; older ones are forgotten when another is asked for."""
RESULT = ("id", "passed", "failed", "skipped", "errors", "seconds", "reason", "detail", "finished_at")


def host_is_there() -> bool:
    """Whether somebody would run tests now: the plugin host was heard a moment ago."""
    heard = db.session.scalar(text("select max(beat_at) from hosts"))
    return heard is not None and now() - heard <= HOST_LATE


def newest(tree: str) -> Proving | None:
    wanted = select(Proving).where(Proving.tree == tree).order_by(Proving.id.desc()).limit(1)
    return db.session.scalar(wanted.execution_options(populate_existing=True)) if tree else None


def result_of(tree: str) -> Result | None:
    """Of the newest run of this tree's tests; None when there was none."""
    found = newest(tree)
    return told(found) if found else None


def told(proving: Proving) -> Result:
    values = {name: getattr(proving, name) for name in RESULT}
    return Result(state=ProvingState(proving.state), failures=tuple(proving.failures), **values)


def get(proving_id: int) -> Proving:
    """As it is now, whoever wrote it. Raises NotFoundError."""
    found = db.session.get(Proving, proving_id, populate_existing=True)
    if found is None:
        raise NotFoundError(_("There is no such run of tests."))
    return found


def ask(city: City, content: Content, source: Mapping[str, str], user_id: int | None) -> Proving:
    """Have the tests of ``content`` run once more, for ``city``; a run that is under way is answered with instead.

    ``source`` says where the tree is found, as `registry.forge.proving` reads it. The host is woken when its
    environment is built. Raises TooManyError: the host does one at a time, for all cities.
    """
    under_way = _open(content.tree)
    if under_way is not None and not _is_lost(under_way):
        return under_way
    if under_way is not None:
        give_up(under_way, "host")
        db.session.flush()
    _refuse_many(city)
    _forget_old(content.tree)
    made = Proving(
        tree=content.tree, lock=content.lock, runtime=content.runtime, version=content.version, source=dict(source),
        city_id=city.id, asked_by=user_id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another request was faster
        return db.session.scalars(select(Proving).where(Proving.tree == content.tree, Proving.state.in_(OPEN))).one()
    made.job_id = jobs.enqueue(TASK, "prove", content.version or content.tree[:12], city.id, proving_id=made.id).id
    return made


def take_up(proving: Proving, environment: str) -> None:
    """Its environment is built: the host may begin."""
    proving.environment = environment


def give_up(proving: Proving, reason: str, detail: str = "") -> None:
    """It cannot be run, and why."""
    proving.state, proving.reason, proving.detail = ProvingState.BROKEN, reason, detail[:2000]
    proving.finished_at = now()


def _open(tree: str) -> Proving | None:
    return db.session.scalar(select(Proving).where(Proving.tree == tree, Proving.state.in_(OPEN)))


def _refuse_many(city: City) -> None:
    count = db.session.scalar(
        select(func.count()).select_from(Proving).where(Proving.city_id == city.id, Proving.state.in_(OPEN))
    )
    if (count or 0) >= MOST_OPEN:
        message = _(
            "%(n)s runs of tests of %(city)s wait already. Ask again when one has ended.", n=count, city=city.name
        )
        raise TooManyError(message, AGAIN)


def _is_lost(proving: Proving) -> bool:
    """Whether its environment should have been built long ago: its job was lost with a queue, say."""
    return not proving.environment and proving.created_at < now() - LOST_AFTER


def _forget_old(tree: str) -> None:
    kept = select(Proving.id).where(Proving.tree == tree).order_by(Proving.id.desc()).limit(KEPT - 1)
    db.session.execute(
        delete(Proving).where(Proving.tree == tree, Proving.id.not_in(kept.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
