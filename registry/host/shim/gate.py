"""The WSGI layer between server and plugin: strips what clients forge, knows who asks, guards what is not public."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from . import answers, headers, paths
from .identity import Caller, Person, Verifier

Environ = dict[str, Any]
Application = Callable[..., Iterable[bytes]]

OTHERS = frozenset({"same-site", "cross-site"})
"""What browsers say (Sec-Fetch-Site) of a request that a page of another origin made."""


def build(plugin: Application, settings: Mapping[str, Any], public_key: bytes) -> Gate:
    """The gate of one plugin, by what the host wrote into ``shim.json``."""
    verifier = Verifier(public_key, settings["audience"], provides=settings["provides"])
    return Gate(
        plugin, verifier, settings["staff"], settings["revision"], settings["scheme"],
        health=settings["health"], language=settings["language"],
    )  # fmt: skip


class Gate:
    """Wraps one plugin. ``scheme`` is the origin's, used when the edge names none. ``health`` is the one page below a
    staff path that the host itself asks for, without a person.
    """

    def __init__(
        self,
        plugin: Application,
        verifier: Verifier,
        staff: Sequence[str],
        revision: int,
        scheme: str,
        health: str = "",
        language: str = "id",
    ) -> None:
        self._plugin = plugin
        self._verifier = verifier
        self._staff = tuple(staff)
        self._revision = revision
        self._scheme = scheme
        self._health = health
        self._language = language

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, given: Iterable[headers.Header], exc_info: Any = None) -> Any:
            cleaned = headers.clean_answer(given, self._revision)
            status = headers.clean_status(status)
            return start_response(status, cleaned, exc_info) if exc_info else start_response(status, cleaned)

        headers.strip_identity(environ)
        cookie, call = headers.take_cookie(environ), headers.take_call(environ)
        _address(environ, self._scheme)
        if self._verifier.is_provided(environ.get("PATH_INFO", "")):
            return self._for_sibling(environ, start, call)
        return self._for_visitor(environ, start, cookie)

    def _for_sibling(self, environ: Environ, start: Any, call: str | None) -> Iterable[bytes]:
        caller = self._verifier.caller(call, environ.get("PATH_INFO", ""))
        if caller is None:
            return answers.refuse(environ, start, self._language, "provided")
        _describe(environ, None, caller)
        return self._plugin(environ, start)

    def _for_visitor(self, environ: Environ, start: Any, cookie: str | None) -> Iterable[bytes]:
        visitor = self._verifier.visitor(cookie)
        foreign = _is_foreign(environ)
        if visitor.stale and not foreign:
            return answers.renew(environ, start)
        person = None if foreign else visitor.person
        if person is None and self._is_staff(environ):
            if self._is_health(environ):
                return self._health_alone(environ, start)
            if foreign and (visitor.person or visitor.stale):
                return answers.refuse(environ, start, self._language, "foreign")
            return answers.enter(environ, start, self._language)
        _describe(environ, person, None)
        return self._plugin(environ, start)

    def _is_staff(self, environ: Environ) -> bool:
        return paths.is_below(environ.get("PATH_INFO", ""), self._staff)

    def _is_health(self, environ: Environ) -> bool:
        return environ.get("PATH_INFO", "") == self._health and environ.get("REQUEST_METHOD") in ("GET", "HEAD")

    def _health_alone(self, environ: Environ, start: Any) -> Iterable[bytes]:
        """Whether the plugin is well, for the host; what its page says of it is for staff."""

        def well(status: str, _given: Iterable[headers.Header], exc_info: Any = None) -> Callable[[bytes], None]:
            start(status, [("Content-Length", "0"), ("Cache-Control", "no-store")], exc_info)
            return lambda _piece: None

        _describe(environ, None, None)
        answer = self._plugin(environ, well)
        try:
            next(iter(answer), b"")  # some begin to answer with their first piece
        finally:
            getattr(answer, "close", lambda: None)()
        return []


def _is_foreign(environ: Environ) -> bool:
    """Whether a page of another origin sends this to change something: nobody's rights are lent to it.

    Plugins of one city are one site to a browser, so its rules for cookies do not part them.
    """
    if environ.get("REQUEST_METHOD") in answers.SAFE:
        return False
    told, sender = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
    if told:
        return told in OTHERS
    return bool(sender) and urlsplit(str(sender)).netloc != environ.get("HTTP_HOST", "")


def _address(environ: Environ, scheme: str) -> None:
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "")
    environ["wsgi.url_scheme"] = forwarded if forwarded in ("http", "https") else scheme
    client = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    environ["REMOTE_ADDR"] = client or environ.get("REMOTE_ADDR", "")


def _describe(environ: Environ, person: Person | None, caller: Caller | None) -> None:
    """Who asks, for plugins with the sdk (the two keys) and for those without it (the headers)."""
    environ["lumbung.person"] = dict(person) if person else None
    environ["lumbung.caller"] = dict(caller) if caller else None
    known: dict[str, str] = {}
    if person:
        unit = "" if person["opd_id"] is None else str(person["opd_id"])
        known = {"PERSON": person["id"], "NAME": person["name"], "ROLE": person["role"]}
        known |= {"OPD": person["opd"], "OPD_ID": unit}
        environ["REMOTE_USER"] = _wsgi_text(person["id"])
    if caller:
        known = {"CALLER": caller["plugin"], "CAPABILITY": caller["capability"]}
    for name, value in known.items():
        environ[f"HTTP_X_LUMBUNG_{name}"] = _wsgi_text(value)


def _wsgi_text(value: str) -> str:
    """PEP 3333: header text is UTF-8 bytes shown as Latin-1."""
    return value.encode().decode("latin-1")
