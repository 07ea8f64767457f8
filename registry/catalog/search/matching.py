"""Which entries a question finds, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.catalog.search.index import Index
from registry.catalog.search.rules import Query
from registry.catalog.search.sets import Scores, members

FEW = 3
"""Entries below which the search is less strict."""


@dataclass(frozen=True)
class Found:
    """Entries that match, as a set, with what is needed to put the best first. ``most``: some lack a word."""

    all: int
    most: bool
    scores: Scores

    def best_first(self, among: int) -> Iterator[int]:
        for group in self.scores.best_first(among):
            yield from members(group)


def match(index: Index, query: Query) -> Found:
    """Entries with the words, and a score for each: where the words stand, how rare they are, how the entry stands."""
    alive, scores, counts = index.alive, Scores(index.standing()), Scores()
    for term in query.terms:
        scored = index.scored(term)
        scores.plus(scored.planes)
        counts.plus([scored.all])
    for word in query.without:
        alive &= ~index.having(word)
    return Found(*_enough(counts, alive, len(query.terms)), scores) if query.terms else Found(alive, False, scores)


def _enough(counts: Scores, among: int, terms: int) -> tuple[int, bool]:
    """Those with nearly all the words (all of two, two of three, three of four); when they are too few to choose
    from, those with half of them, too. Whether some lack a word is the second value."""
    needed, found = terms - terms // 3, counts.at_least(among, terms - terms // 3)
    while found.bit_count() < FEW and needed > -(-terms // 2):
        needed -= 1
        found = counts.at_least(among, needed)
    return found, found != counts.at_least(among, terms)
