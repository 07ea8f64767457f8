"""What the cryptography says of a commit or tag. An object never changes, so it is asked once per key that is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from registry.forge.signatures import openpgp, sshsig
from registry.forge.signatures.envelopes import TAG, Envelope, EnvelopeError, opened
from registry.forge.signatures.objects import Raw
from registry.forge.signatures.rules import BAD, UNCHECKED, UNKNOWN, UNSIGNED, Seal
from registry.forge.trees import moment

KeyText = Callable[[str], str]
"""The armoured OpenPGP key of a fingerprint, "" when nobody here has it."""

_WHEN = {True: re.compile(rb"(?m)^tagger .*> (-?\d+) "), False: re.compile(rb"(?m)^committer .*> (-?\d+) ")}


def seal(raw: Raw, key_text: KeyText) -> Seal:
    """Never raises for what is in the object: what cannot be read is bad or unchecked, and says why."""
    if raw.content is None:
        return Seal(UNCHECKED, reason="too-large")
    try:
        envelope = opened(raw.type, raw.content, len(raw.id))
    except EnvelopeError:
        return Seal(BAD, reason="unreadable")
    if envelope is None:
        return Seal(UNSIGNED)
    made = _made(raw)
    if envelope.kind == "ssh":
        return _ssh(envelope, made)
    return _pgp(envelope, made, key_text) if envelope.kind == "openpgp" else Seal(UNCHECKED, reason="x509")


def _ssh(envelope: Envelope, made: datetime | None) -> Seal:
    try:
        signature = sshsig.read(envelope.signature)
        sshsig.check(signature, envelope.payload, sshsig.GIT)
    except sshsig.SshProblemError:
        return Seal(BAD, "ssh", made=made, reason="does-not-hold")
    return Seal("good", "ssh", signature.fingerprint, made)


def _pgp(envelope: Envelope, made: datetime | None, key_text: KeyText) -> Seal:
    try:
        asked = openpgp.check(envelope.signature, envelope.payload)
        text = key_text(asked.key) if asked.key else ""
        if not text:
            return Seal(UNKNOWN if asked.state == "unknown" else BAD, "openpgp", asked.key, made, "does-not-hold")
        found = openpgp.check(envelope.signature, envelope.payload, text.encode())
    except openpgp.PgpProblemError:
        return Seal(BAD, "openpgp", made=made, reason="unreadable")
    except openpgp.UncheckedError as error:
        return Seal(UNCHECKED, "openpgp", made=made, reason=error.reason)
    same = found.key == asked.key
    return Seal(found.state if same else BAD, "openpgp", found.key or asked.key, made, "" if same else "does-not-hold")


def _made(raw: Raw) -> datetime | None:
    head = (raw.content or b"").partition(b"\n\n")[0]
    found = _WHEN[raw.type == TAG].search(head)
    return moment(found[1].decode()) if found else None
