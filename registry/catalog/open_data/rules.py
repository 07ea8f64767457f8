"""What open data decides without asking anybody: texts safe in XML and in tables, what is news about safety. Pure."""

from __future__ import annotations

import hashlib
import re
import uuid

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters XML 1.0 cannot hold, however they are written."""

SECURITY = re.compile(r"^#{1,6}\s.*\b(security|keamanan)\b", re.IGNORECASE | re.MULTILINE)


def xml_text(text: str) -> str:
    return NOT_XML.sub("", text)


def is_security(changes: str) -> bool:
    """Whether the notes of a release have a heading on security, as Keep a Changelog writes it."""
    return bool(SECURITY.search(changes))


def stable_id(kind: str, name: str) -> uuid.UUID:
    """The same for the same name in every installation; in the form of `registry.catalog.models.UID`."""
    digits = hashlib.md5(f"lumbung:{kind}:{name}".encode(), usedforsecurity=False).hexdigest()
    return uuid.UUID(f"{digits[:12]}4{digits[13:16]}8{digits[17:]}")
