"""The one place that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.core.db import db
from registry.core.postgresql import HOST_CHANNEL


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Do one whole act: leaving the block commits, an exception rolls everything back and goes on.

    What must follow the commit (or undo a file after a failure) is registered inside with `after_commit` and
    `after_rollback`. Units of work do not nest: raises RuntimeError.
    """
    session = db.session()
    if "after_commit" in session.info:
        raise RuntimeError("a unit of work is already open: services do not open their own")
    session.info["after_commit"], session.info["after_rollback"] = [], []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        _finish(session, "after_rollback")
        raise
    _finish(session, "after_commit")


def after_commit(act: Callable[[], object]) -> None:
    db.session().info["after_commit"].append(act)


def after_rollback(act: Callable[[], object]) -> None:
    db.session().info["after_rollback"].append(act)


def wake_host(what: object) -> None:
    """Tell the plugin host and the gateway, when the open unit of work commits; they compare everything anyway, so
    ``what`` is for people who look on.
    """
    db.session.execute(text("select pg_notify(:channel, :what)"), {"channel": HOST_CHANNEL, "what": str(what)})


def _finish(session: Session, which: str) -> None:
    acts = session.info.pop(which)
    session.info.pop("after_rollback", None)
    session.info.pop("after_commit", None)
    for act in acts:
        act()
