"""The installation's secrets in a backup: encrypted with the recovery key.

The recovery key is the password of the backup repository (``secrets/backups.password``): the one thing to keep outside
of this machine. Whoever has a backup and this key has everything; a backup without it has no secrets, so that settings
of plugins, sign-in by second factor and the mail server's password in it stay closed for ever.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry.core import secrets
from registry.operate.backup.errors import BackupError

FILE, SETTINGS = "secrets.sealed", "settings.json"
FOLDERS = ("secrets", "edge")
"""Of the data folder: keys and passwords, the edge's certificates."""

NAME = "backups"


def recovery_key(folder: Path) -> str:
    """Of this installation; made at the first call."""
    return secrets.password(folder, NAME)


def seal(data: Path, key: str, settings: Mapping[str, str], target: Path) -> None:
    """Encrypt the folders of secrets and the settings into ``target``."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in FOLDERS:
            if (data / name).is_dir():
                tar.add(data / name, name)
        text = json.dumps(dict(settings)).encode()
        member = tarfile.TarInfo(SETTINGS)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    target.touch(mode=0o600)
    target.write_bytes(_box(key).encrypt(packed.getvalue()))


def open_sealed(source: Path, key: str, data: Path) -> dict[str, str]:
    """Put the secrets back into ``data``; answers with the settings of then. Raises BackupError."""
    with tarfile.open(fileobj=io.BytesIO(_opened(source, key))) as tar:
        file = tar.extractfile(SETTINGS)
        settings: dict[str, str] = json.loads(file.read()) if file else {}
        members = [member for member in tar if member.name != SETTINGS]
        tar.extractall(data, members, filter="data")
    (data / "secrets").chmod(0o700)
    return settings


def check(source: Path, key: str) -> None:
    """Whether the key opens it. Raises BackupError."""
    _opened(source, key)


def _opened(source: Path, key: str) -> bytes:
    try:
        return _box(key).decrypt(source.read_bytes())
    except InvalidToken:
        raise BackupError("the secrets do not open with this recovery key: give the one kept for this backup") from None


def _box(key: str) -> Fernet:
    """The key is random, so no slow derivation is needed."""
    derived = HKDF(hashes.SHA256(), 32, None, b"lumbung backup secrets").derive(key.strip().encode())
    return Fernet(base64.urlsafe_b64encode(derived))
