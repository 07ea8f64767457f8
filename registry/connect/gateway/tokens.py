"""How one plugin shows another that Lumbung let it through: a token for one capability, good for a minute."""

from __future__ import annotations

from registry.config import Settings
from registry.core import clock, tokens

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
    return tokens.sign(settings.secrets, claims)
