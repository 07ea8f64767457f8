"""What DNS says of a host name, with little patience: asked by a page, a person waits."""

from __future__ import annotations

from typing import Protocol

from flask import current_app

from registry.loading import when_needed

EXTENSION = "hosting.dns"
RESOLVER = "registry.hosting.resolving:Resolver"


class DnsSilentError(Exception):
    """No name server answered: that says nothing about the name."""


class Dns(Protocol):
    def texts(self, name: str) -> list[str]:
        """TXT records; none when there are none. Raises DnsSilentError."""

    def addresses(self, name: str) -> set[str]:
        """A and AAAA, behind any CNAME; none when there are none. Raises DnsSilentError."""


def resolver() -> Dns:
    """The application's: a test may put another in its place (``app.extensions["hosting.dns"]``)."""
    known = current_app.extensions
    if EXTENSION not in known:
        known[EXTENSION] = when_needed(RESOLVER)()
    found: Dns = known[EXTENSION]
    return found
