"""Browsers people are signed in with: begun, found by their cookie's secret, listed, ended."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from registry.accounts import sign_outs
from registry.accounts.models import User
from registry.accounts.sessions import rules
from registry.accounts.sessions.models import BrowserSession
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError

PREFIX = "lms"


def begin(user: User, agent: str, address: str, strong: bool) -> tuple[BrowserSession, str]:
    """A new session and its secret, for the cookie; sessions that ended by themselves go."""
    old = or_(BrowserSession.signed_in_at < now() - rules.LONGEST, BrowserSession.seen_at < now() - rules.IDLE)
    db.session.execute(delete(BrowserSession).where(old))
    secret = secrets.token(PREFIX)
    browser, system = rules.family(agent)
    found = BrowserSession(
        user_id=user.id, digest=secrets.digest(secret), browser=browser, system=system,
        network=rules.shortened(address), strong=strong,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    return found, secret


def find(secret: str, identity: str) -> BrowserSession | None:
    """The living session of this secret, with its person in the same query; ``identity`` is `User.get_id`'s."""
    found = db.session.scalar(select(BrowserSession).where(BrowserSession.digest == secrets.digest(secret)))
    if found is None or not rules.is_alive(found.signed_in_at, found.seen_at, now()):
        return None
    return found if found.user.active and found.user.get_id() == identity else None


def see(found: BrowserSession) -> None:
    """Its browser is here."""
    db.session.execute(update(BrowserSession).where(BrowserSession.id == found.id).values(seen_at=now()))


def confirm(found: BrowserSession, strong: bool) -> None:
    """The person proved to be there, with a second factor when it is ``strong``."""
    found.confirmed_at = now()
    found.strong = found.strong or strong


def of(user: User) -> list[BrowserSession]:
    """The living sessions of a person, last seen first."""
    wanted = select(BrowserSession).where(BrowserSession.user_id == user.id).order_by(BrowserSession.seen_at.desc())
    return [one for one in db.session.scalars(wanted) if rules.is_alive(one.signed_in_at, one.seen_at, now())]


def end(user: User, session_id: int) -> None:
    """End one session, and what was opened in plugins through it; other browsers get back in there unseen.

    Raises NotFoundError for a session this person does not have.
    """
    ours = (BrowserSession.id == session_id, BrowserSession.user_id == user.id)
    if db.session.scalar(delete(BrowserSession).where(*ours).returning(BrowserSession.id)) is None:
        raise NotFoundError(_("You have no such session. It may have ended already."))
    sign_outs.record(user.id)
    audit.record("session.end", user.email)


def end_all(user_id: int, but: int | None = None) -> None:
    """Every session of a person, but the one of this id."""
    ended = delete(BrowserSession).where(BrowserSession.user_id == user_id)
    db.session.execute(ended if but is None else ended.where(BrowserSession.id != but))
