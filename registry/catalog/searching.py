"""Finding apps: by the words of both languages, nearly the name, and filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select

from registry.catalog import rules
from registry.catalog.models import Adoption, App, Release
from registry.catalog.rules import Filters
from registry.core.db import db
from registry.tenants.models import City

PAGE = 24
MAX_QUERY = 200
ALIKE, FAINT = 0.42, 0.3
"""Word similarity (pg_trgm) from which a misspelt word counts beside real hits, and where there is no other hit."""


@dataclass(frozen=True)
class Listed:
    """An app as the list shows it: its newest version ("" without a release), cities that use it, running now."""

    app: App
    version: str
    adopters: int
    running: int


@dataclass(frozen=True)
class Results:
    """One page of the list. ``facets`` count what each choice would leave; numbers of pages begin at 1."""

    items: tuple[Listed, ...]
    page: int
    pages: int
    total: int
    facets: dict[str, list[tuple[str, int]]]


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


def search(query: str = "", filters: Filters | None = None, page: int = 1) -> Results:
    """Apps that match the words (stems of both languages, or nearly the name) and the filters, best first."""
    filters = filters or Filters()
    rows = _rows(query)
    kept = [row.id for row in rows if filters.fits(row.maturity, row.licence, row.categories)]
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(1, page), pages)
    items = listed(kept[(page - 1) * PAGE : page * PAGE])
    facets = rules.count_facets([(row.maturity, row.licence, row.categories) for row in rows], filters)
    return Results(items, page, pages, len(kept), facets)


def after(query: str, filters: Filters, slug: str, limit: int) -> tuple[Listed, ...]:
    """For programs: matches in the order of their slug, those behind ``slug``; the order holds while apps come."""
    rows = _rows(query)
    kept = [row for row in rows if row.slug > slug and filters.fits(row.maturity, row.licence, row.categories)]
    return listed([row.id for row in sorted(kept, key=lambda row: row.slug)[:limit]])


def _rows(query: str) -> Sequence[Row[int, str, str, str, list[str]]]:
    """Of every match: id, slug, maturity, licence, categories; best first."""
    words = " ".join(query.replace("\0", " ").split())[:MAX_QUERY]
    rows = db.session.execute(_matching(words, ALIKE)).all()
    return rows or db.session.execute(_matching(words, FAINT)).all()


def _matching(words: str, least: float) -> Select[int, str, str, str, list[str]]:
    found = select(App.id, App.slug, App.maturity, App.licence, App.categories)
    used = select(func.count()).where(Adoption.app_id == App.id, Adoption.running).scalar_subquery()
    if not words:
        return found.order_by(used.desc(), func.lower(App.name), App.id)
    wanted: ColumnElement[Any] = func.websearch_to_tsquery("simple", words)
    for language in ("indonesian", "english"):
        wanted = wanted.op("||")(func.websearch_to_tsquery(language, words))
    alike = func.word_similarity(literal(words.lower()), App.near)
    rank = func.ts_rank_cd(App.search, wanted) + alike
    match = or_(App.search.op("@@")(wanted), alike >= least)
    return found.where(match).order_by(rank.desc(), used.desc(), func.lower(App.name), App.id)


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
    return tuple(Listed(apps[key], rules.newest(versions.get(key, ())) or "", *counts.get(key, (0, 0))) for key in ids)
