"""How a message is signed, when it is tried again and when a webhook is given up. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR)
"""After the first, second … failed attempt: eight attempts in about a day."""

GIVE_UP = timedelta(days=3)
"""A webhook that took nothing for this long is switched off."""

OVERLAP = timedelta(days=1)
"""How long the former secret still signs after a change."""

GONE = 410
PREFIX = "whsec_"
SECRET_BYTES = 32


def secret_text(secret: bytes) -> str:
    """As it is shown once and as the libraries of Standard Webhooks take it."""
    return PREFIX + base64.b64encode(secret).decode()


def is_secret(text: str) -> bool:
    """Whether it is one that `secret_text` made."""
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        return False
    return len(secret) == SECRET_BYTES and text == secret_text(secret)


def signature(secrets: Sequence[str], identity: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature per secret, HMAC-SHA256 over ``id.timestamp.body``."""
    content = f"{identity}.{timestamp}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(PREFIX)) for secret in secrets]
    return " ".join("v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)


def problem_of(status: int) -> str:
    """Why an answer counts as not delivered, "" when it counts: any of 2xx."""
    if 200 <= status < 300:
        return ""
    return "redirect" if 300 <= status < 400 else "status"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts failed; None: never."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def gives_up(failing_since: datetime | None, now: datetime) -> bool:
    return failing_since is not None and now - failing_since >= GIVE_UP
