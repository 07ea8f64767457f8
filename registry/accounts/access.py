"""Who asks: the browser's session for pages, a bearer token for the API. Never both ways on one request."""

from __future__ import annotations

from flask import Flask, Request, g, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from registry.accounts import scopes, tokens
from registry.accounts.models import User
from registry.accounts.sessions import door
from registry.core import audit
from registry.core.errors import SignInNeededError
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.extensions import login_manager

PROGRAMS = ("/api/", "/git/", "/v1/")


def init_app(app: Flask) -> None:
    login_manager.user_loader(_from_session)
    login_manager.request_loader(_from_token)
    app.before_request(_tell_audit)
    app.before_request(_note_use)
    scopes.init_app(app)


def person() -> User:
    """Who asks. Raises SignInNeededError for nobody."""
    if not current_user.is_authenticated:
        raise SignInNeededError(_("Sign in first."))
    user: User = current_user._get_current_object()
    return user


def is_program() -> bool:
    """Whether this request comes from a program (API, git), which never uses the browser's session."""
    return request.path.startswith(PROGRAMS)


def _from_session(identity: str) -> User | None:
    return None if is_program() else door.person_of(identity)


def _from_token(incoming: Request) -> User | None:
    """The holder of ``Authorization: Bearer``, or of the token given as password to git."""
    given = incoming.authorization
    if given is None or not is_program():
        return None
    text = given.token if given.type == "bearer" else given.password
    g.token = tokens.living_token(text or "")
    return g.token.user if g.token else None


def _tell_audit() -> None:
    g.pop("_login_user", None)
    g.pop("token", None)
    if current_user.is_authenticated:
        audit.act_as(audit.Actor(current_user.id, current_user.name))
    else:
        audit.act_as(audit.Actor(None, "visitor"))


def _note_use() -> None:
    """Write down now and then that a token is used. A database that cannot write keeps nobody from reading."""
    shown = g.get("token")
    if shown is None or not tokens.is_to_note(shown):
        return
    try:
        with unit_of_work():
            tokens.note_use(shown)
    except OperationalError:
        logger.warning("a token's use is not written down", exc_info=True)
