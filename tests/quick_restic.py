"""Backup repositories of restic's own making, whose password is tried in no time.

restic makes every guess at a password as dear as half a second of this machine, and making a repository four times
that. Passwords of tests guard nothing: the key of the one repository that is made is sealed again, cheaply, for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.poly1305 import Poly1305

from registry.backups.restic import Restic, open_repository, program
from registry.config import Settings

Pour = Callable[[Restic], None]
COST = {"N": 2, "r": 8, "p": 1}
"""Of scrypt; restic reads it from the key's file."""


@pytest.fixture(scope="session")
def pour_repository(tmp_path_factory: pytest.TempPathFactory) -> Pour:
    """Puts an empty repository where a `Restic` looks for its own, opened by the password it has."""
    made = open_repository(Settings(data=tmp_path_factory.mktemp("repository")))
    made.prepare()
    command = [program(), "-r", made.repository, "--password-file", str(made.password), "--no-cache"]
    master = subprocess.run([*command, "cat", "masterkey"], capture_output=True, check=True).stdout

    def pour(restic: Restic) -> None:
        shutil.copytree(made.repository, restic.repository, ignore=_keys)
        file = _key(restic.password.read_bytes().strip(), master)
        Path(restic.repository, "keys", hashlib.sha256(file).hexdigest()).write_bytes(file)

    return pour


def _keys(folder: str, names: list[str]) -> list[str]:
    return names if Path(folder).name == "keys" else []


def _key(password: bytes, master: bytes) -> bytes:
    """A key's file as restic's design paper says: what scrypt makes of the password encrypts and signs the master."""
    salt, nonce = os.urandom(64), os.urandom(16)
    stretched = hashlib.scrypt(password, salt=salt, n=COST["N"], r=COST["r"], p=COST["p"], dklen=64)
    secret, k, r = stretched[:32], stretched[32:48], stretched[48:]
    sealed = Cipher(AES(secret), CTR(nonce)).encryptor().update(master)
    once = Cipher(AES(k), ECB()).encryptor().update(nonce)
    data = nonce + sealed + Poly1305.generate_tag(r + once, sealed)
    told = {"created": "2026-01-01T00:00:00Z", "username": "", "hostname": "", "kdf": "scrypt", **COST}
    return json.dumps({**told, "salt": b64encode(salt).decode(), "data": b64encode(data).decode()}).encode()
