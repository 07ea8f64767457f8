"""What the registry signs for plugins to check without asking: JSON Web Tokens with EdDSA (RFC 8037)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from registry.core import secrets

ALGORITHM = "EdDSA"


def sign(folder: Path, claims: Mapping[str, Any]) -> str:
    """``folder`` holds the installation's secrets; the shims in the sandboxes know the public half of the key."""
    return jwt.encode({"alg": ALGORITHM}, dict(claims), _key(folder), algorithms=[ALGORITHM])


def read(folder: Path, token: str) -> dict[str, Any] | None:
    """The claims of a token we signed, expired or not; None for anything else."""
    try:
        return jwt.decode(token, _key(folder), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _key(folder: Path) -> OKPKey:
    return OKPKey.import_key(secrets.signing_key(folder))
