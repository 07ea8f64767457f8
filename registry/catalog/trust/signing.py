"""Signatures of releases in minisign's format, so that anybody verifies them with a program that is not ours.

Format: https://jedisct1.github.io/minisign/ . Signed is the BLAKE2b-512 of the file ("ED", what minisign has made since
0.10); the trusted comment is covered by a second signature and says of which release the file is, so that an old or
another app's file cannot be passed off under this name.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_KIND: Final = b"Ed"
PREHASHED: Final = b"ED"
MAX_TEXT = 16 * 1024
UNTRUSTED, TRUSTED = "untrusted comment: ", "trusted comment: "


class SignatureProblemError(ValueError):
    """Not a key, not a signature, or not of this file; the message says which, in plain English for the console."""


def key_name(key: bytes) -> str:
    """As minisign prints a key's id: hexadecimal, of a little-endian number, without leading zeros."""
    return f"{int.from_bytes(key, 'little'):X}"


@dataclass(frozen=True)
class PublicKey:
    """``id`` (8 bytes) only helps to find the key; ``raw`` is the Ed25519 key (32 bytes)."""

    id: bytes
    raw: bytes

    @property
    def name(self) -> str:
        return key_name(self.id)

    @property
    def line(self) -> str:
        """What ``minisign -P`` takes."""
        return b64encode(KEY_KIND + self.id + self.raw).decode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's 32 bytes, in groups of four that two people read to each other."""
        digest = hashlib.sha256(self.raw).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))

    @property
    def text(self) -> str:
        """The public key's file."""
        return f"{UNTRUSTED}minisign public key {self.name}\n{self.line}\n"

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """Of a public key's file, or of its second line alone. Raises SignatureProblemError."""
        lines = [line for line in text[:MAX_TEXT].splitlines() if line.strip() and not line.startswith(UNTRUSTED)]
        value = _decoded(lines[0] if lines else "", 42, "public key")
        if value[:2] != KEY_KIND:
            raise SignatureProblemError("this is no public key of minisign")
        return cls(value[2:10], value[10:])


@dataclass(frozen=True)
class SigningKey:
    """The secret half; never logged."""

    secret: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def load(cls, pem: bytes) -> SigningKey:
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise SignatureProblemError("the key of releases is not an Ed25519 key")
        return cls(key)

    @property
    def public(self) -> PublicKey:
        """Its id is made from the key, so that nothing but the key need be kept."""
        raw = self.secret.public_key().public_bytes_raw()
        return PublicKey(hashlib.blake2b(raw, digest_size=8).digest(), raw)

    def sign(self, file: BufferedIOBase, comment: str) -> str:
        """The text of the file ``.minisig``; ``comment`` becomes the trusted one: one line of printable text."""
        signature = self.secret.sign(digest(file))
        binding = self.secret.sign(signature + comment.encode())
        public = self.public
        lines = (
            f"{UNTRUSTED}signature of a Lumbung release, key {public.name}",
            b64encode(PREHASHED + public.id + signature).decode(),
            TRUSTED + comment,
            b64encode(binding).decode(),
        )
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Signature:
    """A read ``.minisig``. Nothing in it is to be believed before `check` said nothing."""

    key: bytes
    value: bytes
    comment: str
    binding: bytes

    @property
    def told(self) -> dict[str, str]:
        """The parts of our trusted comments: ``app``, ``version``, ``file``, ``date`` …"""
        pairs = (part.partition(":") for part in self.comment.split("\t"))
        return {name: value for name, colon, value in pairs if colon}

    @classmethod
    def read(cls, text: str) -> Signature:
        """Raises SignatureProblemError."""
        lines = text[:MAX_TEXT].splitlines()
        if len(lines) != 4 or not lines[0].startswith(UNTRUSTED) or not lines[2].startswith(TRUSTED):
            raise SignatureProblemError("this is no signature of minisign: four lines are expected")
        value, binding = _decoded(lines[1], 74, "signature"), _decoded(lines[3], 64, "signature of the comment")
        if value[:2] != PREHASHED:
            raise SignatureProblemError("this signature is of an older kind, without a hash: sign it with minisign -H")
        return cls(value[2:10], value[10:], lines[2].removeprefix(TRUSTED), binding)

    def check(self, file: BufferedIOBase, key: PublicKey) -> None:
        """Raises SignatureProblemError unless ``key`` signed exactly this file and this comment."""
        if self.key != key.id:
            raise SignatureProblemError(f"signed by the key {key_name(self.key)}, not by {key.name}")
        public = Ed25519PublicKey.from_public_bytes(key.raw)
        try:
            public.verify(self.value, digest(file))
        except InvalidSignature:
            raise SignatureProblemError("the signature is not of this file: do not use it") from None
        try:
            public.verify(self.binding, self.value + self.comment.encode())
        except InvalidSignature:
            raise SignatureProblemError("the trusted comment was changed: do not use this file") from None


def digest(file: BufferedIOBase) -> bytes:
    """BLAKE2b-512, read in pieces."""
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=64)).digest()


def _decoded(text: str, length: int, what: str) -> bytes:
    try:
        value = b64decode(text.strip(), validate=True)
    except (Base64Error, ValueError):
        value = b""
    if len(value) != length:
        raise SignatureProblemError(f"the {what} cannot be read: it is cut off or was changed")
    return value
