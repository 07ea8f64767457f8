"""Passkeys (WebAuthn): a person proves to hold a key, and the device proves that it knows its person.

What reads and checks their answers is loaded when the first person uses one (`ceremonies`): its library is heavy.
"""

from __future__ import annotations

import secrets as random
from typing import Any

from registry.accounts.factors.models import Passkey
from registry.accounts.models import User
from registry.loading import when_needed

CEREMONIES = "registry.accounts.factors.ceremonies"


def new_challenge() -> str:
    return random.token_urlsafe(32)


def creation_options(user: User, challenge: str) -> str:
    """For the browser, as JSON: make a key for this site that knows its person by finger, face or PIN."""
    return str(_ceremony("creation_options")(user, challenge))


def request_options(user: User | None, challenge: str) -> str:
    """For the browser, as JSON: sign with a key of this person, or with any the person chooses."""
    return str(_ceremony("request_options")(user, challenge))


def add(user: User, name: str, answer: str, challenge: str) -> Passkey:
    """Keep the key the browser made. Raises InvalidError, and ConflictError for one too many or a key known already."""
    made: Passkey = _ceremony("add")(user, name, answer, challenge)
    return made


def take(user: User | None, answer: str, challenge: str) -> User | None:
    """Who signed the challenge: this person, or whoever holds the key; None when the answer is worth nothing."""
    found: User | None = _ceremony("take")(user, answer, challenge)
    return found


def _ceremony(name: str) -> Any:
    return when_needed(f"{CEREMONIES}:{name}")
