"""Who is asking: the person's token, verified with the registry's public key. No call leaves the sandbox."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any, TypedDict

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

# RFC 9864 renames the algorithm of Ed25519 keys; the name on our tokens stays EdDSA, which it deprecates.
warnings.filterwarnings("ignore", message="EdDSA", category=SecurityWarning)

LEEWAY = 5
"""Seconds by which the clocks of registry and host may differ."""

ROLES = frozenset({"operator", "administrator"})
MAX_TOKEN = 4096


class Person(TypedDict):
    id: str
    name: str
    role: str
    opd: str


class Verifier:
    """Verifies tokens for one audience (``lapor.bontang``). ``public_key`` is PEM, Ed25519."""

    def __init__(self, public_key: bytes, audience: str, clock: Callable[[], float] = time.time) -> None:
        self._key = OKPKey.import_key(public_key)
        self._audience = audience
        self._clock = clock

    def person(self, token: str | None) -> Person | None:
        """The person a token names, or None: a bad token is no person, and never an error page."""
        if not token or len(token) > MAX_TOKEN:
            return None
        try:
            claims = jwt.decode(token, self._key, algorithms=["EdDSA"]).claims
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        return _person(claims) if self._timely(claims) and claims.get("aud") == self._audience else None

    def _timely(self, claims: dict[str, Any]) -> bool:
        expires, issued, now = claims.get("exp"), claims.get("iat"), self._clock()
        if not isinstance(expires, int | float) or not isinstance(issued, int | float):
            return False
        return now < expires + LEEWAY and issued <= now + LEEWAY


def _person(claims: dict[str, Any]) -> Person | None:
    who = claims.get("sub")
    role = claims.get("role")
    if not isinstance(who, str) or not who or role not in ROLES:
        return None
    return Person(id=who, name=_text(claims.get("name")), role=role, opd=_text(claims.get("opd")))


def _text(value: Any) -> str:
    shown = value if isinstance(value, str) else "" if value is None else str(value)
    return "".join(character for character in shown if character.isprintable())[:200]
