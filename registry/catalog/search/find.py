"""Searching the catalog: a page of the list, the entries after a cursor, what to suggest while somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select

from registry.catalog import rules as catalog_rules
from registry.catalog.models import Adoption, App, Release
from registry.catalog.search.filters import Filters
from registry.catalog.search.index import Index
from registry.catalog.search.matching import Found, match
from registry.catalog.search.rules import Query
from registry.catalog.search.sets import members
from registry.catalog.search.store import Edition, catalog
from registry.catalog.search.understanding import understand
from registry.core.db import db
from registry.tenants.models import City

PAGE = 18
SORTS = ("best", "newest", "used", "name")
FEW = 2_000
"""Matches up to which they are sorted themselves; of more the whole catalog's order is walked."""

MAX_PHRASE_CHECKS = 2_000


@dataclass(frozen=True)
class Listed:
    """An app as the list shows it: its newest version ("" without a release), cities that use it, running now."""

    app: App
    version: str
    adopters: int
    running: int


@dataclass(frozen=True)
class Results:
    """One page of the list; numbers of pages begin at 1.

    ``facets``: per facet (value, count given the other facets), most frequent first. ``highlights`` are the words that
    matched, for `mark`. ``corrected``: (as typed, as meant). ``most``: some lack a word.
    """

    ids: tuple[int, ...]
    page: int
    pages: int
    total: int
    facets: dict[str, list[tuple[str, int]]]
    highlights: frozenset[str]
    corrected: tuple[tuple[str, str], ...]
    most: bool
    sort: str

    @property
    def items(self) -> tuple[Listed, ...]:
        return listed(self.ids)


@dataclass(frozen=True)
class Figures:
    apps: int
    cities: int
    running: int


def figures() -> Figures:
    """Of the whole programme, for the front page."""
    count = select(func.count())
    return Figures(
        apps=db.session.scalar(count.select_from(App)) or 0,
        cities=db.session.scalar(count.select_from(City).where(City.state == "admitted")) or 0,
        running=db.session.scalar(count.select_from(Adoption).where(Adoption.running)) or 0,
    )


def search(
    query: str = "", filters: Filters | None = None, page: int = 1, sort: str = "best", held: Edition | None = None
) -> Results:
    """Apps that match the words and the filters, best first unless another of ``SORTS`` is asked for.

    ``held``: the catalog, for who has looked at it already.
    """
    held, filters = held or catalog(), filters or Filters()
    asked, corrected = understand(held.index, held.speller, query)
    found = _matching(held, asked)
    kept = held.index.facets.narrowed(found.all, filters)
    total = kept.bit_count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    sort = sort if sort in SORTS else "best"
    numbers = islice(_in_order(held, found, kept, total, sort), (page - 1) * PAGE, page * PAGE)
    ids = tuple(held.index.lines[number].id for number in numbers)
    facets = _of_all(held) if not asked and not filters else count_facets(held.index, found.all, filters)
    return Results(ids, page, pages, total, facets, _wanted(held.index, asked), corrected, found.most, sort)


def after(query: str, filters: Filters, cursor: str, limit: int, since: datetime | None = None) -> tuple[Listed, ...]:
    """For programs: matches in the order of their slug, those behind ``cursor``; the order holds while apps come.

    With ``since`` only apps that were renewed then or later.
    """
    held = catalog()
    asked, _corrected = understand(held.index, held.speller, query)
    kept = held.index.facets.narrowed(_matching(held, asked).all, filters)
    order = held.index.from_slug(held.order("slug"), cursor)
    ids = (held.index.lines[number].id for number in _among(order, kept))
    if since is not None:
        renewed = set(db.session.scalars(select(App.id).where(App.updated_at >= since)))
        ids = (app_id for app_id in ids if app_id in renewed)
    return listed(list(islice(ids, limit)))


def _matching(held: Edition, query: Query) -> Found:
    found = match(held.index, query)
    for phrase in query.phrases:
        found = replace(found, all=_with_phrase(held.index, found, phrase))
    return found


def _with_phrase(index: Index, found: Found, phrase: Sequence[str]) -> int:
    """The best matches whose texts have these words side by side."""
    if len(phrase) < 2:
        return found.all
    numbers = {index.lines[n].id: n for n in islice(found.best_first(found.all), MAX_PHRASE_CHECKS)}
    side_by_side = r"\W+".join(re.escape(word) for word in phrase)
    told = func.lower(App.name + " " + App.facts["description"].astext)
    ids = db.session.scalars(select(App.id).where(App.id.in_(numbers), told.regexp_match(rf"\m{side_by_side}")))
    return sum(1 << numbers[app_id] for app_id in ids)


def _in_order(held: Edition, found: Found, kept: int, total: int, sort: str) -> Iterator[int]:
    if sort == "best":
        yield from found.best_first(kept)
    elif total <= FEW:
        yield from sorted(members(kept), key=held.index.sort_key(sort))
    else:
        yield from _among(held.order(sort), kept)


def _among(order: Iterable[int], kept: int) -> Iterator[int]:
    """Those of an order that are in the set."""
    flags = kept.to_bytes(kept.bit_length() // 8 + 1, "little")
    last = len(flags) * 8
    return (number for number in order if number < last and flags[number >> 3] >> (number & 7) & 1)


def count_facets(index: Index, found: int, filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """How many of the matches each value would leave, given the other facets."""
    counted = index.facets.counted(index.facets.narrowed(found, filters))
    for facet in filters.chosen:
        counted[facet] = index.facets.counted_by(facet, index.facets.narrowed(found, filters, but=facet))
    return {facet: sorted(counts.items(), key=lambda one: (-one[1], one[0])) for facet, counts in counted.items()}


def _of_all(held: Edition) -> dict[str, list[tuple[str, int]]]:
    return held.kept("facets of all", lambda: count_facets(held.index, held.index.alive, Filters()))


def _wanted(index: Index, query: Query) -> frozenset[str]:
    """Every word of an entry that may be why it was found."""
    return frozenset().union(*[index.scored(term).words for term in query.terms])


def listed(ids: Sequence[int]) -> tuple[Listed, ...]:
    """These apps, in this order, with what the list tells of each; three queries however many."""
    apps = {app.id: app for app in db.session.scalars(select(App).where(App.id.in_(ids)))}
    versions: dict[int, list[str]] = {}
    for app_id, version in db.session.execute(
        select(Release.app_id, Release.version).where(Release.app_id.in_(ids), Release.yanked_at.is_(None))
    ):
        versions.setdefault(app_id, []).append(version)
    counts = {
        app_id: (cities, running)
        for app_id, cities, running in db.session.execute(
            select(Adoption.app_id, func.count(), func.count().filter(Adoption.running))
            .where(Adoption.app_id.in_(ids))
            .group_by(Adoption.app_id)
        )
    }
    return tuple(
        Listed(apps[key], catalog_rules.newest(versions.get(key, ())) or "", *counts.get(key, (0, 0)))
        for key in ids
        if key in apps
    )
