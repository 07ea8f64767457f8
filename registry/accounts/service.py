"""People: made, signed in, given tokens."""

from __future__ import annotations

import secrets as random
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts import rules, sign_outs, throttle
from registry.accounts.models import User
from registry.accounts.sessions import service as sessions
from registry.accounts.tokens import create_token, end_tokens, person_of_token, revoke_token, tokens_of
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError

__all__ = ["create_token", "end_tokens", "person_of_token", "revoke_token", "tokens_of"]
"""Of `registry.accounts.tokens`, for rooms that know this service."""

_hasher = PasswordHasher()


def _hash_of_nothing() -> str:
    """No password has it, yet to try one costs what a real one costs. Made up and not computed: that would take each
    process of the registry a fifth of a second and 64 MB at its start.
    """
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    parts = (b64encode(random.token_bytes(size)).decode().rstrip("=") for size in (_hasher.salt_len, _hasher.hash_len))
    return f"$argon2id$v={ARGON2_VERSION}${costs}$" + "$".join(parts)


_NOBODY = _hash_of_nothing()


def find_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def register(email: str, name: str, password: str, language: str = "id") -> User:
    """A new person. Raises InvalidError for a bad password and ConflictError for a known address."""
    check_password(password, email)
    if find_by_email(email):
        raise ConflictError(_("There is already an account for %(email)s. Sign in instead.", email=email))
    return make_user(email, name, password, language)


def make_user(email: str, name: str, password: str, language: str = "id") -> User:
    """A new person whose address and password were checked already (`register`), or are demo."""
    user = User(
        email=email.strip().lower(),
        name=name.strip(),
        password_hash=_hasher.hash(password),
        language=language,
        session_key=random.token_hex(8),
    )
    db.session.add(user)
    db.session.flush()
    audit.record("person.register", user.email)
    return user


def set_password(user: User, password: str) -> None:
    """A new password ends every session of before, in plugins too; `check_password` comes first."""
    user.password_hash = _hasher.hash(password)
    end_sessions(user)
    audit.record("person.password", user.email)


def sign_out_everywhere(user: User, tokens: bool = False) -> int:
    """End every browser session of the registry and of every plugin; with ``tokens`` also revoke those of programs.

    Returns how many tokens were revoked.
    """
    end_sessions(user)
    revoked = tokens_of(user) if tokens else []
    for token in revoked:
        token.revoked_at = now()
    audit.record("person.sign-out", user.email, everywhere=True, tokens=len(revoked))
    return len(revoked)


def sign_out(user: User) -> None:
    """Of one browser. Plugins let nobody in with a token of before; browsers still signed in get a new one unseen."""
    sign_outs.record(user.id)


def deactivate(user: User) -> None:
    """No session, token or plugin knows this person any more. Roles stay, for the day of `activate`."""
    user.active = False
    sign_out_everywhere(user, tokens=True)
    audit.record("person.deactivate", user.email)


def activate(user: User) -> None:
    user.active = True
    audit.record("person.activate", user.email)


def end_sessions(user: User, but: int | None = None) -> None:
    """Of every browser and every plugin. The session with the id ``but`` goes on once its cookie is written anew."""
    user.session_key = random.token_hex(8)
    sessions.end_all(user.id, but)
    sign_outs.record(user.id)


def check_password(password: str, email: str) -> None:
    messages = {
        "too-short": _("Use at least %(n)d characters.", n=rules.MIN_PASSWORD),
        "too-long": _("Use at most %(n)d characters.", n=rules.MAX_PASSWORD),
        "is-email": _("Do not use your e-mail address as password."),
    }
    problem = rules.password_problem(password, email)
    if problem:
        raise InvalidError(messages[problem], [Finding("password", messages[problem])])


def authenticate(email: str, password: str, address: str) -> User | None:
    """The person, or None for a wrong pair; takes the same time either way. Raises TooManyError when throttled.

    The caller commits whatever the outcome, so that failures are counted.
    """
    tried = {"account": email, "address": address}
    for kind, name in tried.items():
        throttle.demand_room(kind, name)
    user = find_by_email(email)
    if has_password(user, password) and user is not None and user.active:
        throttle.forget("account", email)
        user.signed_in_at = now()
        return user
    for kind, name in tried.items():
        throttle.count(kind, name)
    return None


def count_sign_up(address: str) -> None:
    """Raises TooManyError when this address signed up often just now."""
    throttle.demand_room("sign-up", address)
    throttle.count("sign-up", address)


def has_password(user: User | None, password: str) -> bool:
    """Whether this is the person's password; for nobody it takes as long and is False."""
    try:
        return _hasher.verify(user.password_hash if user else _NOBODY, password[: rules.MAX_PASSWORD]) and bool(user)
    except (VerificationError, InvalidHashError):
        return False


def change_language(user: User, language: str) -> None:
    user.language = language


def person_of_session(identity: str) -> User | None:
    """Who a browser session belongs to: ``{id}.{session_key}``, see `User.get_id`."""
    number, dot, key = identity.partition(".")
    if not (dot and number.isdigit()):
        return None
    user = db.session.get(User, int(number))
    return user if user and user.active and user.session_key == key else None
