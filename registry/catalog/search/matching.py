"""Which entries a question finds, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.catalog.search.index import Index
from registry.catalog.search.rules import Query
from registry.catalog.search.sets import Scores, members


@dataclass(frozen=True)
class Found:
    """Entries that match, as a set, with what is needed to put the best first. ``most``: not every word is there."""

    all: int
    scores: Scores
    most: bool = False

    def best_first(self, among: int) -> Iterator[int]:
        for group in self.scores.best_first(among):
            yield from members(group)


def match(index: Index, query: Query) -> Found:
    """Entries with all the words; where none has, those with most of them."""
    alive, scores, counts = index.alive, Scores(), Scores()
    for term in query.terms:
        levels = index.levels(term)
        union = 0
        for bits in levels.values():
            union |= bits
        weight = _weight((union & alive).bit_count(), alive.bit_count())
        scores.add({max(1, round(points * weight)): bits for points, bits in levels.items()})
        counts.add({1: union})
    for points, bits in index.standing().items():
        scores.add({points: bits})
    for word in query.without:
        alive &= ~index.having(word)
    wanted, least = len(query.terms), _enough(len(query.terms))
    for needed in range(least, 0, -1):
        if found := counts.at_least(alive, needed):
            return Found(found, scores, most=not counts.at_least(alive, wanted))
    return Found(0 if query.terms else alive, scores)


def _enough(terms: int) -> int:
    """How many of the words must be there at first: all of two, two of three, three of four."""
    return terms - terms // 3


def _weight(having: int, size: int) -> float:
    """A rare word tells more: from 1 for a word of all entries to 2 for a word of one."""
    if having < 1 or size < 2:
        return 1.0
    return 2.0 - having.bit_length() / size.bit_length()
