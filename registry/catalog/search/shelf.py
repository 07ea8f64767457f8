"""The filters of the list as links: one click adds a value or takes it away, with or without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from registry.catalog.search import words
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.find import SORTS

QUICK = (("used", "yes"), ("released", "yes"), ("needs", "-postgresql"))
"""What cities ask first, beside the list; the rest is in the column."""

MANY = 8
"""Values shown before "more"."""


@dataclass(frozen=True)
class Choice:
    """``count``: entries there would be with it; None where it is not told (a sort, an active filter)."""

    label: str
    url: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Facet:
    """``open``: shown without a click, because something in it is chosen or most people look there."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True)
class Shelf:
    """Everything beside the entries. ``active`` are the chosen values, each with the address without it."""

    quick: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    active: tuple[Choice, ...]
    sorts: tuple[Choice, ...]


@dataclass(frozen=True)
class Address:
    """Of the list: what is asked, without the page."""

    query: str
    filters: Filters
    sort: str = "best"

    def url(self, filters: Filters | None = None, sort: str | None = None) -> str:
        """With other filters or another sort; begins at the first page."""
        pairs = [("q", self.query)] if self.query else []
        pairs += (self.filters if filters is None else filters).pairs()
        sort = sort or self.sort
        return "/?" + urlencode(pairs + ([("sort", sort)] if sort != "best" else []))


def shelf(address: Address, counted: Mapping[str, Sequence[tuple[str, int]]], names: Mapping[str, str]) -> Shelf:
    """From the counts of `find.search`; ``names`` are cities by slug."""
    filters = address.filters

    def choice(facet: str, value: str, count: int | None) -> Choice:
        label = words.value(facet, value, names)
        return Choice(label, address.url(filters.toggled(facet, value)), value in filters.values(facet), count)

    quick = [choice(facet, value, dict(counted[facet]).get(value, 0)) for facet, value in QUICK]
    facets = []
    for name in FACETS:
        values = _values(name, counted[name], filters.values(name))
        if not values or (len(values) < 2 and not filters.values(name)) or name in ("used", "released"):
            continue
        choices = tuple(choice(name, value, count) for value, count in values)
        shown = max(MANY, sum(one.chosen for one in choices))
        opened = name in OPEN or bool(filters.values(name))
        facets.append(Facet(name, words.facet(name), choices[:shown], choices[shown:MOST], opened))
    active = tuple(choice(facet, value, None) for facet, value in filters.pairs())
    sorts = tuple(Choice(words.sort(one), address.url(sort=one), one == address.sort) for one in SORTS)
    return Shelf(tuple(quick), tuple(facets), active, sorts)


OPEN = ("dimension", "affair", "needs")
MOST = 60
"""Values shown at all: publishers and categories may be hundreds, and the search finds them, too."""


def _values(name: str, counted: Sequence[tuple[str, int]], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """The chosen ones first, also those that leave nothing; of needs first what runs without."""
    known = dict(counted)
    rest = [one for one in counted if one[0] not in chosen]
    if name == "needs":
        rest.sort(key=lambda one: not one[0].startswith("-"))
    return [*((value, known.get(value, 0)) for value in chosen), *rest]
