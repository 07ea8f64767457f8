"""What somebody may mean who has typed a few letters: apps, categories, affairs, dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from registry.catalog.search import find
from registry.catalog.search.cards import faces
from registry.catalog.search.filters import Filters
from registry.catalog.search.lexicon import words
from registry.catalog.search.mark import mark
from registry.catalog.search.shelf import Address
from registry.catalog.search.store import Edition
from registry.catalog.search.words import value

APPS, CLASSES = 6, 4
SHORTEST = 2
KINDS = ("dimension", "affair", "category")


@dataclass(frozen=True)
class Suggestion:
    """``kind`` is "app" or a facet; ``shown`` is the label with the typed letters' words marked."""

    kind: str
    label: str
    shown: Markup
    note: str
    url: str


def suggest(held: Edition, typed: str) -> list[Suggestion]:
    """At most ten; nothing for less than two letters."""
    if len(typed) < SHORTEST:
        return []
    return [*islice(_apps(held, typed), APPS), *islice(_classes(held, typed), CLASSES)]


def _apps(held: Edition, typed: str) -> Iterator[Suggestion]:
    results = find.search(typed, held=held)
    for face in faces(held, results.ids[:APPS]):
        shown = face.name.mark(results.highlights)
        yield Suggestion("app", shown.striptags(), shown, face.publisher, face.url)


def _classes(held: Edition, typed: str) -> Iterator[Suggestion]:
    """Those with a word that begins like the last one typed, and that lead to some entry."""
    starts = words(typed)[-1:]
    for kind in KINDS:
        for code in held.index.facets.values(kind):
            label = value(kind, code, {})
            begun = frozenset(word for word in words(label) for start in starts if word.startswith(start))
            if begun and held.index.facets.having(kind, code) & held.index.alive:
                yield Suggestion(kind, label, mark(label, begun), "", Address("", Filters.of(**{kind: code})).url())
