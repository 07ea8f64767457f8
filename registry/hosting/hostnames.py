"""Host names of a city's own: how they are written, which may be asked for. Pure."""

from __future__ import annotations

import re

import idna

MAX_LENGTH = 253
PROOF_PREFIX = "_lumbung"
NOT_OURS = ("localhost", "local", "internal", "invalid", "test", "example", "onion", "arpa")
"""Last labels no public DNS answers for (RFC 6761 and 9476), so nobody could prove to hold such a name."""

LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*")


def normal(text: str) -> str:
    """A host name as DNS and certificates write it: ``Lapor.Bontang.go.id.`` → ``lapor.bontang.go.id``, other scripts
    in punycode (IDNA 2008). Raises ValueError for what is no host name.
    """
    name = text.strip().removesuffix(".").lower()
    if not name or len(name) > MAX_LENGTH:
        raise ValueError("length")
    return idna.encode(name, uts46=True, std3_rules=True).decode("ascii")


def shown(hostname: str) -> str:
    """As its readers write it."""
    try:
        return idna.decode(hostname)
    except idna.IDNAError:
        return hostname


def problem(hostname: str, registry_host: str, plugin_domain: str, longest: int = MAX_LENGTH) -> str | None:
    """Why a normal host name is refused, as a stable code."""
    labels = hostname.split(".")
    if len(labels) < 2 or not LAST_LABEL.fullmatch(labels[-1]):
        return "no-name"
    if any(_is_within(hostname, ours) for ours in (registry_host, plugin_domain)):
        return "ours"
    if labels[-1] in NOT_OURS:
        return "not-public"
    if labels[0].startswith("_"):
        return "no-name"
    return "too-long" if len(hostname) > longest or len(hostname) + len(PROOF_PREFIX) + 1 > MAX_LENGTH else None


def proof_name(hostname: str) -> str:
    """Where the proof stands in DNS."""
    return f"{PROOF_PREFIX}.{hostname}"


def _is_within(hostname: str, domain: str) -> bool:
    return hostname == domain or hostname.endswith(f".{domain}")
