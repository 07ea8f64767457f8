"""An address that names no app: what its visitor may have meant."""

from __future__ import annotations

from registry.catalog.models import App
from registry.catalog.search import find
from registry.catalog.search.rules import tidy
from registry.catalog.search.store import catalog

MOST = 4


def near(slug: str) -> list[App]:
    """Apps that the search finds for the words of a name in addresses, best first; it forgives wrong letters."""
    words = tidy(slug.replace("-", " "))
    return [one.app for one in find.listed(find.search(words, held=catalog()).ids[:MOST])] if words else []
