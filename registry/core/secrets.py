"""Secrets at rest: one master key per installation, in a folder only the service's user can read."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RELEASE_KEY, COMMIT_KEY = "release.pem", "commits.pem"


class SecretUnreadableError(Exception):
    """The stored value was encrypted with another master key, or was changed."""


@dataclass(frozen=True)
class Vault:
    """Encrypts values for the database (Fernet: AES-128-CBC with HMAC-SHA256)."""

    key: bytes = field(repr=False)

    def seal(self, value: Any) -> bytes:
        """Encrypt any JSON value."""
        return Fernet(self.key).encrypt(json.dumps(value, separators=(",", ":")).encode())

    def derive(self, purpose: str) -> str:
        """A password that is kept nowhere: the same for the same purpose as long as the key is the same."""
        return hmac.new(self.key, purpose.encode(), hashlib.sha256).hexdigest()

    def open(self, sealed: bytes) -> Any:
        """The value that was sealed. Raises SecretUnreadableError."""
        try:
            return json.loads(Fernet(self.key).decrypt(bytes(sealed)))
        except InvalidToken:
            raise SecretUnreadableError("a stored secret is not readable with this master.key") from None


def open_vault(folder: Path) -> Vault:
    """The vault whose key lies in ``folder``; a first call makes the key."""
    return Vault(_kept(folder / "master.key", Fernet.generate_key))


def flask_secret(folder: Path) -> str:
    """The key that signs browser sessions of the registry."""
    return _kept(folder / "session.key", lambda: secrets.token_urlsafe(48).encode()).decode()


def signing_key(folder: Path) -> bytes:
    """The private key (PEM, Ed25519) that signs people's tokens for plugins."""
    return _kept(folder / "signing.pem", _new_signing_key)


def public_key(folder: Path) -> bytes:
    """The public half (PEM) of `signing_key`."""
    private = serialization.load_pem_private_key(signing_key(folder), password=None)
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def release_key(folder: Path) -> bytes:
    """The private key (PEM, Ed25519) that signs the files of releases."""
    return _kept(folder / RELEASE_KEY, _new_signing_key)


def commit_key(folder: Path) -> bytes:
    """The private key (PEM, Ed25519) that signs the commits made here for people."""
    return _kept(folder / COMMIT_KEY, _new_signing_key)


def replace_release_key(folder: Path) -> None:
    """A new `release_key` in the place of the old one, which is gone; whole or not at all, and of the same owner."""
    _replace(folder / RELEASE_KEY)


def replace_commit_key(folder: Path) -> None:
    """The same for the `commit_key`."""
    _replace(folder / COMMIT_KEY)


def _replace(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    before = path.stat()
    _write_down(draft, _new_signing_key())
    os.chown(draft, before.st_uid, before.st_gid)
    draft.rename(path)


def password(folder: Path, name: str) -> str:
    """A random password kept under ``name``: database roles use it."""
    return _kept(folder / f"{name}.password", lambda: secrets.token_urlsafe(32).encode()).decode()


def token(prefix: str) -> str:
    """A new bearer secret of 192 bits; the prefix lets a leaked one be recognised."""
    return f"{prefix}_{secrets.token_urlsafe(24)}"


def digest(text: str) -> str:
    """What is stored of a bearer secret: it is random, so a plain SHA-256 (hex) is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _kept(path: Path, make: Any) -> bytes:
    """The content of ``path``; made once, whole or not at all, even when two processes start together."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        _write_down(draft, make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_bytes()


def _write_down(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
