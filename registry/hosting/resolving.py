"""Asking the machine's own name servers: through `registry.hosting.dns`, which loads this at its first use."""

from __future__ import annotations

import dns.exception
import dns.resolver

from registry.hosting.dns import DnsSilentError

SECONDS = 2.0
MAX_TEXTS = 20


class Resolver:
    """By the machine's own name servers."""

    def texts(self, name: str) -> list[str]:
        return [b"".join(record.strings).decode("utf-8", "replace") for record in _ask(name, "TXT")[:MAX_TEXTS]]

    def addresses(self, name: str) -> set[str]:
        return {record.address for kind in ("A", "AAAA") for record in _ask(name, kind)}


def _ask(name: str, kind: str) -> list:  # type: ignore[type-arg]
    try:
        return list(dns.resolver.resolve(f"{name}.", kind, lifetime=SECONDS, raise_on_no_answer=False))
    except dns.resolver.NXDOMAIN:
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise DnsSilentError(str(error)[:200]) from error
