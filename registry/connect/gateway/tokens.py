"""How one plugin shows another that Lumbung let it through: an EdDSA token for one capability, good for a minute."""

from __future__ import annotations

from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.config import Settings
from registry.core import clock, secrets

SECONDS = 60


def sign(settings: Settings, caller: str, audience: str, capability: str) -> str:
    """``caller`` is the plugin's name, ``audience`` the sibling's ``{name}.{city}``. No person's token looks like it:
    ``sub`` is ``plugin:{caller}`` and there is no role.
    """
    issued = int(clock.now().timestamp())
    claims = {
        "iss": settings.origin,
        "aud": audience,
        "sub": f"plugin:{caller}",
        "cap": capability,
        "iat": issued,
        "exp": issued + SECONDS,
    }
    key = OKPKey.import_key(secrets.signing_key(settings.secrets))
    return jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])
