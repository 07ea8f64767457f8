"""Providers of an installation and its cities, and whose a provider's identities are."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.accounts import service as accounts
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.accounts.notices.service import tell
from registry.accounts.oidc import rules, words
from registry.accounts.oidc.models import CityProvider, Identity
from registry.accounts.oidc.rules import Claims, Provider
from registry.accounts.sessions import door
from registry.config import Settings
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, NotFoundError
from registry.core.secrets import open_vault

RELATION = "accounts.oidc_relation"
INSTALLATION = 0

Relation = Callable[[User, int], str]
"""Of a room above: what a person is to a city (its id), one of `rules.OURS`, `rules.ELSEWHERE`, `rules.STRANGER`."""


class SignInRefusedError(ForbiddenError):
    """The provider said who it is, and that person does not come in."""

    code = "sign-in-refused"


def relate_by(app: Flask, asker: Relation) -> None:
    """Say who belongs to a city: rooms above know. Without an answer everybody is a stranger to every city."""
    app.extensions[RELATION] = asker


def installation() -> Provider | None:
    """The provider of the whole installation, from its settings."""
    told = _settings().oidc
    if not told:
        return None
    domains = rules.read_domains(told["domains"])
    return Provider(INSTALLATION, None, told["issuer"], told["client"], told["secret"], domains, told["name"])


def provider(provider_id: int) -> Provider:
    """Raises NotFoundError for one there is not, or that is switched off."""
    found = installation() if provider_id == INSTALLATION else _of_city(db.session.get(CityProvider, provider_id))
    if found is None:
        raise NotFoundError(_("Nobody signs in there any more. Sign in with your password."))
    return found


def plain(row: CityProvider) -> Provider:
    secret = str(open_vault(_settings().secrets).open(row.secret))
    return Provider(row.id, row.city_id, row.issuer, row.client_id, secret, tuple(row.domains))


def redirect_address(provider_id: int) -> str:
    """Where the provider sends people back to: what its admin registers. One for each provider, so that none can pass
    off another's answer as its own (RFC 9700, 4.4).
    """
    return f"{_settings().origin}/sign-in/with/{provider_id}/answer"


def person_of(source: Provider, claims: Claims, invited: Link | None = None) -> tuple[User, bool]:
    """Who comes in, and whether the provider's second factor counts here, too. Makes an identity a person's where an
    address or an invitation is enough for that.

    Raises SignInRefusedError with what to do.
    """
    known = _identity(source, claims)
    if known is not None:
        relation = _relation(source, known.user)
        _refuse(rules.entry_problem(relation, known.how), claims)
        known.used_at, known.email = now(), claims.email or known.email
        found = known.user
    else:
        found = _by_address(source, claims) or _by_invitation(source, claims, invited)
        relation = _relation(source, found)
    if not found.active:
        _refuse("closed", claims)
    found.signed_in_at = now()
    return found, claims.strong and relation == rules.OURS


def link(source: Provider, claims: Claims, user: User) -> Identity:
    """Make an identity that of a person who is signed in here and wants it so. Raises ConflictError when it is somebody
    else's, SignInRefusedError for a city the person has no role in.
    """
    if _relation(source, user) == rules.STRANGER:
        _refuse("not-a-member", claims)
    known = _identity(source, claims)
    if known is not None and known.user_id != user.id:
        raise ConflictError(_("Another account here is linked with it already. Sign in there and unlink it first."))
    if known is None:
        return _link(source, claims, user, rules.PERSON)
    known.how = rules.PERSON
    _tell_linked(known, user)
    return known


def identities(user: User) -> list[Identity]:
    return list(db.session.scalars(select(Identity).where(Identity.user_id == user.id).order_by(Identity.id)))


def offered(user: User) -> list[Provider]:
    """The providers this person may link with and has not yet: the installation's, and those of the own cities."""
    rows = db.session.scalars(select(CityProvider).where(CityProvider.enabled).order_by(CityProvider.id))
    found = [one for one in (installation(), *map(plain, rows)) if one is not None]
    held = {identity.issuer for identity in identities(user)}
    return [one for one in found if one.issuer not in held and _relation(one, user) != rules.STRANGER]


