"""Who a browser's cookie belongs to, in this request."""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy.exc import OperationalError

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.accounts.sessions import rules, service
from registry.accounts.sessions.models import BrowserSession
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work

SECRET = "browser"  # noqa: S105 the name of a value in the cookie


class NotFreshError(RefusalError):
    """A delicate act of somebody who has to prove first to be there (`registry.accounts.factors.views_confirm`)."""

    status = 401
    code = "confirmation-needed"


def init_app(app: Flask) -> None:
    app.before_request(_see)


def begin_session(user: User, strong: bool = False) -> None:
    """Start afresh: nothing a visitor's session held before is carried into a person's.

    ``strong``: a second factor was shown. Opens its own unit of work.
    """
    with unit_of_work():
        _found, secret = service.begin(user, request.user_agent.string, request.remote_addr or "", strong)
    session.clear()
    session[SECRET] = secret
    login_user(user)
    audit.act_as(audit.Actor(user.id, user.name))


def person_of(identity: str) -> User | None:
    """Whose cookie this is, in one query. One without a secret is from before there was a list: it is not in it, and
    ends with the password or with the sign-out everywhere.
    """
    g.browser_session = None
    if SECRET not in session:
        return accounts.person_of_session(identity)
    found = service.find(str(session[SECRET]), identity)
    g.browser_session = found
    return found.user if found else None


def here() -> BrowserSession | None:
    """The session of the browser that asks; None for a program, a visitor and a cookie of before the list."""
    found: BrowserSession | None = g.get("browser_session")
    return found


def is_fresh() -> bool:
    found = here()
    return found is not None and rules.is_fresh(found.confirmed_at, now())


def demand_fresh() -> None:
    """Raises NotFreshError unless the person proved to be there within `rules.FRESH`."""
    if not is_fresh():
        raise NotFreshError(_("Confirm first that it is you."))


def end_here() -> None:
    """In the open unit of work: the session of this browser is no more."""
    found = here()
    if found is not None:
        db.session.delete(found)


def end_others(user: User) -> None:
    """In the open unit of work: every session but the one of this browser, which goes on, ends; in plugins too."""
    found = here()
    accounts.end_sessions(user, but=found.id if found else None)
    login_user(user)


def _see() -> None:
    """Write down now and then that the browser is here. A database that cannot write keeps nobody from reading."""
    found = here()
    if found is None or now() - found.seen_at < rules.SEEN_EVERY or request.endpoint == "static":
        return
    try:
        with unit_of_work():
            service.see(found)
    except OperationalError:
        logger.warning("a session's last sight is not written down", exc_info=True)
