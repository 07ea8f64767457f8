"""What the list needs of an entry, made from its publiccode.yml."""

from __future__ import annotations

from registry.catalog.models import App
from registry.catalog.search.classes import classify
from registry.catalog.search.terms import terms


def derive(app: App) -> None:
    """After ``slug`` and ``facts`` are set: audience, words of the search, dimensions and affairs."""
    app.audience = list((app.facts.get("intendedAudience") or {}).get("scope") or ())
    app.terms = terms(app.slug, app.facts)
    classify(app)
