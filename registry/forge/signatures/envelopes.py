"""Where the signature is in a commit or tag, as git writes it, and what it is a signature of. Pure; bytes throughout.

Read as git's own parse_signed_commit and parse_signature do, but stricter: what git would join or overlook is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

COMMIT, TAG = b"commit", b"tag"
MAX_OBJECT = 256 * 1024
MAX_SIGNATURE = 32 * 1024
Kind = Literal["ssh", "openpgp", "other"]
BEGINNINGS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"-----BEGIN SSH SIGNATURE-----", "ssh"),
    (b"-----BEGIN PGP SIGNATURE-----", "openpgp"),
    (b"-----BEGIN PGP MESSAGE-----", "openpgp"),
    (b"-----BEGIN SIGNED MESSAGE-----", "other"),
)
_HEADERS = {40: b"gpgsig", 64: b"gpgsig-sha256"}
"""By the length of the repository's object ids: a commit may hold one for each kind of repository."""

_MARK = re.compile(rb"(?m)^(?:" + b"|".join(re.escape(begin) for begin, _kind in BEGINNINGS) + rb")")


class EnvelopeError(ValueError):
    """The signature cannot be told from what it signs."""


@dataclass(frozen=True)
class Envelope:
    """``payload`` is what was signed, ``signature`` in armour."""

    kind: Kind
    signature: bytes
    payload: bytes


def opened(object_type: bytes, raw: bytes, id_length: int = 40) -> Envelope | None:
    """None when the object is not signed. Raises EnvelopeError."""
    found = _tag(raw) if object_type == TAG else _commit(raw, _HEADERS[id_length])
    if found is None:
        return None
    signature, payload = found
    if len(signature) > MAX_SIGNATURE:
        raise EnvelopeError("the signature is too long")
    kind = next((kind for begin, kind in BEGINNINGS if signature.startswith(begin)), None)
    if kind is None or len(_MARK.findall(signature)) != 1:
        raise EnvelopeError("there is not exactly one signature")
    return Envelope(kind, signature, payload)


def _commit(raw: bytes, wanted: bytes) -> tuple[bytes, bytes] | None:
    """The signature in the header ``wanted``; signed is the commit without any header of a signature."""
    kept: list[bytes] = []
    found: list[list[bytes]] = []
    current = b""
    head, blank, body = raw.partition(b"\n\n")
    for line in head.split(b"\n"):
        name, _space, value = line.partition(b" ")
        if not line.startswith(b" "):
            current = name if name in _HEADERS.values() else b""
            if name == wanted:
                found.append([])
        if not current:
            kept.append(line)
        elif current == wanted and found:
            found[-1].append(value)
    if len(found) > 1:
        raise EnvelopeError("there are several signatures")
    return (b"\n".join(found[0]) + b"\n", b"\n".join(kept) + blank + body) if found else None


def _tag(raw: bytes) -> tuple[bytes, bytes] | None:
    """A tag's signature is the end of its text; what it signs is all before, without the header of another kind."""
    head, blank, body = raw.partition(b"\n\n")
    marks = [found.start() for found in _MARK.finditer(body)]
    if not marks:
        return None
    start = marks[-1]
    stripped = _commit(head, _HEADERS[64])
    plain = stripped[1] if stripped else head
    return body[start:], plain + blank + body[:start]
