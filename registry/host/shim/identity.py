"""Who is asking: a person's or a sibling's token, verified with the registry's public key. No call leaves the sandbox.

A token is believed until ``exp`` and, after that, may be exchanged at the registry until ``until``.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypedDict

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from . import paths
from .signed_out import SignedOut

# RFC 9864 renames the algorithm of Ed25519 keys; the name on our tokens stays EdDSA, which it deprecates.
warnings.filterwarnings("ignore", message="EdDSA", category=SecurityWarning)

LEEWAY = 5
"""Seconds by which the clocks of registry and host may differ."""

ROLES = frozenset({"operator", "administrator"})
MAX_TOKEN = 4096
CALLER, CALL_SECONDS = "plugin:", 60


class Person(TypedDict):
    """``opd`` is the name of the unit, empty when none is known; ``opd_id`` its number in the registry."""

    id: str
    name: str
    role: str
    opd: str
    opd_id: int | None


class Caller(TypedDict):
    """A sibling of the same city, by the consent of its admin."""

    plugin: str
    capability: str


class Visitor(NamedTuple):
    """``stale``: the token named somebody until a while ago, and the registry may exchange it."""

    person: Person | None
    stale: bool = False


NOBODY = Visitor(None)


class Verifier:
    """Verifies tokens for one audience (``lapor.bontang``). ``public_key`` is PEM, Ed25519; ``provides`` maps a
    capability to the path that answers it.
    """

    def __init__(
        self,
        public_key: bytes,
        audience: str,
        clock: Callable[[], float] = time.time,
        provides: Mapping[str, str] | None = None,
        signed_out: SignedOut | None = None,
    ) -> None:
        self._key = OKPKey.import_key(public_key)
        self._audience = audience
        self._clock = clock
        self._provides = dict(provides or {})
        self._signed_out = signed_out or SignedOut()

    def person(self, token: str | None) -> Person | None:
        """The person a token names, or None: a bad token is no person, and never an error page."""
        return self.visitor(token).person

    def visitor(self, token: str | None) -> Visitor:
        """What a token in the cookie is worth now."""
        claims = self._claims(token)
        found = _person(claims)
        issued, now = _moment(claims, "iat"), self._clock()
        if found is None or not 0 < issued <= now + LEEWAY or self._signed_out.refuses(found["id"], issued):
            return NOBODY
        if now < _moment(claims, "exp") + LEEWAY:
            return Visitor(found)
        return Visitor(None, stale=now < _moment(claims, "until"))

    def caller(self, token: str | None, path: str) -> Caller | None:
        """The sibling that may ask for ``path``: by a token of a minute, for the capability that lies there."""
        claims = self._claims(token)
        who, capability = str(claims.get("sub", "")), str(claims.get("cap", ""))
        provided = self._provides.get(capability)
        ends, now = _moment(claims, "exp"), self._clock()
        timely = now < ends + LEEWAY and ends <= now + CALL_SECONDS + LEEWAY
        if not who.startswith(CALLER) or provided is None or not timely or not paths.is_below(path, [provided]):
            return None
        if paths.is_below(path, [other for other in self._provides.values() if paths.is_inside(other, provided)]):
            return None  # consent to what lies around a capability is none to that capability
        return Caller(plugin=_text(who.removeprefix(CALLER)), capability=capability)

    def is_provided(self, path: str) -> bool:
        """Whether only siblings may ask for it."""
        return paths.is_below(path, list(self._provides.values()))

    def _claims(self, token: str | None) -> Mapping[str, Any]:
        """Of a token of ours for this audience; nothing of any other."""
        if not token or len(token) > MAX_TOKEN:
            return {}
        try:
            claims = jwt.decode(token, self._key, algorithms=["EdDSA"]).claims
        except (JoseError, ValueError, TypeError, KeyError):
            return {}
        return claims if claims.get("aud") == self._audience else {}


def _moment(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970; 0 when they are missing or no number."""
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _person(claims: Mapping[str, Any]) -> Person | None:
    who, role, unit = claims.get("sub"), claims.get("role"), claims.get("opd_id")
    if not isinstance(who, str) or not who or who.startswith(CALLER) or role not in ROLES:
        return None
    number = unit if isinstance(unit, int) else None
    return Person(id=who, name=_text(claims.get("name")), role=role, opd=_text(claims.get("opd")), opd_id=number)


def _text(value: Any) -> str:
    shown = value if isinstance(value, str) else "" if value is None else str(value)
    return "".join(character for character in shown if character.isprintable())[:200]
