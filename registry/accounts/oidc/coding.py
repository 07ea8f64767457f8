"""The code flow with an OpenID provider, by authlib: asked for through `registry.accounts.oidc.asking` only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from registry.accounts.oidc.asking import LIMITS, ProviderError, inner
from registry.accounts.oidc.rules import Metadata, Provider
from registry.core import outgoing
from registry.core.outgoing import UnreachableError

SCOPE = "openid email profile"


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


def session(provider: Provider, metadata: Metadata, redirect: str) -> OAuth2Session:
    """Authlib's side of the code flow with PKCE."""
    made = OAuth2Session(
        provider.client, provider.secret, scope=SCOPE, redirect_uri=redirect, code_challenge_method="S256",
        token_endpoint_auth_method=metadata.method,
    )  # fmt: skip
    made.trust_env = False
    made.headers["Accept-Encoding"] = "identity"
    made.mount("https://", Outgoing(inner()))
    made.mount("http://", Outgoing(inner()))
    return made


def exchange(provider: Provider, metadata: Metadata, redirect: str, code: str, verifier: str) -> dict[str, Any]:
    """Raises ProviderError."""
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
