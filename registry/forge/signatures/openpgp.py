"""Signatures of OpenPGP, checked by GnuPG's gpgv with nothing but the key it is given: no keyring, no network.

gpgv is a program of the system (Debian: gpgv). Where it is missing or busy nothing is guessed: `UncheckedError`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "gpgv"
SECONDS = 3
SIGNATURE, PUBLIC_KEY = 2, 6
"""Tags of packets, RFC 9580 section 5."""
_HEADERS = rb"(?:[^\r\n:]+: [^\r\n]*\r?\n)*[ \t]*\r?\n"
_ARMOUR = re.compile(rb"-----BEGIN PGP ([A-Z ]+)-----\r?\n" + _HEADERS + rb"(.*?)-----END PGP \1-----", re.DOTALL)
FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")


class PgpProblemError(ValueError):
    """No key or signature that can be read; the message says why, in plain English."""


class UncheckedError(Exception):
    """Nothing is known: ``reason`` is ``no-gpgv`` (not installed) or ``slow`` (ended before it spoke)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Found:
    """What gpgv says: ``key`` is the fingerprint of the very (sub)key that signed, "" when it cannot be told.

    ``state`` is good, bad, expired (the key), revoked (by its owner, in the key itself) or unknown (not the key given).
    """

    state: str
    key: str


def program() -> str | None:
    return shutil.which(PROGRAM)


def packets(armour: bytes, wanted: int) -> bytes:
    """What is in an armour whose first packet is of the kind wanted. Raises PgpProblemError."""
    found = _ARMOUR.fullmatch(armour.strip())
    if found is None:
        raise PgpProblemError("this is no armoured text of OpenPGP")
    lines = [line for line in found[2].split() if not line.startswith(b"=")]
    try:
        raw = b64decode(b"".join(lines), validate=True)
    except (Base64Error, ValueError):
        raise PgpProblemError("this text is cut off or was changed") from None
    if not raw or not raw[0] & 0x80 or _tag(raw[0]) != wanted:
        raise PgpProblemError("this text holds something else")
    return raw


def check(signature: bytes, payload: bytes, key: bytes = b"") -> Found:
    """Both armoured; without a key it says only which one is asked for. Raises PgpProblemError, UncheckedError."""
    binary = program()
    if binary is None:
        raise UncheckedError("no-gpgv")
    signed_by, ring = packets(signature, SIGNATURE), packets(key, PUBLIC_KEY) if key else b""
    with tempfile.TemporaryDirectory(prefix="lumbung-gpgv-") as name:
        folder = Path(name)
        for file, content in (("sig", signed_by), ("payload", payload), ("keys", ring)):
            (folder / file).write_bytes(content)
        return _said(_run(binary, folder))


def _run(binary: str, folder: Path) -> str:
    command = [binary, "--homedir", str(folder), "--keyring", str(folder / "keys"), "--weak-digest", "SHA1",
               "--status-fd", "1", "--", str(folder / "sig"), str(folder / "payload")]  # fmt: skip
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False, cwd=folder,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UncheckedError("slow") from None
    return done.stdout.decode("utf-8", "replace")


def _said(status: str) -> Found:
    """gpgv's machine-readable lines (GnuPG's doc/DETAILS). Exactly one signature is believed."""
    words = [line.split()[1:] for line in status.splitlines() if line.startswith("[GNUPG:] ")]
    told = {line[0]: line[1:] for line in words if line}
    if sum(line[:1] == ["NEWSIG"] for line in words) != 1:
        raise PgpProblemError("there is not exactly one signature")
    if "BADSIG" in told:
        return Found("bad", "")
    if "ERRSIG" in told:
        fields = told["ERRSIG"]
        asked = fields[6] if len(fields) > 6 and FINGERPRINT.fullmatch(fields[6]) else ""
        return Found("unknown" if "NO_PUBKEY" in told else "bad", asked)
    valid = told.get("VALIDSIG", [""])[0]
    if not FINGERPRINT.fullmatch(valid):
        return Found("bad", "")
    states = {"GOODSIG": "good", "EXPKEYSIG": "expired", "REVKEYSIG": "revoked"}
    return Found(next((state for word, state in states.items() if word in told), "bad"), valid)


def _tag(first: int) -> int:
    return first & 0x3F if first & 0x40 else (first & 0x3C) >> 2
