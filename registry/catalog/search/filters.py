"""What a visitor narrows the list by: facets with several values each, as they stand in addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FACETS = (
    "dimension", "affair", "audience", "category", "maturity", "licence", "runtime", "needs", "rating", "publisher",
    "used", "released",
)  # fmt: skip
"""In the order of the page. ``used``: at least one city runs it now; ``released``: it has a tested release; both know
only the value ``yes``."""

MAX_VALUES, LONGEST_VALUE = 20, 120


@dataclass(frozen=True)
class Filters:
    """Per facet the values wished: one of them must be there, none of those that begin with ``-``."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, **wishes: Iterable[str] | str) -> Filters:
        """From anything that came in an address; unknown facets are left out, the rest is bounded."""
        chosen: dict[str, tuple[str, ...]] = {}
        for facet in FACETS:
            given = wishes.get(facet, ())
            values = [given] if isinstance(given, str) else list(given)
            kept = tuple(dict.fromkeys(value[:LONGEST_VALUE] for value in values if value.strip("-")))[:MAX_VALUES]
            if kept:
                chosen[facet] = kept
        return cls(chosen)

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def values(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    def pairs(self) -> list[tuple[str, str]]:
        """As an address holds them, always in the same order."""
        return [(facet, value) for facet in FACETS for value in self.values(facet)]

    def toggled(self, facet: str, value: str) -> Filters:
        """With the value, or without it where it was chosen."""
        held = self.values(facet)
        kept = tuple(one for one in held if one != value) if value in held else (*held, value)
        return Filters.of(**{**self.chosen, facet: kept})
