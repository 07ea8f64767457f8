"""What a password must be and when guessing is stopped: values in, a refusal or None out."""

from __future__ import annotations

from datetime import timedelta

MIN_PASSWORD, MAX_PASSWORD = 12, 256
WINDOW = timedelta(minutes=15)
MAX_FAILURES = {
    "account": 10,
    "address": 40,
    "sign-up": 10,
    "link": 40,
    "forgot": 10,
    "forgot-account": 3,
    "oidc": 60,
    "join": 30,
    "factor": 10,
    "factor-address": 40,
}
"""Within `WINDOW`: failed sign-ins, where an account is guarded against many addresses and an address against many
accounts; of one address sign-ups, links by mail that do not work, requests for a new password and sign-ins by OpenID
Connect; requests for a new password of one account; forms to join that one address begins; and wrong codes of the
second step, of one account and of one address."""


def is_throttled(kind: str, failures: int) -> bool:
    return failures >= MAX_FAILURES[kind]


def password_problem(password: str, email: str) -> str | None:
    """Why a password is refused (a stable code), after NIST SP 800-63B: length counts, composition does not."""
    if len(password) < MIN_PASSWORD:
        return "too-short"
    if len(password) > MAX_PASSWORD:
        return "too-long"
    if password.casefold() in (email.casefold(), email.split("@")[0].casefold() * 2):
        return "is-email"
    return None


def local_path(wanted: str | None, default: str = "/") -> str:
    """Where to go after signing in: a path on this host, or the default. No other host, no header smuggling."""
    if not wanted or len(wanted) > 2000 or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return default
    return wanted if wanted.isprintable() and "\\" not in wanted else default
