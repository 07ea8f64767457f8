"""Bearer secrets for the API and git: made, shown once, used, ended. A service's part: the caller commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from registry.accounts import scopes
from registry.accounts.models import Token, User
from registry.accounts.notices.rules import Notice
from registry.accounts.notices.service import tell
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import Finding, InvalidError, NotFoundError

TOKEN_PREFIX = "lmb"  # noqa: S105 a name, not a secret
MAX_TOKEN_DAYS = 366
MAX_TOKENS = 100
NOTED_EVERY = timedelta(hours=1)
"""How exactly the last use of a token is known."""

SOON = timedelta(days=7)
"""Before its end the holder of a token hears of it."""

PAGE = "/account/tokens"


def create_token(
    user: User, name: str, days: int = 90, wanted: Collection[str] = (scopes.EVERYTHING,)
) -> tuple[Token, str]:
    """A new token and its text, which is shown this once. Raises InvalidError."""
    _check(user, days, wanted)
    text = secrets.token(TOKEN_PREFIX)
    token = Token(
        user_id=user.id,
        name=name.strip()[:80] or "token",
        digest=secrets.digest(text),
        expires_at=now() + timedelta(days=days),
        scopes=[scope for scope in scopes.SCOPES if scope in wanted],
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token.create", token.name, expires_at=token.expires_at.isoformat(), scopes=" ".join(token.scopes))
    return token, text


def tokens_of(user: User) -> list[Token]:
    """The tokens that still work, newest first."""
    living = (Token.user_id == user.id, Token.revoked_at.is_(None), Token.expires_at > now())
    return list(db.session.scalars(select(Token).where(*living).order_by(Token.id.desc())))


def revoke_token(user: User, token_id: int) -> None:
    token = db.session.scalar(select(Token).where(Token.id == token_id, Token.user_id == user.id))
    if token is None:
        raise NotFoundError(_("You have no such token."))
    token.revoked_at = token.revoked_at or now()
    audit.record("token.revoke", token.name)


def end_tokens(user: User, tenant_id: int | None = None) -> int:
    """All of a person's, who left a city: whoever goes leaves no key behind in its machines. Answers how many."""
    ended = tokens_of(user)
    for token in ended:
        token.revoked_at = now()
        audit.record("token.revoke", token.name, tenant_id=tenant_id, left=True)
    if ended:
        tell([user], _told_of_end)
    return len(ended)


def living_token(text: str) -> Token | None:
    """The token of this text, while it lives and its holder is active."""
    if not text.startswith(f"{TOKEN_PREFIX}_") or len(text) > 100:
        return None
    token = db.session.scalar(select(Token).where(Token.digest == secrets.digest(text)))
    if token is None or token.revoked_at or token.expires_at <= now() or not token.user.active:
        return None
    return token


def person_of_token(text: str) -> User | None:
    """Who holds this token, while it lives and its holder is active."""
    token = living_token(text)
    return token.user if token else None


def is_to_note(token: Token) -> bool:
    return token.used_at is None or now() - token.used_at > NOTED_EVERY


def note_use(token: Token) -> None:
    db.session.execute(update(Token).where(Token.id == token.id).values(used_at=now()))


def warn() -> int:
    """Tell the holders of tokens that end within `SOON`, each token once; answers how many. One that never lived
    longer than that is not told of.
    """
    wanted = select(Token).join(User).where(
        Token.revoked_at.is_(None), Token.warned_at.is_(None), User.active,
        Token.expires_at > now(), Token.expires_at <= now() + SOON, Token.expires_at - Token.created_at > SOON,
    )  # fmt: skip
    found = list(db.session.scalars(wanted.order_by(Token.id)))
    for token in found:
        token.warned_at = now()
        tell([token.user], lambda token=token: _told_of_expiry(token))  # type: ignore[misc]
    return len(found)


def _check(user: User, days: int, wanted: Collection[str]) -> None:
    if not 1 <= days <= MAX_TOKEN_DAYS:
        message = _("A token lives 1 to %(n)d days.", n=MAX_TOKEN_DAYS)
        raise InvalidError(message, [Finding("days", message)])
    if not wanted or not set(wanted) <= set(scopes.SCOPES):
        message = _("Choose what the token may do, of: %(scopes)s.", scopes=", ".join(scopes.SCOPES))
        raise InvalidError(message, [Finding("scopes", message)])
    known = select(func.count()).select_from(Token).where(Token.user_id == user.id, Token.revoked_at.is_(None))
    if (db.session.scalar(known.where(Token.expires_at > now())) or 0) >= MAX_TOKENS:
        message = _("You have %(n)d tokens. Revoke those you no longer need.", n=MAX_TOKENS)
        raise InvalidError(message, [Finding("name", message)])


def _told_of_expiry(token: Token) -> Notice:
    return Notice(
        "account.token",
        _("Your token “%(name)s” ends soon", name=token.name),
        [_("It works until %(day)s. What uses it stops then: make a new one in time and put it in its place.",
           day=f"{token.expires_at:%Y-%m-%d %H:%M} UTC")],
        PAGE, _("See your tokens"),
    )  # fmt: skip


def _told_of_end() -> Notice:
    return Notice(
        "account.token",
        _("Your tokens have ended"),
        [_("You left a city, and your tokens for git and the API ended with that. Make new ones for what goes on.")],
        PAGE, _("See your tokens"),
    )  # fmt: skip
