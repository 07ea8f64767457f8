"""Talking with an OpenID provider: its own words about itself, its keys, a code for a token.

Everything is asked through `registry.core.outgoing`, for a city's admin names the addresses: https, public machines
only (but those of ``LUMBUNG_OIDC_HOSTS``), bounded, no redirect followed.
"""

from __future__ import annotations

import json
from typing import Any

from flask import current_app
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from registry.accounts.oidc import rules
from registry.accounts.oidc.rules import Claims, Metadata, Provider
from registry.core import outgoing
from registry.core.clock import now
from registry.core.outgoing import Limits, UnreachableError
from registry.loading import when_needed

LIMITS = Limits(body=256 * 2**10)
JSON = {"Accept": "application/json"}
CODING = "registry.accounts.oidc.coding"
"""The code flow itself: its library is loaded when the first person signs in that way."""


class ProviderError(Exception):
    """A provider that cannot be used. ``step``: ``discovery``, ``keys``, ``code``, ``token`` or ``userinfo``; ``code``
    is stable (`registry.accounts.oidc.words`).
    """

    def __init__(self, step: str, code: str) -> None:
        super().__init__(f"{step}: {code}")
        self.step, self.code = step, code


def discover(provider: Provider) -> Metadata:
    """Raises ProviderError."""
    place = f"{provider.issuer.removesuffix('/')}/.well-known/openid-configuration"
    told = _document("discovery", place)
    if problem := rules.metadata_problem(told, provider.issuer):
        raise ProviderError("discovery", problem)
    return rules.read_metadata(told)


def keys_of(metadata: Metadata) -> KeySet:
    """The provider's keys as they are now. Raises ProviderError."""
    told = _document("keys", metadata.keys)
    listed = told.get("keys")
    known = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    asymmetric = [key for key in known if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use") != "enc"]
    try:
        found = KeySet.import_key_set({"keys": asymmetric})  # type: ignore[typeddict-item]
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError("keys", "keys") from error
    if not found.keys:
        raise ProviderError("keys", "keys")
    return found


def session(provider: Provider, metadata: Metadata, redirect: str) -> Any:
    """Authlib's side of the code flow with PKCE: an ``OAuth2Session``."""
    return when_needed(f"{CODING}:session")(provider, metadata, redirect)


def exchange(provider: Provider, metadata: Metadata, redirect: str, code: str, verifier: str) -> dict[str, Any]:
    """The tokens for a code. Raises ProviderError: ``invalid_client``, ``invalid_grant`` … as the provider says."""
    tokens: dict[str, Any] = when_needed(f"{CODING}:exchange")(provider, metadata, redirect, code, verifier)
    return tokens


def read_token(provider: Provider, keys: KeySet, text: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is the provider's, for us, for this very sign-in and of now.

    OpenID Connect Core 1.0, 3.1.3.7. Raises ProviderError.
    """
    registry = JWTClaimsRegistry(
        now=int(now().timestamp()), leeway=rules.LEEWAY,
        iss={"essential": True, "value": provider.issuer}, aud={"essential": True, "value": provider.client},
        sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )  # fmt: skip
    try:
        claims: dict[str, Any] = jwt.decode(text, keys, algorithms=rules.ALGORITHMS).claims
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise ProviderError("token", "expired") from error
    except (InvalidClaimError, MissingClaimError) as error:
        raise ProviderError("token", str(error.claim)) from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError("token", "signature") from error
    if problem := rules.audience_problem(claims, provider.client):
        raise ProviderError("token", problem)
    if not 0 < len(str(claims["sub"])) <= rules.MAX_SUBJECT:
        raise ProviderError("token", "sub")
    return claims


def complete(metadata: Metadata, claims: dict[str, Any], tokens: dict[str, Any]) -> Claims:
    """With the address from the userinfo endpoint, where the token has none. Raises ProviderError."""
    if "email" in claims or not metadata.userinfo or not isinstance(tokens.get("access_token"), str):
        return rules.read_claims(claims)
    told = _document("userinfo", metadata.userinfo, {"Authorization": f"Bearer {tokens['access_token']}"})
    if told.get("sub") != claims["sub"]:
        raise ProviderError("userinfo", "sub")
    more: dict[str, Any] = {name: told[name] for name in told if name in ("email", "email_verified", "name")}
    return rules.read_claims({**claims, **more})


def _document(step: str, place: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = outgoing.get(place, inner(), LIMITS, {**JSON, **(headers or {})})
    except UnreachableError as error:
        raise ProviderError(step, error.code) from error
    if answer.status != 200:
        raise ProviderError(step, "status")
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ProviderError(step, "answer") from error
    if not isinstance(told, dict):
        raise ProviderError(step, "answer")
    return told


def inner() -> tuple[str, ...]:
    """Hosts of our own machines that may be asked, too."""
    found: tuple[str, ...] = current_app.extensions["lumbung"].oidc_hosts
    return found
