"""A city's own sign-in: which provider, and who of the city's people comes in through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.accounts.oidc import asking, rules, service, words
from registry.accounts.oidc.asking import ProviderError
from registry.accounts.oidc.models import CityProvider
from registry.accounts.oidc.rules import Provider
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.core.outgoing import read_url
from registry.core.secrets import open_vault
from registry.tenants.models import City, Membership
from registry.tenants.rules import MAINTAINER

MAX_CLIENT, MAX_SECRET = 200, 2000
WRONG_CODE = "lumbung-test"
"""No provider gave it: what it is refused with tells whether the client is known."""


@dataclass(frozen=True)
class Wanted:
    """What a city's admin enters. An empty secret keeps the one there is."""

    issuer: str
    client: str
    secret: str
    domains: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True)
class Step:
    """One step of a test, done or not: ``text`` says what is wrong and what to do, or what was found."""

    name: str
    ok: bool
    text: str = ""


def relation(user: User, city_id: int) -> str:
    """What a person is to a city. A maintainer is never the city's alone: the role reaches every city."""
    roles = db.session.execute(select(Membership.city_id, Membership.role).where(Membership.user_id == user.id)).all()
    if city_id not in {held for held, _role in roles}:
        return rules.STRANGER
    alone = all(held == city_id and role != MAINTAINER for held, role in roles)
    return rules.OURS if alone else rules.ELSEWHERE


def find(city: City) -> CityProvider | None:
    return db.session.scalar(select(CityProvider).where(CityProvider.city_id == city.id))


def offered() -> Sequence[tuple[City, int]]:
    """The cities one can sign in with, by name, each with its provider's id."""
    wanted = select(City, CityProvider.id).join(CityProvider, CityProvider.city_id == City.id)
    rows = db.session.execute(wanted.where(CityProvider.enabled, City.state == "admitted").order_by(City.name))
    return [(city, provider_id) for city, provider_id in rows]


def count_offered() -> int:
    return db.session.scalar(select(func.count()).select_from(CityProvider).where(CityProvider.enabled)) or 0


def change(city: City, wanted: Wanted) -> CityProvider:
    """Set up the city's provider, or change it. Raises InvalidError with a finding for each field that is wrong.

    Raises ConflictError for a city that is not admitted: whoever speaks for it is not known yet, and a provider of
    theirs must not wait for the people of the real one.
    """
    if city.state != "admitted":
        raise ConflictError(_("%(city)s is not admitted to the programme yet.", city=city.name))
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())
    found = find(city)
    _check(wanted, found)
    if found is None:
        found = CityProvider(city_id=city.id)
        db.session.add(found)
    found.issuer, found.client_id, found.domains = wanted.issuer, wanted.client, list(wanted.domains)
    found.enabled = wanted.enabled
    if wanted.secret:
        found.secret = open_vault(current_app.extensions["lumbung"].secrets).seal(wanted.secret)
    db.session.flush()
    audit.record("sign-in.change", city.slug, tenant_id=city.id, issuer=wanted.issuer, enabled=wanted.enabled,
                 domains=" ".join(wanted.domains))  # fmt: skip
    return found


def remove(city: City) -> None:
    """Nobody signs in there any more; accounts and their passwords stay. Raises NotFoundError."""
    found = find(city)
    if found is None:
        raise NotFoundError(_("Your city has no sign-in of its own."))
    db.session.delete(found)
    audit.record("sign-in.remove", city.slug, tenant_id=city.id, issuer=found.issuer)


def test(provider: Provider) -> list[Step]:
    """Ask the provider everything but a person; stops at the first step that fails."""
    steps: list[Step] = []
    redirect = service.redirect_address(provider.id)
    try:
        metadata = asking.discover(provider)
        steps.append(Step("discovery", True, metadata.authorization))
        steps.append(Step("keys", True, _("Keys: %(n)d", n=len(asking.keys_of(metadata).keys))))
    except ProviderError as error:
        return [*steps, Step(error.step, False, words.problem(error.step, error.code))]
    try:
        asking.exchange(provider, metadata, redirect, WRONG_CODE, "x" * 43)
    except ProviderError as error:
        known = error.code == "invalid_grant"
        steps.append(Step("code", known, "" if known else words.problem(error.step, error.code)))
    else:
        steps.append(Step("code", False, _("It takes any code: nobody should sign in through it.")))
    return [*steps, Step("redirect", True, redirect)]


def _check(wanted: Wanted, known: CityProvider | None) -> None:
    problems = {
        "issuer": _issuer_problem(wanted.issuer),
        "client": None if 0 < len(wanted.client) <= MAX_CLIENT else "missing",
        "secret": _secret_problem(wanted, known),
        "domains": rules.domains_problem(wanted.domains),
    }
    findings = [Finding(path, _text(code)) for path, code in problems.items() if code]
    if findings:
        raise InvalidError(findings[0].message, findings)


def _issuer_problem(issuer: str) -> str | None:
    """It must be an address that may be asked; without a query, for the place of its document is made of it."""
    target = read_url(issuer, current_app.extensions["lumbung"].oidc_hosts)
    if isinstance(target, str):
        return target
    return "malformed" if "?" in issuer else None


def _secret_problem(wanted: Wanted, known: CityProvider | None) -> str | None:
    """A secret goes to the issuer it was entered for, to no other."""
    if len(wanted.secret) > MAX_SECRET:
        return "long"
    if wanted.secret:
        return None
    if known is None:
        return "missing"
    return "secret-again" if known.issuer != wanted.issuer else None


def _text(code: str) -> str:
    own = {
        "missing": _("Fill this in."),
        "long": _("This is too long."),
        "secret-again": _("Enter the secret again: the old one belongs to another issuer."),
        "no-domain": _("Name at least one mail domain, for example bontangkota.go.id."),
        "many-domains": _("At most %(n)d domains.", n=rules.MAX_DOMAINS),
        "bad-domain": _("Write domains like bontangkota.go.id, with spaces between."),
    }
    return own.get(code) or words.problem("discovery", code)
