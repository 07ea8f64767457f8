"""What entries are narrowed by: each value of a facet with the set of entries that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.sets import Sets, members

FEW = 1_000
"""Entries up to which their own values are counted, one by one; of more each value's set is looked at."""


MANY = 5_000
"""Values of a facet whose sets are kept as numbers: cities that publish are some hundreds."""


class Facets:
    """Grows only: entries are numbered as they come."""

    def __init__(self) -> None:
        self._sets = {facet: Sets(MANY) for facet in FACETS}
        self._codes: dict[tuple[str, str], int] = {}
        self._pairs: list[tuple[str, str]] = []
        self._of: list[tuple[int, ...]] = []

    def add(self, number: int, facets: Mapping[str, Sequence[str]]) -> None:
        codes = []
        for facet, values in facets.items():
            for value in dict.fromkeys(values):
                self._sets[facet].add(value, number)
                codes.append(self._code(facet, value))
        self._of.append(tuple(codes))

    def _code(self, facet: str, value: str) -> int:
        pair = (facet, value)
        if pair not in self._codes:
            self._codes[pair] = len(self._pairs)
            self._pairs.append(pair)
        return self._codes[pair]

    def values(self, facet: str) -> list[str]:
        return list(self._sets[facet].keys())

    def having(self, facet: str, value: str) -> int:
        return self._sets[facet].bits(value)

    def counted(self, among: int) -> dict[str, dict[str, int]]:
        """How many of ``among`` have each value, by facet; values nobody has are left out."""
        if among.bit_count() > FEW:
            return {facet: self.counted_by(facet, among) for facet in FACETS}
        found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        for code, count in Counter(chain.from_iterable(map(self._of.__getitem__, members(among)))).items():
            facet, value = self._pairs[code]
            found[facet][value] = count
        return found

    def counted_by(self, facet: str, among: int) -> dict[str, int]:
        """Of one facet."""
        counts = {value: (among & self.having(facet, value)).bit_count() for value in self.values(facet)}
        return {value: count for value, count in counts.items() if count}

    def narrowed(self, among: int, filters: Filters, but: str = "") -> int:
        """Those of ``among`` that pass the filters, all or all ``but`` one facet's."""
        for facet, values in filters.chosen.items():
            if facet == but:
                continue
            wished = [value for value in values if not value.startswith("-")]
            allowed = 0
            for value in wished:
                allowed |= self.having(facet, value)
            if wished:
                among &= allowed
            for value in values:
                if value.startswith("-"):
                    among &= self._without(facet, value)
        return among

    def _without(self, facet: str, value: str) -> int:
        """Of needs those known to do without; of another facet all that lack the value."""
        return self.having(facet, value) if facet == "needs" else ~self.having(facet, value[1:])
