"""How often something was tried from an address or for an account, so that guessing is stopped."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from registry.accounts import rules
from registry.accounts.models import SignInAttempt
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import TooManyError


def is_full(kind: str, name: str) -> bool:
    """Whether this name (an address, an account) has had all the attempts that `rules.MAX_FAILURES` gives the kind."""
    same = (SignInAttempt.key == _key(kind, name), SignInAttempt.at > now() - rules.WINDOW)
    known = db.session.scalar(select(func.count()).select_from(SignInAttempt).where(*same))
    return rules.is_throttled(kind, known or 0)


def demand_room(kind: str, name: str) -> None:
    """Raises TooManyError when `is_full`."""
    if is_full(kind, name):
        raise TooManyError(
            _("Too many failed attempts. Wait a quarter of an hour, then try again."),
            int(rules.WINDOW.total_seconds()),
        )


def count(kind: str, name: str) -> None:
    """One attempt more; counted when the open unit of work commits."""
    db.session.add(SignInAttempt(key=_key(kind, name)))


def forget(kind: str, name: str) -> None:
    """What was tried before no longer counts."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _key(kind, name)))


def forget_old() -> None:
    """Attempts that no longer count."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - rules.WINDOW))


def _key(kind: str, name: str) -> str:
    return f"{kind}:{name.strip().lower()[:200]}"
