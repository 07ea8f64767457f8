"""What names, paths and addresses the forge accepts. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from registry.tenants.rules import slug_problem

GIT_PROTOCOL = re.compile(r"[0-9a-zA-Z]+=[0-9a-zA-Z]+(:[0-9a-zA-Z]+=[0-9a-zA-Z]+)*")
MAX_PATH, MAX_DEPTH, MAX_URL = 1_000, 20, 500
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")
_INNER = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b::/96", "3fff::/20")
)
"""Not the public internet, though the standard library takes them for it: protocols' own addresses (one cloud has its
metadata there), relays and translators to IPv4, the host agent of another cloud, documentation.
"""
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def is_ref_name(text: str) -> bool:
    """A branch, tag or commit id as people give it; none of git's revision operators."""
    return bool(_REF.fullmatch(text)) and ".." not in text and "//" not in text and not text.endswith((".lock", "/"))


def is_safe_path(path: str) -> bool:
    """A file's path inside a bundle: relative, plain, not into git's own folder."""
    parts = path.split("/")
    if not path or len(path) > MAX_PATH or len(parts) > MAX_DEPTH or "\\" in path:
        return False
    if any(ord(letter) < 32 or 0x7F <= ord(letter) <= 0x9F or 0xD800 <= ord(letter) <= 0xDFFF for letter in path):
        return False
    return all(part not in ("", ".", "..") and part.lower() != ".git" and len(part.encode()) <= 255 for part in parts)


def app_slug(candidates: Collection[str]) -> str | None:
    """The first of the names that makes a host label, spaces and dots become dashes."""
    for name in candidates:
        slug = re.sub(r"[^a-z0-9]+", "-", name.strip().lower().removesuffix(".git")).strip("-")
        if slug_problem(slug) is None:
            return slug
    return None


def url_problem(url: str) -> str | None:
    """Why an address is not imported (a stable code), judged by its text alone."""
    if not url or len(url) > MAX_URL or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url) or "\\" in url:
        return "malformed"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "malformed"
    if parts.scheme != "https":
        return "scheme"
    if "@" in parts.netloc:
        return "userinfo"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or parts.query or parts.fragment:
        return "malformed"
    return "port" if port not in (None, 443) else None


def host_of(url: str) -> str:
    """The host of an address `url_problem` found nothing wrong with."""
    return urlsplit(url).hostname or ""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when it hides an IPv4 address in an IPv6 one."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        is_isatap = int(ip) >> 32 & 0xFCFFFFFF == 0x5EFE
        if hidden is not None or ip.is_site_local or is_isatap:
            return False
    if any(ip in network for network in _INNER):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
