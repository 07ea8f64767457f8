"""Signatures as ``ssh-keygen -Y sign`` makes them, checked by the library `cryptography`, without a process.

Format: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig ; signatures of security keys (sk-):
PROTOCOL.u2f beside it. The key travels in the signature: whose it is, others have to say.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

BEGIN, END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
MAGIC, VERSION = b"SSHSIG", 1
GIT: Final = b"git"
MIN_RSA, MAX_RSA = 2048, 8192
USER_PRESENT = 0x01
WIDTH = 70
HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
RSA_HASHES: dict[bytes, hashes.HashAlgorithm] = {b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}
CURVES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(), "secp384r1": hashes.SHA384(), "secp521r1": hashes.SHA512()
}  # fmt: skip
Key = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class SshProblemError(ValueError):
    """No key or signature that holds; the message says why, in plain English."""


@dataclass(frozen=True)
class Signature:
    """A read signature. Nothing of it is to be believed before `check` said nothing."""

    blob: bytes
    namespace: bytes
    reserved: bytes
    hash: bytes
    value: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.blob)


def fingerprint(blob: bytes) -> str:
    """As ``ssh-keygen -l`` prints it."""
    return "SHA256:" + b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def public_key(line: str) -> bytes:
    """The key in a line of ``id_ed25519.pub``. Raises SshProblemError for any other and for weak keys."""
    parts = line.split()
    if len(parts) < 2:
        raise SshProblemError("this is no public key of SSH")
    try:
        blob = b64decode(parts[1], validate=True)
    except (Base64Error, ValueError):
        raise SshProblemError("this public key is cut off or was changed") from None
    if _string(blob)[0] != parts[0].encode():
        raise SshProblemError("this public key is not of the kind it says")
    _key(blob)
    return blob


def read(armour: bytes) -> Signature:
    """Exactly one signature in its armour. Raises SshProblemError."""
    lines = armour.strip().split(b"\n")
    if lines[0].rstrip() != BEGIN or lines[-1].rstrip() != END:
        raise SshProblemError("this is no signature of SSH")
    try:
        raw = b64decode(b"".join(line.strip() for line in lines[1:-1]), validate=True)
    except (Base64Error, ValueError):
        raise SshProblemError("this signature is cut off or was changed") from None
    if raw[:10] != MAGIC + VERSION.to_bytes(4, "big"):
        raise SshProblemError("this signature is of a kind not known here")
    parts, rest = [], raw[10:]
    for _part in range(5):
        part, rest = _string(rest)
        parts.append(part)
    if rest:
        raise SshProblemError("more follows the signature")
    return Signature(*parts)


def check(signature: Signature, payload: bytes, namespace: bytes) -> None:
    """Raises SshProblemError unless the key in the signature signed ``payload`` for this use."""
    if signature.namespace != namespace:
        raise SshProblemError("signed for another use")
    if signature.hash not in HASHES:
        raise SshProblemError("signed with a hash not known here")
    signed = signed_bytes(namespace, signature.hash, payload, signature.reserved)
    algorithm, rest = _string(signature.value)
    value, rest = _string(rest)
    kind, _more = _string(signature.blob)
    if kind.startswith(b"sk-"):
        signed, rest = _touched(signature.blob, signed, rest)
    if rest:
        raise SshProblemError("more follows the signature")
    if not (algorithm == kind or (kind == b"ssh-rsa" and algorithm in RSA_HASHES)):
        raise SshProblemError("signed by another method than the key is for")
    try:
        _verify(_key(signature.blob), algorithm, value, signed)
    except InvalidSignature:
        raise SshProblemError("the signature is not of this content") from None


def signed_bytes(namespace: bytes, name: bytes, payload: bytes, reserved: bytes = b"") -> bytes:
    """What the key itself signs."""
    digest = HASHES[name](payload).digest()
    return MAGIC + b"".join(packed(part) for part in (namespace, reserved, name, digest))


def packed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def armoured(secret: ed25519.Ed25519PrivateKey, payload: bytes, namespace: bytes = GIT) -> bytes:
    """A signature by an Ed25519 key of ours, the same for the same payload."""
    blob = ed25519_blob(secret.public_key())
    value = packed(b"ssh-ed25519") + packed(secret.sign(signed_bytes(namespace, b"sha512", payload)))
    raw = MAGIC + VERSION.to_bytes(4, "big") + b"".join(map(packed, (blob, namespace, b"", b"sha512", value)))
    text = b64encode(raw)
    lines = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    return b"\n".join([BEGIN, *lines, END]) + b"\n"


def ed25519_blob(key: ed25519.Ed25519PublicKey) -> bytes:
    return packed(b"ssh-ed25519") + packed(key.public_bytes_raw())


def _key(blob: bytes) -> Key:
    kind, _rest = _string(blob)
    try:
        found = serialization.load_ssh_public_key(kind + b" " + b64encode(blob))
    except (ValueError, UnsupportedAlgorithm):
        raise SshProblemError("keys of this kind are not known here") from None
    if isinstance(found, rsa.RSAPublicKey) and not MIN_RSA <= found.key_size <= MAX_RSA:
        raise SshProblemError("an RSA key has 2048 to 8192 bits")
    if not isinstance(found, Key):
        raise SshProblemError("keys of this kind are not believed any more")
    return found


def _verify(key: Key, algorithm: bytes, value: bytes, signed: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(value, signed, padding.PKCS1v15(), RSA_HASHES[algorithm])
    elif isinstance(key, ec.EllipticCurvePublicKey):
        first, rest = _string(value)
        second, rest = _string(rest)
        pair = int.from_bytes(first, "big"), int.from_bytes(second, "big")
        if rest or max(len(first), len(second)) > 67:
            raise InvalidSignature
        key.verify(encode_dss_signature(*pair), signed, ec.ECDSA(CURVES[key.curve.name]))
    else:
        key.verify(value, signed)


def _touched(blob: bytes, signed: bytes, rest: bytes) -> tuple[bytes, bytes]:
    """What a security key signs, which tells that somebody touched it; and what follows."""
    if len(rest) < 5 or not rest[0] & USER_PRESENT:
        raise SshProblemError("the security key was not touched")
    _kind, fields = _string(blob)
    application = b""
    while fields:
        application, fields = _string(fields)
    digest = hashlib.sha256(application).digest()
    return digest + rest[:5] + hashlib.sha256(signed).digest(), rest[5:]


def _string(data: bytes) -> tuple[bytes, bytes]:
    """The first of SSH's strings, and what follows."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 + length or len(data) < 4:
        raise SshProblemError("the signature or key is cut off")
    return data[4 : 4 + length], data[4 + length :]
