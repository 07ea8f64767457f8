"""From the right password to a session: whoever has a second factor shows it first.

Between the two steps the cookie holds who is meant, for `rules.HALF`. That grants nothing: no page but the second step
looks at it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import rules as accounts_rules
from registry.accounts import service as accounts
from registry.accounts.factors import passkeys, rules, service
from registry.accounts.models import User
from registry.accounts.sessions.door import begin_session
from registry.core.clock import now
from registry.core.errors import ForbiddenError, RefusalError
from registry.core.uow import unit_of_work

HALF, CHALLENGE = "half", "challenge"


class SecondFactorNeededError(RefusalError):
    """The password was right and is not enough."""

    status = 401
    code = "second-factor-needed"


def enter(user: User, target: str, strong: bool = False) -> Response:
    """Sign in who gave the right password (or its like: another provider's word), or ask for the second factor first;
    afterwards on to ``target``. ``strong``: more than one factor was shown already, where we believe it.
    """
    if strong or not service.has_any(user):
        begin_session(user, strong)
        return redirect(target, 303)
    session.clear()
    session[HALF] = {"who": user.get_id(), "at": now().timestamp(), "next": target}
    return redirect(url_for("factors.second_step"), 303)


def demand_code(user: User, code: str, address: str) -> None:
    """Of a program that has the right password: a one-time or recovery code too, of whoever has or needs a factor.

    Raises SecondFactorNeededError, ForbiddenError for somebody who has to set one up first, TooManyError. Opens its own
    unit of work.
    """
    if not service.has_any(user):
        if service.required_for(user):
            raise ForbiddenError(_("Your role needs a second factor. Sign in with a browser and set one up first."))
        return
    with unit_of_work():
        right = bool(code) and service.take_code(user, code, address)
    if not right:
        raise SecondFactorNeededError(_("Send a code of your app, or a recovery code, in the header X-One-Time-Code."))


def half_way() -> tuple[User, str] | None:
    """Who gave the right password within the last minutes, and where to go then; None for anybody else."""
    held = session.get(HALF)
    if not isinstance(held, dict) or now() - datetime.fromtimestamp(held["at"], UTC) > rules.HALF:
        return None
    user = accounts.person_of_session(held["who"])
    return (user, accounts_rules.local_path(held["next"], "/console/")) if user else None


def challenge() -> str:
    """A new one for a passkey, kept in the cookie until `answered` takes it."""
    made = passkeys.new_challenge()
    session[CHALLENGE] = [made, now().timestamp()]
    return made


def answered() -> str:
    """The challenge this browser was given last, once and not for long; "" when there is none."""
    made, at = session.pop(CHALLENGE, None) or ("", 0.0)
    return made if now() - datetime.fromtimestamp(at, UTC) < rules.CHALLENGE_LIVES else ""