def unlink(user: User, identity_id: int) -> None:
    """Raises NotFoundError."""
    ours = (Identity.id == identity_id, Identity.user_id == user.id)
    found = db.session.scalar(select(Identity).where(*ours))
    if found is None:
        raise NotFoundError(_("Your account is not linked with that."))
    db.session.delete(found)
    audit.record("identity.unlink", user.email, issuer=found.issuer)
    tell([user], lambda: words.unlinked(found.issuer))


def outgrow(user: User, only_city: int | None) -> None:
    """The person begins to work for another city: what the word of a city's provider opened so far, or may have made,
    ends. Neither is told apart from what the person did; the browser that asks is the person's and goes on.

    ``only_city`` is the city when the person works for no other: its own provider opened nothing beyond it.
    """
    own = select(CityProvider.issuer).where(CityProvider.city_id == only_city)
    harmless = {one.issuer for one in (installation(),) if one} | set(db.session.scalars(own))
    opened = select(Identity.issuer).where(Identity.user_id == user.id, Identity.how != rules.PERSON)
    if set(db.session.scalars(opened)) <= harmless:
        return
    here = door.here()
    if here is not None and here.user_id == user.id:
        door.end_others(user)
    else:
        accounts.end_sessions(user)
    for token in accounts.tokens_of(user):
        accounts.revoke_token(user, token.id)
    audit.record("person.outgrow", user.email)
    tell([user], words.outgrown)


def forget_linked(user: User) -> None:
    """Of a person who proved the address anew: only what an address alone makes theirs goes on."""
    linked = (Identity.user_id == user.id, Identity.how == rules.PERSON)
    for found in db.session.scalars(select(Identity).where(*linked)).all():
        db.session.delete(found)
        audit.record("identity.unlink", user.email, issuer=found.issuer)


def _identity(source: Provider, claims: Claims) -> Identity | None:
    same = (Identity.issuer == source.issuer, Identity.subject == claims.subject)
    return db.session.scalar(select(Identity).where(*same))


def _by_address(source: Provider, claims: Claims) -> User | None:
    """The person of this address, when the provider is to be believed about it."""
    found = accounts.find_by_email(claims.email) if claims.email else None
    if found is None:
        return None
    _refuse(rules.linking_problem(claims, source.domains, _relation(source, found)), claims)
    _link(source, claims, found, rules.ADDRESS)
    return found


def _by_invitation(source: Provider, claims: Claims, invited: Link | None) -> User:
    """A new account for somebody who came with an invitation to this very address. Nobody knows its password."""
    if invited is None:
        problem = rules.linking_problem(claims, source.domains, rules.STRANGER) if source.city_id else "unknown"
        _refuse(problem, claims)
        raise AssertionError("refused")
    _refuse(rules.invited_problem(claims, invited.email), claims)
    name = claims.name or claims.email.partition("@")[0]
    user = accounts.register(claims.email, name, random.token_urlsafe(32))
    _link(source, claims, user, rules.INVITATION)
    return user


def _link(source: Provider, claims: Claims, user: User, how: str) -> Identity:
    made = Identity(
        user_id=user.id, issuer=source.issuer, subject=claims.subject, email=claims.email, how=how, used_at=now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise ConflictError(_("You signed in twice at the same moment. Try again.")) from None
    _tell_linked(made, user)
    return made


def _tell_linked(made: Identity, user: User) -> None:
    audit.record("identity.link", user.email, issuer=made.issuer, how=made.how)
    tell([user], lambda: words.linked(made.issuer, made.email))


def _relation(source: Provider, user: User) -> str:
    """The installation's own provider is believed as the installation is."""
    if source.city_id is None:
        return rules.OURS
    asker: Relation | None = current_app.extensions.get(RELATION)
    return asker(user, source.city_id) if asker else rules.STRANGER


def _refuse(problem: str | None, claims: Claims) -> None:
    if problem:
        raise SignInRefusedError(words.refusal(problem, claims.email))


def _of_city(row: CityProvider | None) -> Provider | None:
    return plain(row) if row is not None and row.enabled else None


def _settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found
