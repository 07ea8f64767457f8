"""Which addresses of other machines may be asked when somebody else names them. Pure but for `resolve`."""

from __future__ import annotations

import ipaddress
import socket

_INNER = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b::/96", "3fff::/20")
)
"""Not the public internet, though the standard library takes them for it: protocols' own addresses (one cloud has its
metadata there), relays and translators to IPv4, the host agent of another cloud, documentation.
"""


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


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine's resolver knows it now. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return sorted({str(one[4][0]) for one in found})
