"""The filters of the list as links: one click adds a value or takes it away, with or without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote_plus, urlencode

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup, escape
from sqlalchemy import select

from registry.catalog.models import App
from registry.catalog.search import words
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.find import SORTS
from registry.catalog.search.store import Edition
from registry.core.db import db
from registry.tenants.models import City

QUICK = (("used", "yes"), ("released", "yes"), ("needs", "-postgresql"))
"""What cities ask first, beside the list; the rest is in the column."""

OPEN = ("dimension", "affair", "needs")
"""Facets most people look into."""

MANY, MOST = 8, 60
"""Values shown before "more", and at all: publishers may be hundreds, and the search finds them, too."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``count``: entries there would be with it; 0 where that is not told (a sort, an active filter)."""

    label: str
    url: str
    chosen: bool
    count: int = 0


@dataclass(frozen=True)
class Shelf:
    """Everything beside the entries, as HTML. ``chips`` are the ``active`` many chosen values, each with the address
    without it; ``tools`` are quick filters and sorts.
    """

    facets: str
    active: int
    chips: str
    tools: str


@dataclass(frozen=True)
class Address:
    """Of the list: what is asked, without the page."""

    query: str
    filters: Filters
    sort: str = "best"

    def url(self, filters: Filters | None = None, sort: str | None = None) -> str:
        """With other filters or another sort; begins at the first page."""
        pairs = self._asked if filters is None else _encoded(self.query, filters)
        sort = sort or self.sort
        return "/?" + "&".join([*pairs, *([f"sort={quoted(sort)}"] if sort != "best" else [])])

    @cached_property
    def _asked(self) -> list[str]:
        return _encoded(self.query, self.filters)

    def toggled(self, facet: str, value: str) -> str:
        return self.url(self.filters.toggled(facet, value))

    def around(self, facet: str) -> tuple[str, str]:
        """What stands before and after one more value of a facet in an address that adds it, as HTML."""
        place = FACETS.index(facet)
        before = "".join([f"{pair}&amp;" for at, pair in self._pairs if at <= place])
        after = "".join([f"&amp;{pair}" for at, pair in self._pairs if at > place])
        return f"/?{before}{facet}=", after

    @cached_property
    def _pairs(self) -> list[tuple[int, str]]:
        """Each as it stands in an address, with the place of its facet: the words come first, the sort last."""
        pairs = [(-1, ("q", self.query))] if self.query else []
        pairs += [(FACETS.index(pair[0]), pair) for pair in self.filters.pairs()]
        pairs += [(len(FACETS), ("sort", self.sort))] if self.sort != "best" else []
        return [(at, escape(urlencode([pair]))) for at, pair in pairs]


def _encoded(query: str, filters: Filters) -> list[str]:
    return [urlencode([pair]) for pair in [*([("q", query)] if query else []), *filters.pairs()]]


TEMPLATE, GAP = "catalog/shelf.html", "\ufdd0"
"""The gap stands where a choice's own values go: a character no text may have."""

quoted = lru_cache(maxsize=2000)(quote_plus)


class Names:
    """What facets, values and sorts are called in one language: asked for often, so kept while the catalog is."""

    def __init__(self) -> None:
        wanted = select(City.slug, City.name).where(City.id.in_(select(App.publisher_id)))
        self._publishers = dict(db.session.execute(wanted).tuples().all())
        self._values: dict[tuple[str, str], Markup] = {}
        self.choice = str(get_template_attribute(TEMPLATE, "choice")(GAP, GAP, GAP)).split(GAP)
        self._facets: dict[tuple[str, bool, bool], list[str]] = {}
        self.sorts = {sort: words.sort(sort) for sort in SORTS}

    def of(self, facet: str, value: str) -> Markup:
        known = self._values.get((facet, value))
        if known is None:
            known = escape(words.value(facet, value, self._publishers))
            if len(self._values) < MAX_NAMES:
                self._values[facet, value] = known
        return known

    def facet(self, facet: str, opened: bool, more: bool) -> list[str]:
        """What stands around its values, and around those that are folded away when there are ``more``."""
        key = (facet, opened, more)
        if key not in self._facets:
            hidden = GAP if more else ""
            drawn = get_template_attribute(TEMPLATE, "facet")(words.facet(facet), opened, GAP, hidden, hidden)
            self._facets[key] = str(drawn).split(GAP)
        return self._facets[key]


MAX_NAMES = 5_000
"""Values named at all: strangers may ask for any."""


def shelf(held: Edition, address: Address, counted: Mapping[str, Sequence[tuple[str, int]]]) -> Shelf:
    """From the counts of `find.search`. That of the whole catalog is the same for all."""
    if address == Address("", Filters()):
        return held.kept(f"shelf {get_locale()}", lambda: _shelf(held, address, counted))
    return _shelf(held, address, counted)


def _shelf(held: Edition, address: Address, counted: Mapping[str, Sequence[tuple[str, int]]]) -> Shelf:
    names = held.kept(f"names {get_locale()}", Names)
    chosen = address.filters
    quick = [
        Choice(names.of(facet, value), address.toggled(facet, value), False, count)
        for facet, value in QUICK
        if value not in chosen.values(facet) and (count := dict(counted[facet]).get(value, 0))
    ]
    facets = [_facet(names, address, facet, counted[facet]) for facet in FACETS if _tells(facet, counted, chosen)]
    active = [Choice(names.of(*pair), address.toggled(*pair), True) for pair in chosen.pairs()]
    sorts = [Choice(name, address.url(sort=sort), sort == address.sort) for sort, name in names.sorts.items()]
    chips = _drawn("chips", active) if active else ""
    return Shelf("".join(facets), len(active), chips, _drawn("tools", quick, sorts))


def _tells(facet: str, counted: Mapping[str, Sequence[tuple[str, int]]], chosen: Filters) -> bool:
    """A facet of one value chooses nothing; those that know only "yes" are among the quick ones."""
    if facet in ("used", "released"):
        return False
    return len(counted[facet]) > 1 or bool(chosen.values(facet))


def _facet(names: Names, address: Address, facet: str, counted: Sequence[tuple[str, int]]) -> str:
    """The chosen values first, also those that leave nothing; of needs then what runs without.

    Open when something in it is chosen, or most people look there.
    """
    held = address.filters.values(facet)
    rest = [one for one in counted if one[0] not in held]
    if facet == "needs":
        rest.sort(key=lambda one: not one[0].startswith("-"))
    chosen = [_drawn("chosen", address.toggled(facet, value), names.of(facet, value)) for value in held]
    start, middle, between, end = names.choice
    before, after = address.around(facet)
    start, middle = f"{start}{before}", f"{after}{middle}"
    drawn = [
        f"{start}{quoted(value)}{middle}{names.of(facet, value)}{between}{count}{end}" for value, count in rest[:MOST]
    ]
    shown = max(0, MANY - len(held))
    hidden = drawn[shown:]
    pieces = names.facet(facet, facet in OPEN or bool(held), bool(hidden))
    values = ["".join([*chosen, *drawn[:shown]]), str(len(hidden)), "".join(hidden)]
    return "".join([piece for pair in zip(pieces[:-1], values, strict=False) for piece in pair]) + pieces[-1]


def _drawn(macro: str, *values: object) -> Markup:
    drawn: Markup = get_template_attribute(TEMPLATE, macro)(*values)
    return drawn


def hidden(address: Address) -> Markup:
    """The filters and the sort as hidden fields, so that other words keep them."""
    kept = [*address.filters.pairs(), *([("sort", address.sort)] if address.sort != "best" else [])]
    return Markup("").join(_drawn("hidden", *pair) for pair in kept)
