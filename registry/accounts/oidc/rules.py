"""Whom an OpenID provider is believed about. Pure: values in, a refusal's code or None out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of an ID token's signature: neither none nor one with a shared secret."""

OURS, ELSEWHERE, STRANGER = "ours", "elsewhere", "stranger"
"""What a person is to the city of a provider: all roles are in it, some are in others, none is in it."""

ADDRESS, PERSON, INVITATION = "address", "person", "invitation"
"""How an identity became a person's."""

PATIENCE = timedelta(minutes=10)
"""Between leaving for the provider and coming back."""

LEEWAY = 60
"""Seconds that clocks may differ."""

MAX_DOMAINS, MAX_TEXT, MAX_SUBJECT = 20, 300, 255
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@dataclass(frozen=True)
class Provider:
    """Where people sign in. ``id`` is 0 and ``city_id`` None for the one of the whole installation."""

    id: int
    city_id: int | None
    issuer: str
    client: str
    secret: str = field(repr=False)
    domains: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it is used."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    method: str
    tells_issuer: bool
    """It names itself when it sends people back (RFC 9207)."""


@dataclass(frozen=True)
class Claims:
    """Who came, as the provider says. ``strong``: with more than one factor there (RFC 8176: ``mfa``)."""

    subject: str
    email: str
    verified: bool
    name: str
    strong: bool


def metadata_problem(told: Mapping[str, Any], issuer: str) -> str | None:
    """Why a discovery document is refused."""
    if told.get("issuer") != issuer:
        return "issuer"
    places = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(place, str) and place.startswith("https://") for place in places):
        return "endpoints"
    if "code" not in _listed(told, "response_types_supported", ["code"]):
        return "no-code"
    if "S256" not in _listed(told, "code_challenge_methods_supported", ["S256"]):
        return "no-pkce"
    if not set(ALGORITHMS) & set(_listed(told, "id_token_signing_alg_values_supported", ["RS256"])):
        return "algorithms"
    return None if method_of(told) else "methods"


def method_of(told: Mapping[str, Any]) -> str | None:
    """How the client proves to be itself, of the two ways we know."""
    offered = _listed(told, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return next((one for one in ("client_secret_basic", "client_secret_post") if one in offered), None)


def read_metadata(told: Mapping[str, Any]) -> Metadata:
    """Of a document without a `metadata_problem`."""
    userinfo = told.get("userinfo_endpoint")
    return Metadata(
        told["issuer"], told["authorization_endpoint"], told["token_endpoint"], told["jwks_uri"],
        userinfo if isinstance(userinfo, str) else "", method_of(told) or "",
        told.get("authorization_response_iss_parameter_supported") is True,
    )  # fmt: skip


def read_claims(told: Mapping[str, Any]) -> Claims:
    """``email_verified`` counts as a boolean only, but for the word some providers write."""
    methods, sure = told.get("amr"), told.get("email_verified")
    email, name = told.get("email"), told.get("name")
    return Claims(
        subject=str(told["sub"]),
        email=email.strip().lower() if isinstance(email, str) and len(email) <= 200 else "",
        verified=sure is True or sure == "true",
        name=name.strip()[:120] if isinstance(name, str) else "",
        strong=isinstance(methods, list) and "mfa" in methods,
    )


def audience_problem(told: Mapping[str, Any], client: str) -> str | None:
    """Beside ``aud`` itself: a token for several audiences names the party it was made for, and that is us."""
    audiences, party = told.get("aud"), told.get("azp")
    if party is not None and party != client:
        return "azp"
    return "azp" if isinstance(audiences, list) and len(audiences) > 1 and party is None else None


def entry_problem(relation: str, how: str) -> str | None:
    """Why somebody whose identity is known does not come in through a city's provider.

    Whoever runs a city's provider can pose as anybody there. So it opens the doors of that city alone, unless the
    person decided otherwise while signed in here: coming with an invitation once was not that.
    """
    if relation == STRANGER:
        return "left"
    return "elsewhere" if relation == ELSEWHERE and how != PERSON else None


def linking_problem(claims: Claims, domains: Collection[str], relation: str) -> str | None:
    """Why an address does not make an identity a person's, though there is a person of this address."""
    if not claims.verified:
        return "not-verified"
    if claims.email.rpartition("@")[2] not in domains:
        return "domain"
    return {STRANGER: "stranger", ELSEWHERE: "elsewhere"}.get(relation)


def invited_problem(claims: Claims, invited: str) -> str | None:
    """Why somebody unknown does not get an account by an invitation: it went to an address, so that counts."""
    if not claims.verified:
        return "not-verified"
    return None if claims.email == invited.lower() else "other-address"


def read_domains(text: str) -> tuple[str, ...]:
    """Mail domains as people write them: with spaces, commas, lines, a leading at sign."""
    words = re.split(r"[\s,;]+", text.lower().strip())
    return tuple(dict.fromkeys(word.removeprefix("@") for word in words if word))


def domains_problem(domains: Collection[str]) -> str | None:
    if not domains:
        return "no-domain"
    if len(domains) > MAX_DOMAINS:
        return "many-domains"
    return None if all(DOMAIN.fullmatch(domain) for domain in domains) else "bad-domain"


def _listed(told: Mapping[str, Any], name: str, default: list[str]) -> list[str]:
    found = told.get(name, default)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
