"""OpenID providers over https on this machine: a real one, and one that says what a test wants."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from registry.core import clock
from tests.core.tls_server import _certificate

CLIENT, SECRET = "lumbung-bontang", "rahasia & panjang"


@contextmanager
def served(application: Any, folder: Path) -> Iterator[tuple[str, Path]]:
    """The issuer's address, and the certificate to trust."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = make_server("localhost", 0, application, threaded=True, ssl_context=context)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"https://localhost:{server.server_port}", certificate
    server.shutdown()
    server.server_close()


@dataclass
class Pretender:
    """A provider that keeps to the protocol, but for what a test changes in it.

    ``claims`` go over those of the token; one that is None is left out. ``metadata`` goes over the discovery document.
    """

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True))
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    sent_back: dict[str, str] = field(default_factory=dict)
    token_status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        act = {"/.well-known/openid-configuration": self._discovery, "/keys": self._keys, "/authorize": self._authorize,
               "/token": self._token, "/userinfo": self._userinfo}.get(request.path)  # fmt: skip
        answer = act(request) if act else Response(status=404)
        return answer(environ, start_response)

    def _discovery(self, _request: Request) -> Response:
        told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "jwks_uri":
                f"{self.issuer}/keys", "token_endpoint": f"{self.issuer}/token", "response_types_supported": ["code"],
                "userinfo_endpoint": f"{self.issuer}/userinfo"}  # fmt: skip
        return _json({name: value for name, value in {**told, **self.metadata}.items() if value is not None})

    def _keys(self, _request: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        self.asked.append(request.args.to_dict())
        back = {"code": "the-code", "state": request.args["state"], **self.sent_back}
        answer = Response(status=302)
        answer.headers["Location"] = f"{request.args['redirect_uri']}?{urlencode(back)}"
        return answer

    def _token(self, request: Request) -> Response:
        self.taken.append(request.form.to_dict())
        self.headers.append(request.headers.get("Authorization", ""))
        if self.token_status != 200:
            return _json({"error": "invalid_client"}, self.token_status)
        if request.form.get("code") != "the-code":
            return _json({"error": "invalid_grant"}, 400)
        return _json({"access_token": "access", "token_type": "Bearer", "id_token": self._id_token()})

    def _userinfo(self, request: Request) -> Response:
        if request.headers.get("Authorization") != "Bearer access":
            return Response(status=401)
        return _json(self.userinfo)

    def _id_token(self) -> str:
        at = int(clock.now().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "7", "iat": at, "exp": at + 300, "email_verified": True,
                 "email": "operator@bontang.example", "nonce": self.asked[-1]["nonce"]}  # fmt: skip
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        return self.sign(claims) if self.sign else signed(claims, self.key)


def signed(claims: dict[str, Any], key: RSAKey, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": "one"}, claims, key, algorithms=[algorithm])


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")


def come_back(client: Any, path: str, certificate: Path, subject: str = "") -> Any:
    """Leave by ``path``, sign in over there as ``subject``, come back: our last answer."""
    answer = client.get(path)
    assert answer.status_code == 302, answer.text[:3000]
    return client.get(back(answer.location, certificate, subject))


def back(address: str, certificate: Path, subject: str = "") -> str:
    """Where the provider sends the browser back to, as a path of ours."""
    with requests.Session() as over_there:
        over_there.trust_env = False
        if subject:
            sent = over_there.post(
                address, data={"sub": subject}, verify=certificate, allow_redirects=False, timeout=10
            )
        else:
            sent = over_there.get(address, verify=certificate, allow_redirects=False, timeout=10)
    assert sent.status_code in (302, 303), sent.text[:2000]
    parts = urlsplit(sent.headers["Location"])
    return f"{parts.path}?{parts.query}"


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
