"""The WSGI layer between server and plugin: strips what clients forge, knows people, guards staff paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from . import headers, paths
from .identity import Person, Verifier

Environ = dict[str, Any]
Application = Callable[..., Iterable[bytes]]

ENTER = "/_lumbung/enter"
_PROBLEM = {"type": "about:blank", "title": "Sign in required", "status": 401}


class Gate:
    """Wraps one plugin. ``scheme`` is the origin's, used when the edge names none."""

    def __init__(
        self, plugin: Application, verifier: Verifier, staff: Sequence[str], revision: int, scheme: str
    ) -> None:
        self._plugin = plugin
        self._verifier = verifier
        self._staff = tuple(staff)
        self._revision = revision
        self._scheme = scheme

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, given: Iterable[headers.Header], exc_info: Any = None) -> Any:
            if status.startswith("1"):
                status = "502 Bad Gateway"
            cleaned = headers.clean_answer(given, self._revision)
            return start_response(status, cleaned, exc_info) if exc_info else start_response(status, cleaned)

        headers.strip_identity(environ)
        person = self._verifier.person(headers.take_cookie(environ))
        _describe(environ, person, self._scheme)
        if person is None and paths.is_staff(environ.get("PATH_INFO", ""), self._staff):
            return _ask_to_enter(environ, start)
        return self._plugin(environ, start)


def _describe(environ: Environ, person: Person | None, scheme: str) -> None:
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "")
    environ["wsgi.url_scheme"] = forwarded if forwarded in ("http", "https") else scheme
    client = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    environ["REMOTE_ADDR"] = client or environ.get("REMOTE_ADDR", "")
    environ["lumbung.person"] = dict(person) if person else None
    if person is None:
        return
    known = {"PERSON": person["id"], "NAME": person["name"], "ROLE": person["role"], "OPD": person["opd"]}
    for name, value in known.items():
        environ[f"HTTP_X_LUMBUNG_{name}"] = _wsgi_text(value)
    environ["REMOTE_USER"] = _wsgi_text(person["id"])


def _wsgi_text(value: str) -> str:
    """PEP 3333: header text is UTF-8 bytes shown as Latin-1."""
    return value.encode().decode("latin-1")


def _ask_to_enter(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
    method = environ.get("REQUEST_METHOD", "GET")
    accept = environ.get("HTTP_ACCEPT", "*/*")
    if method in ("GET", "HEAD") and ("text/html" in accept or "*/*" in accept):
        start("302 Found", [("Location", f"{ENTER}?next={_next(environ)}"), ("Content-Length", "0")])
        return []
    body = json.dumps(_PROBLEM).encode()
    kind = ("Content-Type", "application/problem+json")
    start("401 Unauthorized", [kind, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [body]


def _next(environ: Environ) -> str:
    """Where to come back to: a path of this origin, never ``//elsewhere``."""
    path = "/" + environ.get("PATH_INFO", "").lstrip("/\\")
    query = environ.get("QUERY_STRING", "")
    wanted = quote(path.encode("latin-1")) + (f"?{query}" if query else "")
    return quote(wanted, safe="/")
