"""Who may deliver mentions: HMAC over time and body, with the secret both sides know.

The sender puts the seconds since 1970 into `X-Kanal-Timestamp` and `sha256=` with the hexadecimal
HMAC-SHA256 of `<timestamp>.<body>` into `X-Kanal-Signature`.
"""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(minutes=5)
PREFIX = "sha256="
LEAST_SECRET = 32


class Refusal(StrEnum):
    """Why a delivery is not believed. The answer to the sender says only that it is not."""

    CLOSED = "closed"
    STALE = "stale"
    FORGED = "forged"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Kanal-Signature`."""
    return PREFIX + hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def check(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> Refusal | None:
    """None when the delivery is genuine and not older (or newer) than five minutes."""
    if len(secret) < LEAST_SECRET:
        return Refusal.CLOSED
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return Refusal.STALE
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return Refusal.STALE
    # As bytes: a signature with letters that are not ASCII must not make the comparison raise.
    genuine = hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())
    return None if genuine else Refusal.FORGED
