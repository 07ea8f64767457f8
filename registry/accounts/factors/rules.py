"""One-time codes and recovery codes as values: which one is right, and how they are written. Pure."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

import pyotp

STEP = 30
"""Seconds a code is shown (RFC 6238)."""

AROUND = (0, -1, 1)
"""Steps whose code is taken: clocks differ, and people type."""

HALF = timedelta(minutes=5)
"""From the right password to the second factor."""

CHALLENGE_LIVES = timedelta(minutes=5)
"""What a passkey has to answer is asked anew after that."""

MAX_PASSKEYS, MAX_NAME, MAX_CODE, MAX_ANSWER = 20, 80, 40, 20_000
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""

ONE_TIME = re.compile(r"\d{6}")
RECOVERY = re.compile(rf"[{LETTERS}]{{16}}")


def tidy(code: str) -> str:
    """As people type it, with blanks and dashes, as it is compared."""
    return re.sub(r"[\s\-]", "", code[:MAX_CODE]).lower()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of time this code belongs to; None for a wrong one. Every candidate is compared, in constant time."""
    maker = pyotp.TOTP(secret, interval=STEP)
    current = int(at.timestamp()) // STEP
    right = [step for step in (current + away for away in AROUND) if _same(maker.generate_otp(step), code)]
    return right[0] if right else None


def written(code: str) -> str:
    """A recovery code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
