"""What a signature is worth here: values in, a state out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MAX_KEYS, MAX_KEYS_EVER, MAX_KEY_TEXT, MAX_PROOF, MAX_NAME = 20, 200, 16 * 1024, 16 * 1024, 80
"""Keys of one person that are not revoked, and with those that are."""

MAX_MARKS, MAX_PGP = 100, 12
"""Objects one page asks about, and how many of those gpgv is started for."""

VERIFIED, KNOWN, UNKNOWN = "verified", "known", "unknown"
BAD, REVOKED, EXPIRED = "bad", "revoked", "expired"
UNSIGNED, UNCHECKED, HERE = "unsigned", "unchecked", "here"
STATES = (VERIFIED, HERE, KNOWN, REVOKED, EXPIRED, UNKNOWN, UNCHECKED, BAD, UNSIGNED)


@dataclass(frozen=True)
class Seal:
    """What the cryptography alone says of one object.

    ``state`` is unsigned, good, bad, expired, revoked (by its owner, in the key), unknown (no key for it here) or
    unchecked; ``fingerprint`` names the key that signed, "" when none can be told. ``made`` is when the object says it
    was made, ``reason`` why it is bad or unchecked, a stable code.
    """

    state: str
    kind: str = ""
    fingerprint: str = ""
    made: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Holder:
    """Whose key it is, and whether this person may push to this repository now."""

    name: str
    revoked_at: datetime | None
    may_push: bool


@dataclass(frozen=True)
class Mark:
    """What a page says: one of `STATES`; ``before``, of a revoked key, that the object says it is older."""

    state: str
    kind: str = ""
    fingerprint: str = ""
    person: str = ""
    revoked_at: datetime | None = None
    before: bool = False
    reason: str = ""


def mark(seal: Seal, holder: Holder | None) -> Mark:
    """A key's owner is believed only for a signature that holds."""
    if seal.state in (UNSIGNED, BAD, UNCHECKED):
        return Mark(seal.state, seal.kind, seal.fingerprint, reason=seal.reason)
    if holder is None or seal.state == UNKNOWN:
        return Mark(UNKNOWN, seal.kind, seal.fingerprint)
    told = (seal.kind, seal.fingerprint, holder.name)
    if holder.revoked_at is not None:
        before = seal.made is not None and seal.made < holder.revoked_at
        return Mark(REVOKED, *told, holder.revoked_at, before)
    if seal.state in (REVOKED, EXPIRED):
        return Mark(seal.state, *told)
    return Mark(VERIFIED if holder.may_push else KNOWN, *told)
