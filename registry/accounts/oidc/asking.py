"""Talking with an OpenID provider: its own words about itself, its keys, a code for a token.

Everything is asked through `registry.core.outgoing`, for a city's admin names the addresses: https, public machines
only (but those of ``LUMBUNG_OIDC_HOSTS``), bounded, no redirect followed.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from registry.accounts.oidc import rules
from registry.accounts.oidc.rules import Claims, Metadata, Provider
from registry.core import outgoing
from registry.core.clock import now
from registry.core.outgoing import Limits, UnreachableError

LIMITS = Limits(body=256 * 2**10)
JSON = {"Accept": "application/json"}
SCOPE = "openid email profile"


class ProviderError(Exception):
    """A provider that cannot be used. ``step``: ``discovery``, ``keys``, ``code``, ``token`` or ``userinfo``; ``code``
    is stable (`registry.accounts.oidc.words`).
    """

    def __init__(self, step: str, code: str) -> None:
        super().__init__(f"{step}: {code}")
        self.step, self.code = step, code


class Outgoing(BaseAdapter):
    """Authlib's requests, sent by `registry.core.outgoing`."""

    def __init__(self, inner: Collection[str]) -> None:
        super().__init__()
        self.inner = inner

    def send(self, request: PreparedRequest, *_args: Any, **_more: Any) -> Response:
        body = request.body or b""
        sent = body.encode() if isinstance(body, str) else bytes(body)  # type: ignore[arg-type]
        headers = {str(name): str(value) for name, value in request.headers.items()}
        answer = outgoing.post(str(request.url), sent, headers, self.inner, LIMITS)
        response = Response()
        response.status_code, response._content, response.url = answer.status, answer.body, str(request.url)
        response.request, response.encoding = request, "utf-8"
        return response

    def close(self) -> None:
        """Every request has a connection of its own."""


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


def session(provider: Provider, metadata: Metadata, redirect: str) -> OAuth2Session:
    """Authlib's side of the code flow with PKCE."""
    made = OAuth2Session(
        provider.client, provider.secret, scope=SCOPE, redirect_uri=redirect, code_challenge_method="S256",
        token_endpoint_auth_method=metadata.method,
    )  # fmt: skip
    made.trust_env = False
    made.headers["Accept-Encoding"] = "identity"
    made.mount("https://", Outgoing(_inner()))
    made.mount("http://", Outgoing(_inner()))
    return made


def exchange(provider: Provider, metadata: Metadata, redirect: str, code: str, verifier: str) -> dict[str, Any]:
    """The tokens for a code. Raises ProviderError: ``invalid_client``, ``invalid_grant`` … as the provider says."""
    with session(provider, metadata, redirect) as client:
        try:
            found = client.fetch_token(
                metadata.token, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except OAuthError as error:
            raise ProviderError("code", str(error.error or "answer")[:60]) from error
        except UnreachableError as error:
            raise ProviderError("code", error.code) from error
        except (OSError, ValueError, KeyError) as error:  # requests' own errors are OSError
            raise ProviderError("code", "answer") from error
    if not isinstance(found.get("id_token"), str):
        raise ProviderError("token", "no-token")
    return dict(found)


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
        answer = outgoing.get(place, _inner(), LIMITS, {**JSON, **(headers or {})})
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


def _inner() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.extensions["lumbung"].oidc_hosts
    return found
