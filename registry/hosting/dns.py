"""What DNS says of a host name, with little patience: asked by a page, a person waits."""

from __future__ import annotations

from typing import Protocol

import dns.exception
import dns.resolver
from flask import current_app

EXTENSION = "hosting.dns"
SECONDS = 2.0
MAX_TEXTS = 20


class DnsSilentError(Exception):
    """No name server answered: that says nothing about the name."""


class Dns(Protocol):
    def texts(self, name: str) -> list[str]:
        """TXT records; none when there are none. Raises DnsSilentError."""

    def addresses(self, name: str) -> set[str]:
        """A and AAAA, behind any CNAME; none when there are none. Raises DnsSilentError."""


class Resolver:
    """By the machine's own name servers."""

    def texts(self, name: str) -> list[str]:
        return [b"".join(record.strings).decode("utf-8", "replace") for record in _ask(name, "TXT")[:MAX_TEXTS]]

    def addresses(self, name: str) -> set[str]:
        return {record.address for kind in ("A", "AAAA") for record in _ask(name, kind)}


def resolver() -> Dns:
    """The application's: a test may put another in its place (``app.extensions["hosting.dns"]``)."""
    found: Dns = current_app.extensions.setdefault(EXTENSION, Resolver())
    return found


def _ask(name: str, kind: str) -> list:  # type: ignore[type-arg]
    try:
        return list(dns.resolver.resolve(f"{name}.", kind, lifetime=SECONDS, raise_on_no_answer=False))
    except dns.resolver.NXDOMAIN:
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise DnsSilentError(str(error)[:200]) from error
